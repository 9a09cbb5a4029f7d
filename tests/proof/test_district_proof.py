"""The small form of the proof of districts; `make proof` takes more pairs of units."""

from bench.proofs.districts import enumerate_all


def test_a_district_of_units_that_are_alike_is_covered():
    """What the description of the method says: bad only where the units lie at opposite ends."""
    figures = {(figure.group, figure.name): figure.value for figure in enumerate_all(((12, 40), (20, 60)))}
    alike = "shares within 20 points of each other"
    assert figures[alike, "mean coverage"] > 0.96
    assert figures[alike, "least coverage"] > 0.88
    assert figures["any two units", "mean coverage"] > 0.95
