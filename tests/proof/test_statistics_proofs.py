"""The small form of the statistics' proofs; `make proof` runs the long one (bench/proofs)."""

import json
from pathlib import Path

import pytest

from bench.proofs._coverage import exact_coverage, least_coverage, least_coverage_with_unknown
from bench.proofs.null_rounds import LIMIT, count_flagged
from enkat.demo.cities import CITIES
from enkat.statistics.intervals import IntervalName

ROOT = Path(__file__).parents[2]
LEAST = 0.95


def test_the_units_interval_covers_every_truth():
    worst = least_coverage(150)
    assert worst.coverage >= LEAST - 1e-12
    assert worst.coverage < LEAST + 1e-3  # no wider than it must be


def test_it_covers_every_truth_where_some_do_not_know_because_the_limits_move():
    assert least_coverage_with_unknown(36).coverage >= LEAST - 1e-12
    assert least_coverage_with_unknown(36, shift=0).coverage < LEAST


def test_a_naive_interval_does_not_cover():
    assert min(one.coverage.min() for one in exact_coverage(IntervalName.MEAN, 20, 8)) < 0.5
    assert min(one.coverage.min() for one in exact_coverage(IntervalName.MID_P, 60, 8)) == pytest.approx(0.9, abs=0.01)


@pytest.mark.parametrize(("city", "rounds"), [("kommun14", 100), ("stad110", 40)])
def test_units_that_are_alike_are_not_marked(city: str, rounds: int):
    counts = count_flagged(CITIES[city](), rounds)
    assert counts["rule"] <= LIMIT / 100 * rounds
    assert counts["holm"] <= counts["rule"]
    assert counts["naive"] >= 0.95 * rounds


def test_the_table_of_methods_in_the_docs_is_that_of_the_proof():
    figures = json.loads((ROOT / "bench" / "results" / "intervals.json").read_text(encoding="utf-8"))["figures"]
    text = (ROOT / "docs" / "explanation" / "methods.md").read_text(encoding="utf-8")
    written = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0].strip("`") in list(IntervalName):
            written[cells[0].strip("`")] = cells[1:]
    proved = {name: [f["value"] for f in figures if f["group"] == name.value] for name in IntervalName}
    assert written == {name: [f"{value:.3f}".replace(".", ",") for value in values] for name, values in proved.items()}
