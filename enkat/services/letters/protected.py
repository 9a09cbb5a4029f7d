"""Letters to people with protected identity: one at a time, by a named role, shown once and never kept as a file."""

from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.documents.typesetting import compile_apart
from enkat.records.invitations import CodeKind
from enkat.records.letters import BatchState, LetterBatch, LetterFormat
from enkat.records.letters_queries import Recipient, invitations_with_letter, protected_recipients
from enkat.records.rounds import RoundState
from enkat.records.writing import writing
from enkat.services.accounts.rights import Actor, Right
from enkat.services.audit.recording import record
from enkat.services.faults import NotFoundFault
from enkat.services.letters.codes import make_codes
from enkat.services.letters.wording import Letters
from enkat.services.rounds.finding import get_round, require_state
from enkat.settings import Secrets, Settings

NOBODY = "Personen finns inte bland dem med skyddade uppgifter som väntar på brev."


def _require(actor: Actor) -> None:
    if not actor.may(Right.HANDLE_PROTECTED):
        raise NotFoundFault(NOBODY)


def waiting_protected(session: Session, clock: Clock, actor: Actor, round_id: int) -> list[tuple[Recipient, bool]]:
    """Return the people with protected identity who have not answered, and whether each has been written to.

    The look is logged.
    """
    _require(actor)
    found = protected_recipients(session, round_id)
    written = invitations_with_letter(session, [recipient.invitation_id for recipient in found])
    record(
        session,
        clock,
        account_id=actor.account_id,
        action="protected.listed",
        subject=f"round:{round_id}",
        details={"people": len(found)},
    )
    return [(recipient, recipient.invitation_id in written) for recipient in found]


def make_protected_letter(
    session: Session,
    clock: Clock,
    settings: Settings,
    secrets: Secrets,
    *,
    actor: Actor,
    round_id: int,
    invitation_id: bytes,
) -> bytes:
    """Return one letter as PDF, without name and address: whoever handles it writes the envelope.

    Raises
    ------
    NotFoundFault
        If the person is not among those waiting, or the actor may not handle protected identities.
    """
    _require(actor)
    round_ = get_round(session, round_id)
    require_state(round_, RoundState.OPEN)
    found = next((one for one in protected_recipients(session, round_id) if one.invitation_id == invitation_id), None)
    if found is None:
        raise NotFoundFault(NOBODY)
    kind = CodeKind.REMINDER if invitations_with_letter(session, [invitation_id]) else CodeKind.LETTER
    with writing(session):
        batch = LetterBatch(
            round_id=round_id,
            kind=kind,
            format=LetterFormat.PDF,
            unit_id=found.unit_id,
            protected=True,
            state=BatchState.PRINTED,
            letters=1,
            ordered_on=today(clock),
            finished_on=today(clock),
            account_id=actor.account_id,
        )
        session.add(batch)
        session.flush()
        subject = f"letter_batch:{batch.id}"
        record(session, clock, account_id=actor.account_id, action="protected.letter", subject=subject)
    code = make_codes(session, secrets, round_, [invitation_id], kind, batch_id=batch.id)[0]
    words = Letters(settings, round_, kind, today(clock))
    return compile_apart("letter", {"common": words.common(), "letters": [words.one(found, code, lines=[""])]})
