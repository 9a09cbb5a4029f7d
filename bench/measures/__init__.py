"""What is measured: one file per kind of figure, each with `measure() -> list[Figure]`."""
