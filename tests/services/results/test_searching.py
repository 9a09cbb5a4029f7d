"""The search for the cheapest pattern of a release: protected, truly cheapest, made once, and said plainly."""

import itertools
import random
from functools import partial
from typing import Any

import numpy as np
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enkat.records.releases import Release, ReleaseLevel, ReleasePattern
from enkat.records.rounds import SurveyRound
from enkat.services.results.auditing import SUPPRESSED, attack
from enkat.services.results.cells import release_cells
from enkat.services.results.computing import RoundResults, compute
from enkat.services.results.exporting import export, view_results
from enkat.services.results.levels import Marks, marks_for, stacked
from enkat.services.results.method import protection_words
from enkat.services.results.pattern_finding import find_patterns
from enkat.services.results.reading import NotProtectedFault
from enkat.services.results.release_audits import searched_in
from enkat.services.results.releases import released_marks
from enkat.services.results.searching import Searched, search_codes
from enkat.statistics.disclosure.block_needs import block_needs, hidden_anyway
from enkat.statistics.disclosure.marks import block_of, marks_of
from tests.clocks import FixedClock
from tests.factories.counted import FORMS, UnitCase, add_counted_round, correct_an_answer

SEARCHED = {"breakdowns": ["sex", "operating_form"], "protection": "milp"}
INTERNAL = ReleaseLevel.INTERNAL


def silent(*_progress: object) -> None:
    """Show no progress."""


def random_units(seed: int, number: int, districts: int) -> list[UnitCase]:
    rng = random.Random(seed)  # noqa: S311 - a simulation
    cases = []
    for place in range(number):
        clients = max(5, int(rng.lognormvariate(2.6, 0.8)))
        answered = min(clients, max(3, round(clients * rng.uniform(0.4, 0.9))))
        share = rng.choice([0.0, 0.1, 0.6, 0.9])
        cases.append(UnitCase(clients, answered, place % districts, rng.choice(FORMS), share))
    return cases


def city(session: Session, seed: int, number: int, districts: int = 2, **plan: Any) -> RoundResults:
    made = add_counted_round(session, random_units(seed, number, districts), seed=seed, release_plan=plan or SEARCHED)
    return compute(session, made.id)


def sought(results: RoundResults, seconds: float = 60) -> Marks:
    return marks_for(results, INTERNAL, seek=partial(search_codes, seconds=seconds, progress=silent))


def cost(results: RoundResults, hidden: np.ndarray) -> int:
    cells = release_cells(results).cells
    return int((np.maximum(cells.answered, 1) * (hidden & cells.asked)).sum())


def brute_force(results: RoundResults, threshold: int) -> int:
    """Try every pattern of each block that keeps the rules, the cheapest first, until the attacker finds nothing."""
    laid = release_cells(results)
    anyway = np.zeros(laid.cells.answered.shape, dtype=bool)
    total = 0
    for label in np.unique(laid.cells.blocks):
        chosen = laid.cells.blocks == label
        block = block_of(laid.cells, chosen, laid.splits, threshold, hidden=anyway)
        fixed, needs = hidden_anyway(block, threshold), block_needs(block, laid.families, threshold)
        free = np.flatnonzero(block.asked & ~fixed)
        patterns = []
        for choice in itertools.product([False, True], repeat=len(free)):
            hidden = fixed.copy()
            hidden[free] = choice
            if all(need.weights @ hidden >= need.demand for need in needs):
                spread = hidden[:, None] & chosen
                patterns.append((cost(results, spread), spread))
        patterns.sort(key=lambda one: one[0])
        questions = np.flatnonzero(chosen).tolist()
        total += next(
            price
            for price, spread in patterns
            if not attack(laid, marks_of(laid.cells, spread), threshold, questions=questions).given_away.any()
        )
    return total


@pytest.mark.parametrize("seed", range(6))
def test_no_pattern_that_protects_is_cheaper(session: Session, seed: int):
    results = city(session, seed, 7, breakdowns=["operating_form"])
    found = sought(results)
    assert found.searched is not None
    assert found.searched.finished
    assert found.searched.cost == brute_force(results, 5) == cost(results, stacked(found) == SUPPRESSED)


@pytest.mark.parametrize("seed", range(3))
def test_a_searched_pattern_protects_and_costs_no_more_than_the_rule(session: Session, seed: int):
    results = city(session, seed, 16, 3)
    rule, found = marks_for(results, INTERNAL), sought(results)
    laid = release_cells(results)
    assert attack(laid, stacked(rule), 5).secrets > 0
    assert not attack(laid, stacked(found), 5).given_away.any()
    assert found.searched is not None
    assert found.searched.bound <= found.searched.cost <= found.searched.rule_cost
    assert found.searched.rule_cost <= cost(results, stacked(rule) == SUPPRESSED)


