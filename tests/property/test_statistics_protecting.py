"""On random hierarchies the attacker narrows no hidden cell beyond its protection, whichever way it was closed."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from enkat.statistics.disclosure.attacker import Attacker
from enkat.statistics.disclosure.linked_tables import LinkedTable
from enkat.statistics.disclosure.protecting import close, optimise
from enkat.statistics.disclosure.suppression import Family

THRESHOLD = 5


@st.composite
def hierarchies(draw: st.DrawFn) -> LinkedTable:
    """Give units that add up to districts and the city, and by an unrelated form of operation, with known maxima."""
    units = draw(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 6)), min_size=3, max_size=14))
    counts = [count for count, _silent in units]
    districts, forms = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    of_district = [draw(st.integers(0, districts - 1)) for _ in units]
    of_form = [draw(st.integers(0, forms - 1)) for _ in units]
    most = [count + silent for count, silent in units]
    sums: list[Family] = []
    for labels, size in ((of_district, districts), (of_form, forms)):
        first = len(counts)
        for label in range(size):
            members = [unit for unit, one in enumerate(labels) if one == label]
            counts.append(sum(counts[unit] for unit in members))
            most.append(sum(most[unit] for unit in members))
            if members:
                sums.append(Family(first + label, members))
        sums.append(Family(-1, range(first, first + size)))
    whole = len(counts)
    counts.append(sum(count for count, _silent in units))
    most.append(sum(most[: len(units)]))
    sums = [Family(whole if one.parent < 0 else one.parent, one.children) for one in sums]
    return LinkedTable.of(counts, sums, THRESHOLD, most=np.array(most))


@settings(max_examples=40)
@given(hierarchies())
def test_no_secret_is_narrowed_beyond_its_protection(table: LinkedTable):
    for pattern in (close(table, THRESHOLD), optimise(table, THRESHOLD, seconds=5)):
        ranges = Attacker(table, pattern.hidden).ranges(table.secret)
        small = table.secret
        assert pattern.hidden[small].all()
        assert (ranges.lo[small] <= np.maximum(table.counts[small] - 1, 0)).all()
        assert (ranges.hi[small] >= np.minimum(THRESHOLD, table.most[small])).all()


@settings(max_examples=40)
@given(hierarchies(), st.data())
def test_showing_one_cell_more_never_widens_a_range(table: LinkedTable, data: st.DataObject):
    hidden = close(table, THRESHOLD).hidden
    if not hidden.any():
        return
    shown = hidden.copy()
    shown[data.draw(st.sampled_from(np.flatnonzero(hidden).tolist()))] = False
    before, after = Attacker(table, hidden).ranges(), Attacker(table, shown).ranges()
    assert (after.lo >= before.lo).all()
    assert (after.hi <= before.hi).all()


@settings(max_examples=25)
@given(hierarchies(), st.data())
def test_ten_releases_together_tell_no_more_than_their_pattern(table: LinkedTable, data: st.DataObject):
    """Each release shows some of what its level may; the public level is closed around what the internal one hides."""
    internal = close(table, THRESHOLD).hidden
    wider = LinkedTable.of(table.counts, table.sums, THRESHOLD + 2, most=table.most)
    public = close(wider, THRESHOLD + 2, hidden=internal).hidden
    seen = {level: np.ones_like(internal) for level in ("internal", "public")}
    cells = st.lists(st.integers(0, len(internal) - 1), unique=True)
    for _ in range(10):
        is_public = data.draw(st.booleans())
        shown = np.isin(np.arange(len(internal)), data.draw(cells)) & ~(public if is_public else internal)
        seen["internal"] &= ~shown
        if is_public:
            seen["public"] &= ~shown
        for level, its_table in (("internal", table), ("public", wider)):
            ranges = Attacker(its_table, seen[level]).ranges(its_table.secret)
            assert not ranges.given_away(its_table).any()
