"""An attacker who subtracts cannot find a small group in what disclosure control lets through."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from enkat.statistics.disclosure import MARKS, Cells, Family, Mark, pattern

THRESHOLD = 5
UNITS_AT = 10


@st.composite
def cities(draw: st.DrawFn) -> tuple[Cells, list[Family], int]:
    """Give a city of districts of units, everybody and "without proxies", with the pairs' differences."""
    sizes = draw(st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=4), min_size=1, max_size=4))
    units = [size for district in sizes for size in district]
    everybody = np.array(units)
    without = np.array([draw(st.integers(0, size)) if draw(st.booleans()) else size for size in units])
    layers, families, start = [], [], 0
    layout = []
    for layer in (everybody, without, everybody - without):
        at, values, children = start + 1 + len(sizes), [], []
        districts = []
        for number, district in enumerate(sizes):
            members = list(range(at, at + len(district)))
            at += len(district)
            children.append(start + 1 + number)
            families.append(Family(start + 1 + number, members))
            districts.append(members)
        families.append(Family(start, children))
        offset = 0
        totals = []
        for district in sizes:
            totals.append(int(layer[offset : offset + len(district)].sum()))
            offset += len(district)
        values = [int(layer.sum()), *totals, *layer.tolist()]
        layers.append(values)
        layout.append(start)
        start = at
    nodes = len(layers[0])
    families += [Family(i, [nodes + i, 2 * nodes + i]) for i in range(nodes)]
    n = np.array([value for layer in layers for value in layer])[:, None]
    jitter = draw(st.integers(0, 2))
    counts = np.hstack([n, np.maximum(n - jitter, 0)])
    cells = Cells(
        answered=counts,
        positive=counts,
        asked=np.ones_like(counts, dtype=bool),
        clients=np.ones(len(n), dtype=np.int64),
        blocks=np.array([0, 0]),
        differences=np.repeat([False, False, True], nodes),
    )
    return cells, families, nodes


def hidden_of(cells: Cells, families: list[Family]) -> np.ndarray:
    return pattern(cells, families, threshold=THRESHOLD) == MARKS.index(Mark.SUPPRESSED)


@settings(max_examples=60)
@given(cities())
def test_no_small_group_is_shown(city: tuple[Cells, list[Family], int]):
    cells, families, _ = city
    hidden = hidden_of(cells, families)
    small = (cells.answered < THRESHOLD) & ~cells.differences[:, None]
    assert hidden[small].all()


@settings(max_examples=60)
@given(cities())
def test_questions_of_a_block_stand_or_fall_together(city: tuple[Cells, list[Family], int]):
    cells, families, _ = city
    hidden = hidden_of(cells, families)
    assert (hidden[:, 0] == hidden[:, 1]).all()


@settings(max_examples=60)
@given(cities())
def test_no_family_has_one_hidden_member_or_a_small_hidden_rest(city: tuple[Cells, list[Family], int]):
    cells, families, _ = city
    hidden = hidden_of(cells, families)
    for family in families:
        children = np.array(family.children)
        gone = children[hidden[children, 0]]
        if not hidden[family.parent, 0] and gone.size:
            assert gone.size >= 2
            assert cells.answered[gone, 0].sum() >= THRESHOLD
        if hidden[family.parent, 0]:
            assert gone.size


@settings(max_examples=60)
@given(cities())
def test_a_pairs_small_difference_cannot_be_found(city: tuple[Cells, list[Family], int]):
    cells, families, nodes = city
    hidden = hidden_of(cells, families)
    for node in range(nodes):
        difference = cells.answered[node, 0] - cells.answered[nodes + node, 0]
        if 1 <= difference < THRESHOLD:
            assert hidden[node, 0] or hidden[nodes + node, 0]
