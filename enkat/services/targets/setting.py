"""Setting targets: one by one or those of the year before, and taking them away."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.organisations import District, Unit
from enkat.records.targets import Target, TargetScope, targets_of
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import Fault, Faults, NotFoundFault
from enkat.statistics.targets import Target as SharePositive
from enkat.statistics.targets import TargetError

EARLIEST: Final = 1990
AHEAD: Final = 10
"""So many years ahead a target may be set."""
WHOLE: Final = 10_000
"""Hundredths of a percent in the whole."""


@dataclass(frozen=True)
class NewTarget:
    """A target as somebody states it; no place means every one of the scope, no question the response rate."""

    year: int
    scope: TargetScope
    percent: str
    decision: str
    question_id: str | None = None
    district_id: int | None = None
    unit_id: int | None = None


def set_target(
    session: Session, clock: Clock, new: NewTarget, *, questions: Collection[str], account_id: int | None
) -> Target:
    """Set a target; one for the same year, question and place is replaced.

    Parameters
    ----------
    questions
        The ids that a target may name.

    Raises
    ------
    Faults
        Everything that is wrong, each with its field.
    """
    basis_points = _checked(clock, new, questions)
    with writing(session):
        _require_place(session, new)
        place = (new.question_id, new.scope, new.district_id, new.unit_id)
        found = next((old for old in targets_of(session, new.year) if _place(old) == place), None)
        target = found or Target(
            year=new.year,
            question_id=new.question_id,
            scope=new.scope,
            district_id=new.district_id,
            unit_id=new.unit_id,
        )
        target.basis_points, target.decision = basis_points, new.decision.strip()
        session.add(target)
        session.flush()
        _record(session, clock, target, account_id)
    return target


def _checked(clock: Clock, new: NewTarget, questions: Collection[str]) -> int:
    """Return the target in hundredths of a percent, or tell everything that is wrong."""
    faults: list[Fault] = []
    basis_points = 0
    try:
        basis_points = int(SharePositive.percent(new.percent).share * WHOLE)
    except TargetError as error:
        faults.append(Fault(str(error), "percent"))
    last = today(clock).year + AHEAD
    if not EARLIEST <= new.year <= last:
        faults.append(Fault(f"Året ligger mellan {EARLIEST} och {last}.", "year"))
    if new.question_id is not None and new.question_id not in questions:
        faults.append(Fault("Frågan finns inte bland kärnfrågorna.", "question_id"))
    if not new.decision.strip():
        faults.append(Fault("Skriv var målet är beslutat.", "decision"))
    if faults:
        raise Faults("Målet är inte sparat.", [one.sentence for one in faults], [one.field for one in faults])
    return basis_points


def _require_place(session: Session, new: NewTarget) -> None:
    if new.district_id is not None and (
        new.scope is not TargetScope.DISTRICT or session.get(District, new.district_id) is None
    ):
        raise Fault("Stadsdelen finns inte. Välj en i listan.", "place")
    if new.unit_id is not None and (new.scope is not TargetScope.UNIT or session.get(Unit, new.unit_id) is None):
        raise Fault("Enheten finns inte. Välj en i listan.", "place")


def _place(target: Target) -> tuple[object, ...]:
    return (target.question_id, target.scope, target.district_id, target.unit_id)


def _record(session: Session, clock: Clock, target: Target, account_id: int | None, *, removed: bool = False) -> None:
    record(
        session,
        clock,
        account_id=account_id,
        action="target.removed" if removed else "target.set",
        subject=f"target:{target.id}",
        details={"year": target.year, "question": target.question_id, "basis_points": target.basis_points},
    )


def repeat_year(
    session: Session, clock: Clock, *, source: int, year: int, decision: str, account_id: int | None
) -> int:
    """Set a year's targets as another year had them, where none is set yet; return how many were set."""
    if not decision.strip():
        raise Fault("Skriv var målen är beslutade.", "decision")
    with writing(session):
        taken = {_place(target) for target in targets_of(session, year)}
        old = [target for target in targets_of(session, source) if _place(target) not in taken]
        for target in old:
            made = Target(
                year=year,
                question_id=target.question_id,
                scope=target.scope,
                district_id=target.district_id,
                unit_id=target.unit_id,
                basis_points=target.basis_points,
                decision=decision.strip(),
            )
            session.add(made)
            session.flush()
            _record(session, clock, made, account_id)
    return len(old)


def remove_target(session: Session, clock: Clock, target_id: int, account_id: int | None) -> int:
    """Take a target away; return its year."""
    with writing(session):
        target = session.get(Target, target_id)
        if target is None:
            raise NotFoundFault("Målet finns inte längre.")
        _record(session, clock, target, account_id, removed=True)
        session.delete(target)
        return target.year
