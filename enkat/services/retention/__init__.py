"""Retention: how long each kind of record is kept, its erasure with a protocol, and holds that stop it."""
