"""The rules for what may be shown, one by one."""

import numpy as np
import pytest

from enkat.statistics.disclosure.marks import MARKS, Cells, Mark, pattern
from enkat.statistics.disclosure.suppression import Family, Split


def cells(answered: list[int], *, positive: list[int] | None = None) -> Cells:
    n = np.array(answered)[:, None]
    return Cells(
        answered=n,
        positive=n if positive is None else np.array(positive)[:, None],
        asked=np.ones_like(n, dtype=bool),
        clients=np.full(len(answered), 50),
        blocks=np.array([0]),
    )


def marks(found: np.ndarray) -> list[Mark]:
    return [MARKS[code] for code in found[:, 0]]


def test_a_small_unit_takes_its_smallest_sibling_along():
    found = pattern(cells([63, 3, 40, 20]), [Family(0, [1, 2, 3])])
    assert marks(found) == [Mark.SHOWN, Mark.SUPPRESSED, Mark.SHOWN, Mark.SUPPRESSED]


def test_two_small_units_that_are_few_together_take_a_third():
    found = pattern(cells([64, 1, 3, 20, 40]), [Family(0, [1, 2, 3, 4])])
    assert marks(found) == [Mark.SHOWN, Mark.SUPPRESSED, Mark.SUPPRESSED, Mark.SUPPRESSED, Mark.SHOWN]


def test_two_small_units_that_are_enough_together_take_nobody():
    found = pattern(cells([67, 4, 3, 20, 40]), [Family(0, [1, 2, 3, 4])])
    assert marks(found) == [Mark.SHOWN, Mark.SUPPRESSED, Mark.SUPPRESSED, Mark.SMALL_BASIS, Mark.SHOWN]


def test_the_only_unit_of_a_district_takes_the_district_along():
    # City 0 = districts 1, 2, 3; district 1 = unit 4 only, whose sibling by operating form (5) is too small.
    families = [Family(0, [1, 2, 3]), Family(1, [4]), Family(2, [5, 6]), Family(7, [4, 5])]
    found = pattern(cells([143, 40, 43, 60, 40, 3, 40, 43]), families)
    assert marks(found)[4] is Mark.SUPPRESSED
    assert marks(found)[1] is Mark.SUPPRESSED
    assert sum(mark is Mark.SUPPRESSED for mark in marks(found)[1:4]) >= 2


def split(whole: int, parts: list[int], rest: int) -> Split:
    return Split(whole, parts, np.array([rest]))


def test_both_sexes_or_neither():
    found = pattern(cells([70, 3, 57]), [], [split(0, [1, 2], 10)])
    assert marks(found) == [Mark.SHOWN, Mark.SUPPRESSED, Mark.SUPPRESSED]


def test_a_hidden_whole_hides_its_parts():
    found = pattern(cells([63, 3, 60, 3, 60]), [Family(0, [1, 2])], [split(1, [3], 0), split(2, [4], 0)])
    assert marks(found) == [Mark.SHOWN, *[Mark.SUPPRESSED] * 4]


@pytest.mark.parametrize(("rest", "shown"), [(0, True), (1, False), (4, False), (5, True)])
def test_a_pair_that_differs_by_few_is_not_shown_twice(rest: int, shown: bool):
    found = pattern(cells([40, 40 - rest]), [], [split(0, [1], rest)])
    assert [mark is Mark.SHOWN for mark in marks(found)] == [True, shown]


def test_small_differences_are_not_given_away_together():
    # Units 1-3 and, without proxies, 5-7 under 4. Two proxies in unit 1, none in 2, nine in 3: hiding 5 and its
    # smallest sibling would leave a sum of two proxies to be read off, so the third goes too.
    everybody, without = [95, 30, 31, 34], [84, 28, 31, 25]
    families = [Family(0, [1, 2, 3]), Family(4, [5, 6, 7])]
    splits = [split(0, [4], 11), split(1, [5], 2), split(2, [6], 0), split(3, [7], 9)]
    found = marks(pattern(cells([*everybody, *without]), families, splits))
    assert found[:4] == [Mark.SHOWN] * 4
    assert {found[5], found[7]} == {Mark.SUPPRESSED}


def test_of_siblings_the_one_goes_that_needs_no_further_one():
    # District 1 = units 3, 4, 5; district 2 = units 6, 7. Form 8 = units 3, 6; form 9 = units 4, 5, 7. Unit 3 is too
    # small. In its form only 6 can go with it, and 6 needs 7: so 4 or 5 goes, which has a hidden sibling in 7.
    families = [Family(0, [1, 2]), Family(1, [3, 4, 5]), Family(2, [6, 7]), Family(8, [3, 6]), Family(9, [4, 5, 7])]
    found = marks(pattern(cells([143, 73, 70, 3, 30, 40, 40, 30, 43, 100]), families))
    assert [place for place, mark in enumerate(found) if mark is Mark.SUPPRESSED] == [3, 4, 6, 7]


def test_a_block_is_hidden_for_all_its_questions_and_no_others():
    n = np.array([[60, 60, 60], [4, 6, 20], [56, 54, 40]])
    one = Cells(n, n, np.ones_like(n, dtype=bool), np.full(3, 70), np.array([0, 0, 1]))
    hidden = pattern(one, [Family(0, [1, 2])]) == MARKS.index(Mark.SUPPRESSED)
    assert hidden.tolist() == [[False] * 3, [True, True, False], [True, True, False]]


@pytest.mark.parametrize(("positive", "mark"), [(0, "too_few_positive"), (1, "too_few_positive"), (2, "shown")])
def test_nobody_or_one_positive_is_said_in_words(positive: int, mark: str):
    found = pattern(cells([80, 40, 40], positive=[40 + positive, positive, 40]), [Family(0, [1, 2])])
    assert marks(found)[1] == mark


def test_not_asked_and_not_applicable_are_not_suppression():
    n = np.array([[60, 60], [60, 0], [0, 0]])
    asked = np.array([[True, True], [True, False], [False, False]])
    found = pattern(Cells(n, n, asked, np.array([90, 80, 0]), np.array([0, 1])), [Family(0, [1, 2])])
    assert [[MARKS[code] for code in row] for row in found] == [
        [Mark.SHOWN, Mark.SHOWN],
        [Mark.SHOWN, Mark.NOT_ASKED],
        [Mark.NOT_APPLICABLE, Mark.NOT_APPLICABLE],
    ]


def test_a_threshold_below_the_floor_is_refused():
    with pytest.raises(ValueError, match="floor"):
        pattern(cells([10]), [], threshold=4)
