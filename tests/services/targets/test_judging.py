"""Targets against counted answers: whose target holds, what is hidden stays hidden, the response rate is exact."""

import pytest
from sqlalchemy.orm import Session

from enkat.records.organisations import Unit
from enkat.records.releases import ReleaseLevel
from enkat.records.targets import TargetScope
from enkat.services.results.exporting import view_results
from enkat.services.results.figures import View
from enkat.services.targets.judging import Judgements, judge_view
from enkat.services.targets.setting import NewTarget, set_target
from enkat.statistics.targets import Verdict
from tests.clocks import FixedClock
from tests.factories.counted import UnitCase, add_counted_round

UNITS = [
    UnitCase(200, 190, 0, positive=0.99),
    UnitCase(200, 190, 0, positive=0.5),
    UnitCase(60, 20, 1, positive=0.85),
    UnitCase(60, 40, 1, positive=0.85),
    UnitCase(4, 3, 1),
]
EVERYBODY = frozenset({"feels_safe"})


def _set(session: Session, clock: FixedClock, scope: TargetScope, percent: str, **place: object) -> None:
    new = NewTarget(year=2026, scope=scope, percent=percent, decision="VP", **place)  # type: ignore[arg-type]
    set_target(session, clock, new, questions=EVERYBODY, account_id=None)


def _judged(session: Session, level: ReleaseLevel = ReleaseLevel.INTERNAL) -> tuple[View, Judgements]:
    view = view_results(session, None, "ht26", level)
    return view, judge_view(session, view)


def _of(view: View, found: Judgements, key: str) -> Verdict | None:
    group = view.results.grouping.index(key)
    outcome = found.shares.get((group, view.question_index["feels_safe"]))
    return None if outcome is None else outcome.verdict


@pytest.fixture
def unit_ids(session: Session) -> list[int]:
    add_counted_round(session, UNITS)
    return [unit.id for unit in sorted(session.query(Unit), key=lambda unit: unit.code)]


def test_without_targets_nothing_is_judged(session: Session, unit_ids: list[int]) -> None:
    assert not _judged(session)[1]
    assert len(unit_ids) == len(UNITS)


def test_each_unit_is_judged_by_its_interval_in_clients(
    session: Session, clock: FixedClock, unit_ids: list[int]
) -> None:
    _set(session, clock, TargetScope.UNIT, "85", question_id="feels_safe")
    view, found = _judged(session)
    verdicts = [_of(view, found, f"unit:{unit_id}") for unit_id in unit_ids]
    assert verdicts == [Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.UNDETERMINED, None]
    assert _of(view, found, "city") is None


def test_a_units_own_target_goes_before_every_units(session: Session, clock: FixedClock, unit_ids: list[int]) -> None:
    _set(session, clock, TargetScope.UNIT, "85", question_id="feels_safe")
    _set(session, clock, TargetScope.UNIT, "30", question_id="feels_safe", unit_id=unit_ids[1])
    view, found = _judged(session)
    assert [_of(view, found, f"unit:{unit_id}") for unit_id in unit_ids[:2]] == [Verdict.MET, Verdict.MET]


def test_a_hidden_figure_has_no_verdict_at_any_level_that_hides_it(
    session: Session, clock: FixedClock, unit_ids: list[int]
) -> None:
    _set(session, clock, TargetScope.UNIT, "85", question_id="feels_safe")
    _set(session, clock, TargetScope.UNIT, "50")
    for level in (ReleaseLevel.INTERNAL, ReleaseLevel.PUBLIC):
        view, found = _judged(session, level)
        hidden = [
            group
            for group, _described in view.groups(*view.results.grouping.groups[0].kind.__class__)
            if not view.figure(group, view.question_index["feels_safe"]).shown
        ]
        assert view.results.grouping.index(f"unit:{unit_ids[-1]}") in hidden
        assert [key for key in found.shares if key[0] in hidden] == []
        assert found.response.keys().isdisjoint(hidden)


def test_the_response_rate_is_judged_as_a_known_count(session: Session, clock: FixedClock, unit_ids: list[int]) -> None:
    _set(session, clock, TargetScope.UNIT, "66,67")
    _set(session, clock, TargetScope.CITY, "84,5")
    _set(session, clock, TargetScope.UNIT, "66,66", unit_id=unit_ids[3])
    view, found = _judged(session, ReleaseLevel.ANALYST)
    of_unit = [found.response[view.results.grouping.index(f"unit:{unit_id}")].verdict for unit_id in unit_ids[:4]]
    assert of_unit == [Verdict.MET, Verdict.MET, Verdict.NOT_MET, Verdict.MET]
    sent, asked = sum(unit.answered for unit in UNITS), sum(unit.clients for unit in UNITS)
    assert (found.response[0].verdict is Verdict.MET) == (1000 * sent >= 845 * asked)
    assert found.response[0].tipping is None
