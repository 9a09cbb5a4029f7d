"""Changes between rounds: units followed over merges, MOVER without correction, words for what is certain."""

import numpy as np
import pytest

from enkat.statistics.comparisons.tables import counts_against_counts
from enkat.statistics.comparisons.words import WORDS, Word
from enkat.statistics.trends import Moment, change_p, changes, moment_side


def moment(*units: tuple[int, int, int]) -> Moment:
    """Units of one question as (positive, answered, clients)."""
    return Moment(*(np.array(column)[:, None] for column in zip(*units, strict=True)))


def test_one_unit_against_itself_is_the_comparison_of_counts():
    now, before = moment((45, 50, 90)), moment((30, 50, 80))
    made = changes(moment_side(now), moment_side(before), change_p(now, before))
    other = counts_against_counts([45], [50], [30], [50])
    assert made.difference.lo[0] == pytest.approx(other.difference.lo[0])
    assert made.p_adjusted[0] == pytest.approx(other.p_adjusted[0])
    assert WORDS[int(made.word[0])] is Word.HIGHER


def test_merged_units_weigh_by_their_clients():
    side = moment_side(moment((40, 50, 300), (10, 20, 100)))
    assert side.share[0] == pytest.approx((300 * 0.8 + 100 * 0.5) / 400)
    variance = 0.75**2 * 0.16 / 49 + 0.25**2 * 0.25 / 19
    assert side.answers[0] == pytest.approx(side.share[0] * (1 - side.share[0]) / variance)
    assert side.df[0] == 68


def test_merged_units_of_one_share_are_worth_about_their_answers_together():
    side = moment_side(moment((80, 100, 200), (40, 50, 100)))
    assert side.answers[0] == pytest.approx(148, abs=1.5)


def test_a_predecessor_without_answers_leaves_no_share():
    now, before = moment((40, 50, 100)), moment((20, 25, 50), (0, 0, 60))
    assert np.isnan(moment_side(before).share[0])
    p = change_p(now, before)
    assert np.isnan(p[0])
    assert WORDS[int(changes(moment_side(now), moment_side(before), p).word[0])] is Word.NONE
    assert np.isnan(change_p(moment((0, 0, 9)), moment((3, 5, 9)))[0])


def test_all_positive_everywhere_still_has_width():
    now, before = moment((20, 20, 40), (15, 15, 30)), moment((30, 30, 60))
    made = changes(moment_side(now), moment_side(before), change_p(now, before))
    assert made.difference.lo[0] < 0 < made.difference.hi[0]
    assert WORDS[int(made.word[0])] is Word.NOT_CERTAIN


def test_rounds_alike_seldom_get_a_word():
    rng = np.random.default_rng(11)
    flagged = 0
    for _round in range(60):
        units = [(rng.binomial(40, 0.8, 2), 40, 80) for _unit in range(30)]
        now = Moment(*(np.array([[u[i] if i else u[0][0] for u in units]]) for i in range(3)))
        before = Moment(*(np.array([[u[i] if i else u[0][1] for u in units]]) for i in range(3)))
        made = changes(moment_side(now), moment_side(before), change_p(now, before))
        flagged += bool(np.isin(made.word, [WORDS.index(Word.HIGHER), WORDS.index(Word.LOWER)]).any())
    assert flagged <= 3