def test_a_search_without_time_shows_the_rules_pattern_and_says_so(session: Session):
    results = city(session, 1, 16, 3)
    found = sought(results, seconds=0)
    assert (stacked(found) == stacked(marks_for(results, INTERNAL))).all()
    assert found.searched is not None
    assert not found.searched.finished
    words = protection_words(found.searched)
    assert "inget bättre än den enkla regeln, som därför används" in words
    assert f"högst {found.searched.gap_percent} procent fler svar" in words


def test_the_words_say_how_near_the_cheapest_it_is():
    assert "den minsta gruppen bredvid" in protection_words(None)
    assert "Inget mönster som skyddar lika bra döljer färre" in protection_words(Searched(90, 90, 120, 4.0, 120))
    cut_short = protection_words(Searched(101, 98, 120, 120.0, 120))
    assert "avbröts vid sin gräns på 120 sekunder" in cut_short
    assert "högst 4 procent fler" in cut_short
    assert "enkla regeln" not in cut_short


def test_nothing_is_shown_before_the_search_and_the_same_afterwards(session: Session, clock: FixedClock):
    results = city(session, 2, 16, 3)
    for level in (INTERNAL, ReleaseLevel.PUBLIC):
        with pytest.raises(NotProtectedFault):
            view_results(session, None, "ht26", level)
    assert view_results(session, None, "ht26", ReleaseLevel.ANALYST).marks.searched is None
    steps: list[str] = []
    found = find_patterns(session, clock, results, progress=lambda _done, _total, said: steps.append(said))
    assert [marks.level for marks in found] == [INTERNAL, ReleaseLevel.PUBLIC]
    assert steps[0].startswith("Söker")
    assert find_patterns(session, clock, results, progress=silent) == []
    for marks in found:
        shown = released_marks(session, compute(session, results.counted.survey_round.id), marks.level)
        assert (stacked(shown) == stacked(marks)).all()
        assert shown.searched == marks.searched
    hidden, wider = (stacked(marks) == SUPPRESSED for marks in found)
    assert wider[hidden].all()


def test_a_release_keeps_what_the_search_came_to_and_tells_the_reader(session: Session, clock: FixedClock):
    results = city(session, 2, 16, 3)
    find_patterns(session, clock, results, progress=silent)
    made = export(session, clock, None, "ht26", level=INTERNAL, file_format="json")
    release = session.scalars(select(Release)).one()
    assert release.audit["protection"]["method"] == "milp"
    assert release.pattern["plan"]["protection"] == "milp"
    searched = searched_in(release)
    assert searched is not None
    assert searched.bound <= searched.cost
    assert protection_words(searched) in made.content.decode()
    session.delete(session.scalars(select(ReleasePattern).where(ReleasePattern.level == INTERNAL)).one())
    session.commit()
    repeated = released_marks(session, results, INTERNAL)
    assert repeated.searched == searched


def test_the_simple_rule_is_said_too_and_waits_for_nothing(session: Session, clock: FixedClock):
    city(session, 2, 16, 3, breakdowns=["sex"])
    export(session, clock, None, "ht26", level=INTERNAL, file_format="csv")
    release = session.scalars(select(Release)).one()
    assert release.audit["protection"] == {"method": "closing"}
    assert searched_in(release) is None


def test_a_corrected_edition_is_searched_anew_and_keeps_hidden_what_was(session: Session, clock: FixedClock):
    results = city(session, 4, 16, 3)
    find_patterns(session, clock, results, progress=silent)
    export(session, clock, None, "ht26", level=INTERNAL, file_format="csv")
    before = stacked(released_marks(session, results, INTERNAL)) == SUPPRESSED
    session.rollback()
    correct_an_answer(session)
    corrected = compute(session, session.scalars(select(SurveyRound.id)).one())
    with pytest.raises(NotProtectedFault):
        released_marks(session, corrected, INTERNAL)
    find_patterns(session, clock, corrected, progress=silent)
    assert (stacked(released_marks(session, corrected, INTERNAL)) == SUPPRESSED)[before].all()
    made = export(session, clock, None, "ht26", level=INTERNAL, file_format="csv", reason="Ett svar var fel.")
    assert made.content
    assert session.scalar(select(func.count()).select_from(ReleasePattern)) == 4
