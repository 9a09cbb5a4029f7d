"""What a design refuses, and how it names it."""

import numpy as np
import pytest

from enkat.statistics.microdata import (
    FaultKind,
    Lonely,
    MicrodataError,
    SurveyDesign,
    distribution,
    domains,
    mean,
    share,
    total,
)

UNITS = ["A", "A", "A", "B", "B", "C"]


def fault(**arguments: object) -> MicrodataError:
    with pytest.raises(MicrodataError) as caught:
        SurveyDesign.of(**arguments)
    return caught.value


@pytest.mark.parametrize("bad", [0.0, -1.0, float("nan"), float("inf")])
def test_a_weight_that_is_no_weight_is_named(bad: float):
    found = fault(weights=[1, 2, bad, 1])
    assert (found.kind, found.column, found.row) == (FaultKind.WEIGHT, "weights", 2)


def test_more_answers_than_frame_is_named():
    found = fault(strata=UNITS, fpc={"A": 9, "B": 1, "C": 4})
    assert (found.kind, found.level, found.row, found.value) == (FaultKind.SAMPLE_ABOVE_POPULATION, "B", 3, 1)


def test_a_stratum_without_frame_count_is_named():
    found = fault(strata=UNITS, fpc={"A": 9, "C": 4})
    assert (found.kind, found.level) == (FaultKind.UNKNOWN_LEVEL, "B")


def test_frame_counts_and_shares_are_not_mixed():
    assert fault(strata=UNITS, fpc=[9, 9, 9, 0.5, 0.5, 4]).kind is FaultKind.FPC
    assert fault(strata=UNITS, fpc=[9, 9, 8, 4, 4, 4]).kind is FaultKind.FPC_VARIES
    assert fault(strata=UNITS, fpc=[9, 9, 9, 0, 0, 4]).row == 3
    # All ones may be counts (more answers than frame) or shares (everybody): R refuses too.
    assert fault(strata=UNITS, fpc=[1, 1, 1, 1, 1, 1]).kind is FaultKind.FPC


def test_shares_of_the_frame_equal_its_counts():
    counts = SurveyDesign.of(strata=UNITS, fpc={"A": 9, "B": 4, "C": 5}, lonely=Lonely.ADJUST)
    shares = SurveyDesign.of(strata=UNITS, fpc=[1 / 3, 1 / 3, 1 / 3, 0.5, 0.5, 0.2], lonely=Lonely.ADJUST)
    y = [1, 0, 1, 1, 0, 1]
    one, other = mean(counts, y).at(), mean(shares, y).at()
    assert (one.estimate, one.se) == pytest.approx((other.estimate, other.se))


def test_missing_labels_and_other_lengths_are_named():
    found = fault(strata=["A", None, "B"])
    assert (found.kind, found.column, found.row) == (FaultKind.MISSING, "strata", 1)
    assert fault(weights=[1, 2], strata=["A"]).kind is FaultKind.LENGTH
    assert fault(clusters=[1, 2], persons=[1, 2]).kind is FaultKind.ARGUMENT
    assert fault().kind is FaultKind.EMPTY_DOMAIN


def test_a_cluster_in_two_strata_is_refused_unless_nested():
    clusters = [1, 1, 2, 2, 3, 4]
    found = fault(strata=UNITS, clusters=clusters)
    assert (found.kind, found.level, found.row) == (FaultKind.NOT_NESTED, 2, 3)
    nested = SurveyDesign.of(strata=UNITS, clusters=clusters, nest=True)
    assert nested.degrees_of_freedom() == 5 - 3


def test_a_person_in_two_rounds_is_one_primary_unit():
    persons = ["a", "b", "c", "d", "e", "a"]
    found = fault(strata=UNITS, persons=persons)  # a has moved to another unit
    assert (found.kind, found.column, found.level, found.row) == (FaultKind.NOT_NESTED, "persons", "a", 5)
    together = SurveyDesign.of(persons=["a", "b", "c", "a", "b", "c"])
    assert together.degrees_of_freedom() == 2
    # Three persons who answer alike in both rounds tell no more than three persons.
    once = SurveyDesign.of(rows=3)
    assert mean(together, [1, 0, 1, 1, 0, 1]).at().se == pytest.approx(mean(once, [1, 0, 1]).at().se)


def test_a_lonely_stratum_fails_by_name_unless_chosen_otherwise():
    with pytest.raises(MicrodataError, match="'C'") as caught:
        mean(SurveyDesign.of(strata=UNITS), [1, 0, 1, 1, 0, 1])
    assert (caught.value.kind, caught.value.level, caught.value.row) == (FaultKind.LONELY, "C", 5)
    for lonely in set(Lonely) - {Lonely.FAIL}:
        assert mean(SurveyDesign.of(strata=UNITS, lonely=lonely), [1, 0, 1, 1, 0, 1]).at().se is not None
    # Everybody of C answered, or nobody of C is in the domain: nothing is lonely.
    assert mean(SurveyDesign.of(strata=UNITS, fpc={"A": 9, "B": 4, "C": 1}), [1, 0, 1, 1, 0, 1]).at().se is not None
    assert mean(SurveyDesign.of(strata=UNITS), [1, 0, 1, 1, 0, np.nan]).at().n == 5


