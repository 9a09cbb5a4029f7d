"""Targets: one per year, question and place, repeated or taken away."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.audit import AuditEntry
from enkat.records.targets import Target, TargetScope, placed_targets, target_years, targets_of
from enkat.services.faults import Fault, Faults, NotFoundFault
from enkat.services.targets.setting import NewTarget, remove_target, repeat_year, set_target
from tests.clocks import FixedClock
from tests.factories.rounds import small_register

QUESTIONS = frozenset({"feels_safe", "staff_treatment"})


def _set(session: Session, clock: FixedClock, **changes: object) -> Target:
    values: dict[str, object] = {
        "year": 2026,
        "scope": TargetScope.UNIT,
        "percent": "85",
        "decision": "VP 2026",
        "question_id": "feels_safe",
    }
    new = NewTarget(**{**values, **changes})  # type: ignore[arg-type]  # the test's own keywords
    return set_target(session, clock, new, questions=QUESTIONS, account_id=None)


def test_a_target_is_set_once_for_a_year_question_and_place(session: Session, clock: FixedClock) -> None:
    register = small_register(session)
    first = _set(session, clock)
    assert _set(session, clock, percent="90").id == first.id
    unit = _set(session, clock, unit_id=register.units["BJÖ"])
    rate = _set(session, clock, scope=TargetScope.CITY, question_id=None, percent="75")
    assert [target.basis_points for target in targets_of(session, 2026)] == [9000, 8500, 7500]
    placed = {row.target.id: row.unit for row in placed_targets(session, 2026)}
    assert placed == {first.id: None, unit.id: "BJÖ", rate.id: None}
    actions = session.scalars(select(AuditEntry.action)).all()
    assert actions.count("target.set") == 4


def test_a_years_targets_are_repeated_where_none_is_set(session: Session, clock: FixedClock) -> None:
    small_register(session)
    _set(session, clock)
    _set(session, clock, scope=TargetScope.CITY, percent="88")
    _set(session, clock, year=2027, percent="91")
    done = repeat_year(session, clock, source=2026, year=2027, decision="VP 2027", account_id=None)
    assert done == 1
    found = [(target.scope, target.basis_points, target.decision) for target in targets_of(session, 2027)]
    assert sorted(found) == [(TargetScope.CITY, 8800, "VP 2027"), (TargetScope.UNIT, 9100, "VP 2026")]
    assert target_years(session) == [2027, 2026]


def test_a_target_is_taken_away_once(session: Session, clock: FixedClock) -> None:
    target = _set(session, clock)
    assert remove_target(session, clock, target.id, None) == 2026
    assert targets_of(session, 2026) == []
    with pytest.raises(NotFoundFault):
        remove_target(session, clock, target.id, None)


@pytest.mark.one_database
def test_everything_wrong_is_told_with_its_field(session: Session, clock: FixedClock) -> None:
    with pytest.raises(Faults) as caught:
        _set(session, clock, year=1900, percent="120", question_id="nosuch", decision=" ")
    assert caught.value.fields == ["percent", "year", "question_id", "decision"]
    with pytest.raises(Fault, match="Enheten finns inte"):
        _set(session, clock, unit_id=4711)
    with pytest.raises(Fault, match="Stadsdelen finns inte"):
        _set(session, clock, scope=TargetScope.DISTRICT, district_id=4711)
    assert session.scalars(select(Target)).all() == []
