"""Exact coverage of the unit's interval for every M at every N, with and without "vet inte"; and a table of methods."""

import argparse
import sys

from bench.figures import Figure, write
from bench.proofs._coverage import RATES, Worst, least_coverage, least_coverage_with_unknown, method_table

LARGEST = 300
LEAST = 95.0
ROUNDING = 1e-10


def _missed(worst: Worst, what: str, budget: float | None = 100 - LEAST) -> Figure:
    where = f"N = {worst.population}, {worst.rate:.0%} answer, {worst.unknown} do not know, {worst.positive} positive"
    return Figure(what, f"most often missed: {where}", 100 * (1 - worst.coverage) - ROUNDING, "%", budget)


def main() -> None:
    """Work out everything, write the result."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--largest", type=int, default=LARGEST)
    largest = arguments.parse_args().largest
    figures = [
        _missed(least_coverage(largest), f"every M, N ≤ {largest}"),
        _missed(least_coverage_with_unknown(largest), f"every M and every number who do not know, N ≤ {largest}"),
        _missed(
            least_coverage_with_unknown(largest, shift=0),
            "the same without moving the limits a client outward (control)",
            budget=None,
        ),
    ]
    for row in method_table(largest):
        figures += [
            Figure(row.name, "mean coverage, shares .60–.95", row.mean, ""),
            Figure(row.name, "least coverage", row.least, ""),
            Figure(row.name, "mean width", row.width, ""),
            Figure(row.name, "N ≤ 30: least coverage", row.small_least, ""),
            Figure(row.name, "N ≤ 30: mean width", row.small_width, ""),
        ]
    for figure in figures:
        print(figure.line())
    if largest >= LARGEST:
        rates = ", ".join(f"{rate:.0%}" for rate in RATES)
        write("intervals", figures, f"Exact, nothing drawn at random; {rates} of the clients answer; level 95 %.")
    if not all(figure.held for figure in figures):
        sys.exit(1)


if __name__ == "__main__":
    main()
