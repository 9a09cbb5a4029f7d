"""Measures what is named on the command line, or everything, and writes bench/results. Run it with `make bench`."""

import importlib
import os
import sys
import time

from bench.figures import Figure, write

MEASURES = (
    "pages",
    "weight",
    "crowd",
    "growth",
    "results",
    "letters",
    "imports",
    "microdata",
    "tally",
    "analyse",
    "disclosure",
)


def measure(name: str) -> list[Figure]:
    """Run one measure, print its figures and write them."""
    begun = time.monotonic()
    print(f"== {name}", flush=True)
    found: list[Figure] = importlib.import_module(f"bench.measures.{name}").measure()
    for figure in found:
        print(figure.line(), flush=True)
    spent = time.monotonic() - begun
    load = os.getloadavg()[1]
    write(
        name,
        found,
        f"{spent:.0f} s; CPU time of the servers' own processes. Load of the {os.cpu_count()} cores: {load:.0f}.",
    )
    return found


def main() -> int:
    """Run the measures; 1 when a budget is not kept."""
    chosen = sys.argv[1:] or MEASURES
    figures = [figure for name in chosen for figure in measure(name)]
    lost = [figure for figure in figures if not figure.held]
    print(f"{len(figures) - len(lost)} figures hold, {len(lost)} do not.")
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main())
