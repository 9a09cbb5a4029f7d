"""The audit log: recording, reading, verifying and erasing details."""
