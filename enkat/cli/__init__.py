"""The `enkat` command: one file per command group."""
