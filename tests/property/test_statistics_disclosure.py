"""An attacker who subtracts cannot find a small group in what disclosure control lets through."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from enkat.statistics.disclosure.marks import MARKS, Cells, Mark, pattern
from enkat.statistics.disclosure.suppression import Family, Split

THRESHOLD = 5
HIDDEN = MARKS.index(Mark.SUPPRESSED)


@st.composite
def cities(draw: st.DrawFn) -> tuple[Cells, list[Family], list[Split], int]:
    """Give a city of districts and forms of units, everybody and "without proxies"."""
    districts = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    units = sum(districts)
    everybody = np.array(draw(st.lists(st.integers(0, 40), min_size=units, max_size=units)))
    proxies = np.array([draw(st.sampled_from((0, 0, 1, 3, 6, 12))) for _ in range(units)])
    proxies = np.minimum(proxies, everybody)
    district_of = np.repeat(np.arange(len(districts)), districts)
    form_of = np.array(draw(st.lists(st.integers(0, 1), min_size=units, max_size=units)))

    def layer(values: np.ndarray) -> list[int]:
        by_district = [int(values[district_of == d].sum()) for d in range(len(districts))]
        by_form = [int(values[form_of == f].sum()) for f in range(2)]
        return [int(values.sum()), *by_district, *by_form, *values.tolist()]

    size = 3 + len(districts) + units
    families, splits = [], []
    rests = layer(proxies)
    for start in (0, size):
        first_form, first = start + 1 + len(districts), start + 3 + len(districts)
        families.append(Family(start, range(start + 1, first_form)))
        families.append(Family(start, range(first_form, first)))
        families += [
            Family(start + 1 + d, (first + np.flatnonzero(district_of == d)).tolist()) for d in range(len(districts))
        ]
        families += [Family(first_form + f, (first + np.flatnonzero(form_of == f)).tolist()) for f in range(2)]
    splits = [Split(node, [size + node], np.array([rests[node]] * 2)) for node in range(size)]
    n = np.array([*layer(everybody), *layer(everybody - proxies)])
    counts = np.stack([n, np.maximum(n - draw(st.integers(0, 2)), 0)], axis=1)
    asked = np.ones_like(counts, dtype=bool)
    return Cells(counts, counts, asked, np.ones(len(n), dtype=np.int64), np.array([0, 0])), families, splits, size


@settings(max_examples=80)
@given(cities())
def test_nothing_small_is_shown_or_can_be_subtracted(city: tuple[Cells, list[Family], list[Split], int]):
    cells, families, splits, _ = city
    found = pattern(cells, families, splits, threshold=THRESHOLD)
    assert ((found[:, 0] == HIDDEN) == (found[:, 1] == HIDDEN)).all()
    hidden = found[:, 0] == HIDDEN
    assert hidden[(cells.answered < THRESHOLD).any(axis=1)].all()
    for family in families:
        children = np.array(family.children, dtype=np.int64)
        gone = children[hidden[children]]
        if gone.size and not hidden[family.parent]:
            assert gone.size >= 2
            assert cells.answered[gone, 0].sum() >= THRESHOLD
        if hidden[family.parent] and children.size:
            assert gone.size
    for split in splits:
        assert not (hidden[split.whole] and not hidden[list(split.parts)].all())
        if 1 <= split.rest[0] < THRESHOLD:
            assert hidden[list(split.parts)].all()


@settings(max_examples=80)
@given(cities())
def test_no_combination_gives_a_small_group_exactly(city: tuple[Cells, list[Family], list[Split], int]):
    """Linear algebra over everything shown: no hidden small count and no small difference is determined."""
    cells, families, splits, size = city
    hidden = pattern(cells, families, splits, threshold=THRESHOLD)[:, 0] == HIDDEN
    leaves = sorted(set(range(2 * size)) - {family.parent for family in families if family.children})
    rows = _over_leaves(families, leaves, 2 * size)
    shown = rows[~hidden]
    rank = np.linalg.matrix_rank(shown) if shown.size else 0
    secrets = [rows[node] for node in np.flatnonzero(hidden) if 1 <= cells.answered[node, 0] < THRESHOLD]
    secrets += [rows[s.whole] - rows[s.parts[0]] for s in splits if 1 <= s.rest[0] < THRESHOLD]
    for secret in secrets:
        assert np.linalg.matrix_rank(np.vstack([shown, secret])) > rank


def _over_leaves(families: list[Family], leaves: list[int], nodes: int) -> np.ndarray:
    rows = np.zeros((nodes, len(leaves)))
    rows[leaves, range(len(leaves))] = 1
    for _ in range(3):
        for family in reversed(families):
            if family.children:
                rows[family.parent] = rows[list(family.children)].sum(axis=0)
    return rows