def test_a_draw_of_all_but_nothing_is_a_census():
    almost = SurveyDesign.of(strata=UNITS, fpc=np.full(6, 1 - 1e-9))  # R's limit is 1e-7
    assert mean(almost, [1, 0, 1, 1, 0, 1]).at().se == 0


def test_an_empty_domain_is_refused_and_an_unanswered_one_says_why():
    design = SurveyDesign.of(rows=4)
    with pytest.raises(MicrodataError) as caught:
        design.domain([False] * 4)
    assert caught.value.kind is FaultKind.EMPTY_DOMAIN
    with pytest.raises(MicrodataError) as caught:
        design.domain([True] * 3)
    assert caught.value.kind is FaultKind.LENGTH
    found = mean(design, [1, 0, np.nan, np.nan], by={"group": ["x", "x", "y", "y"]})
    assert found.at(0).estimate == 0.5
    nothing = total(design, [1, 0, np.nan, np.nan], by={"group": ["x", "x", "y", "y"]}).at(1)
    assert (nothing.estimate, nothing.reason) == (None, "nobody answered")
    nothing = total(design, [1, 0, np.nan, np.nan], by={"group": ["x", "x", "y", "y"]}).at(1)
    assert (nothing.estimate, nothing.reason) == (None, "nobody answered")
    assert (found.at(1).estimate, found.at(1).se, found.at(1).n, found.at(1).reason) == (
        None,
        None,
        0,
        "nobody answered",
    )


def test_one_answer_has_no_degrees_of_freedom_and_says_so():
    found = mean(SurveyDesign.of(rows=3), [1, np.nan, np.nan]).at()
    assert found.estimate == 1
    assert (found.lo, found.hi, found.reason) == (None, None, "no degrees of freedom")


def test_a_share_of_all_is_exactly_one():
    weights = np.random.default_rng(1).uniform(0.1, 9, 57)
    found = share(SurveyDesign.of(weights=weights), np.full(57, 3), {3, 4}).at()
    assert (found.estimate, found.se) == (1, 0)


def test_a_distribution_holds_levels_that_nobody_chose():
    found = distribution(SurveyDesign.of(rows=4), ["no", "yes", "yes", ""], levels=["yes", "no", "maybe"])
    assert found.names == ("yes", "no", "maybe")
    assert found.estimate[0] == pytest.approx([2 / 3, 1 / 3, 0])
    with pytest.raises(MicrodataError, match="'no' in row 0"):
        distribution(SurveyDesign.of(rows=2), ["no", "yes"], levels=["yes"])


def test_rows_without_a_label_are_in_no_domain():
    found = total(SurveyDesign.of(rows=4), [1, 2, 4, 8], by={"a": ["x", None, "x", ""], "b": [1, 1, 2, 2]})
    assert found.domains.levels == (("x", 1), ("x", 2))
    assert found.estimate[:, 0].tolist() == [1, 4]


@pytest.mark.parametrize("step", [1, 3, 8_192], ids=["a row at a time", "uneven blocks", "all at once"])
def test_the_size_of_a_block_changes_no_figure(step: int, monkeypatch: pytest.MonkeyPatch):
    random = np.random.default_rng(5)
    rows = 40
    y = np.where(random.random((rows, 2)) < 0.2, np.nan, random.integers(1, 6, (rows, 2)))
    unit = np.array([None, "a", "b", "c"], dtype=object)[random.integers(0, 4, rows)]
    weights = random.random(rows) + 0.5
    once = mean(SurveyDesign.of(weights=weights), y, by={"unit": unit})
    monkeypatch.setattr(domains, "BLOCK", step)
    monkeypatch.setattr(domains, "BLOCK_PER_LABEL", 0)
    found = mean(SurveyDesign.of(weights=weights), y, by={"unit": unit})
    assert found.domains.levels == (("a",), ("b",), ("c",))
    assert found.n.tolist() == once.n.tolist()
    for name in ("estimate", "se", "N"):
        np.testing.assert_allclose(getattr(found, name), getattr(once, name), rtol=1e-13)


@pytest.mark.parametrize("spread", [1, 10**15], ids=["counted", "sorted"])
def test_numbers_are_ranked_alike_near_each_other_and_far_apart(spread: int):
    levels, codes = domains.coded(np.array([7, -3, 7, 12, -3]) * spread)
    assert levels == (-3 * spread, 7 * spread, 12 * spread)
    assert codes.tolist() == [1, 0, 1, 2, 0]
