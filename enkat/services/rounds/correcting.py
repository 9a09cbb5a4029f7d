"""Corrections to invitations while a round is in the field: a row each, with its reason."""

from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.invitations import Invitation, InvitationCorrection, InvitationStatus
from enkat.records.organisations import UnitPeriod
from enkat.records.rounds import FrameCount, RoundState, RoundUnit, SurveyRound
from enkat.records.rounds_queries import unit_periods
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import Fault, NotFoundFault
from enkat.services.rounds.finding import require_state

STATUS_WORDS = {
    InvitationStatus.OPEN: "väntar på svar",
    InvitationStatus.PAPER_RECEIVED: "pappersformulär har kommit",
    InvitationStatus.SENT: "svar har kommit",
    InvitationStatus.UNDELIVERABLE: "brevet kom i retur",
    InvitationStatus.REFUSED: "vill inte svara",
    InvitationStatus.UNABLE: "kan inte svara",
    InvitationStatus.OPTED_OUT: "vill inte bli påmind",
    InvitationStatus.DECEASED: "avliden",
    InvitationStatus.MOVED: "har flyttat från staden",
    InvitationStatus.NO_LONGER_CLIENT: "har inte hjälpen längre",
    InvitationStatus.NEVER_ELIGIBLE: "hörde aldrig till dem som skulle frågas",
    InvitationStatus.DUPLICATE_PERSON: "samma person står två gånger",
}
ACCEPTED = frozenset({InvitationStatus.SENT, InvitationStatus.PAPER_RECEIVED})
CORRECTABLE = tuple(status for status in InvitationStatus if status not in ACCEPTED)
"""What a member of staff may set; that an answer came is never set by hand."""


def _move_frame(session: Session, invitation: Invitation, old_unit: int, new_unit: int) -> None:
    """Count the person at the new unit: N of each unit follows its own people."""
    key = {
        "round_id": invitation.round_id,
        "service": invitation.service,
        "sex": invitation.sex,
        "age_group": invitation.age_group,
    }
    old = session.get_one(FrameCount, {**key, "unit_id": old_unit})
    old.n -= 1
    new = session.get(FrameCount, {**key, "unit_id": new_unit})
    if new is None:
        session.add(FrameCount(**key, unit_id=new_unit, n=1))
    else:
        new.n += 1


def _need_round_unit(session: Session, round_: SurveyRound, unit_id: int) -> None:
    """Add a unit to the round if nobody was asked there before."""
    if session.get(RoundUnit, {"round_id": round_.id, "unit_id": unit_id}) is not None:
        return
    period: UnitPeriod | None = unit_periods(session, round_.reference_date).get(unit_id)
    if period is None:
        raise Fault("Enheten fanns inte på mätdagen. Välj en enhet som gällde då.", "new_unit")
    session.add(
        RoundUnit(
            round_id=round_.id,
            unit_id=unit_id,
            name=period.name,
            provider_id=period.provider_id,
            provider_name=period.provider.name,
            district_id=period.district_id,
            district_name=period.district.name,
            operating_form=period.operating_form,
        )
    )
    session.flush()


def _apply_unit(session: Session, round_: SurveyRound, invitation: Invitation, new_unit_id: int) -> bool:
    if new_unit_id == invitation.unit_id:
        raise Fault("Personen hör redan till den enheten.", "new_unit")
    if invitation.status in ACCEPTED:
        return False
    _need_round_unit(session, round_, new_unit_id)
    _move_frame(session, invitation, invitation.unit_id, new_unit_id)
    invitation.unit_id = new_unit_id
    return True


def _apply_status(invitation: Invitation, new_status: InvitationStatus) -> bool:
    if new_status not in CORRECTABLE:
        raise Fault("Att ett svar har kommit kan bara svaret självt säga. Välj något annat.", "new_status")
    if new_status is invitation.status:
        raise Fault(f"Det står redan så: {STATUS_WORDS[new_status]}.", "new_status")
    if invitation.status in ACCEPTED:
        return False
    invitation.status = new_status
    return True


def _check_asked(reason: str, *, changes: bool) -> None:
    if not reason.strip():
        raise Fault("Skriv varför, till exempel ”anhörig ringde”.", "reason")
    if not changes:
        raise Fault("Välj vad som ska ändras.", "new_status")


def _locked(session: Session, invitation_id: bytes) -> Invitation:
    found = session.get(Invitation, invitation_id, with_for_update=True)
    if found is None:
        raise NotFoundFault("Inbjudan finns inte.")
    return found


def correct_invitation(
    session: Session,
    clock: Clock,
    invitation_id: bytes,
    *,
    new_status: InvitationStatus | None = None,
    new_unit_id: int | None = None,
    reason: str,
    account_id: int | None,
) -> bool:
    """Write a correction and, where no answer has come, apply it; return whether it was applied.

    An answer that has come stays with the frame's unit, and counts: nobody can find it among the others any more.

    Raises
    ------
    Fault
        Without a reason, or when nothing would change.
    ConflictFault
        If the round is counted.
    """
    _check_asked(reason, changes=new_status is not None or new_unit_id is not None)
    with writing(session):
        invitation = _locked(session, invitation_id)
        round_ = session.get_one(SurveyRound, invitation.round_id)
        require_state(round_, RoundState.OPEN, RoundState.CLOSED)
        correction = InvitationCorrection(
            invitation_id=invitation_id,
            corrected_on=today(clock),
            account_id=account_id,
            old_status=invitation.status if new_status and invitation.status not in ACCEPTED else None,
            new_status=new_status,
            old_unit_id=invitation.unit_id if new_unit_id else None,
            new_unit_id=new_unit_id,
            reason=reason.strip(),
        )
        applied = True
        if new_unit_id is not None:
            applied = _apply_unit(session, round_, invitation, new_unit_id)
        if new_status is not None:
            applied = _apply_status(invitation, new_status) and applied
        session.add(correction)
        details = {"status": new_status.value if new_status else None, "unit": new_unit_id, "applied": applied}
        subject = f"round:{round_.id}"
        record(session, clock, account_id=account_id, action="invitation.corrected", subject=subject, details=details)
    return applied
