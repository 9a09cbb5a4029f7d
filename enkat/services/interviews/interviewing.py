"""The interview: a fresh code that nobody sees, the same draft and box as every answer, and no way back to it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from enkat.ballots.derivation import CodeKeys, derive
from enkat.ballots.vocabulary import Helper, Mode, Respondent
from enkat.clock import Clock
from enkat.records.calls import Booking, CallOutcome, Wish
from enkat.records.invitations import CodeKind, Invitation
from enkat.records.letters_queries import kill_code
from enkat.records.rounds import SurveyRound
from enkat.records.writing import writing
from enkat.services.accounts.rights import Actor
from enkat.services.ballots.answering import Answering, Sent, send
from enkat.services.ballots.drafting import AlreadyReceivedFault, DraftContent, forget_draft
from enkat.services.ballots.rounds import require_open
from enkat.services.interviews.calling import count_outcome, empty, find_call
from enkat.services.interviews.profiles import require_independent
from enkat.services.letters.codes import make_code
from enkat.services.rounds.opening import secret_name
from enkat.settings import Secrets

MODES = {Wish.PHONE: Mode.PHONE, Wish.VISIT: Mode.INTERVIEWER}


@dataclass(frozen=True, slots=True)
class Begun:
    """An interview that can go on: the keys of a code that was shown to nobody."""

    round_id: int
    keys: CodeKeys
    mode: Mode
    language: str


def begin(session: Session, clock: Clock, secrets: Secrets, actor: Actor, booking_id: bytes) -> Begun:
    """Make a fresh code of the invitation and return its keys; no moment of it is written anywhere.

    Raises
    ------
    OwnProviderFault
        Whoever asks works for the unit's provider.
    AlreadyReceivedFault, RoundClosedFault
        No answer can be given.
    """
    row = find_call(session, actor, booking_id)
    booking = row.booking
    round_ = session.get_one(SurveyRound, booking.round_id)
    require_open(round_, clock)
    require_independent(session, actor.account_id, round_id=round_.id, unit_id=row.unit_id)
    if not session.get_one(Invitation, booking.invitation_id).status.may_send:
        raise AlreadyReceivedFault
    code = make_code(session, secrets, round_, booking.invitation_id, CodeKind.PHONE)
    keys = derive(code, secrets.get(secret_name(round_.id)), round_.scrypt_log2_n or 0)
    return Begun(round_.id, keys, MODES[booking.wish], booking.language)


def finish(
    session: Session,
    clock: Clock,
    actor: Actor,
    booking_id: bytes,
    *,
    begun: Begun,
    draft: DraftContent,
) -> Sent:
    """Send the answer and empty the booking, in one transaction.

    Where an answer had already come in another way, that one stands and the booking goes.
    """
    answering = Answering(
        answers=draft.answers,
        mode=begun.mode,
        respondent=draft.respondent or Respondent.SELF,
        helper=draft.helper or Helper.NONE,
        language=draft.language,
        interviewer=str(actor.account_id),
    )
    with writing(session):
        sent = send(session, clock, round_id=begun.round_id, keys=begun.keys, answering=answering)
        booking = session.get(Booking, booking_id)
        if sent.accepted:
            count_outcome(session, begun.round_id, actor.account_id, CallOutcome.INTERVIEWED)
        if booking is not None and sent.accepted:
            booking.outcome = CallOutcome.INTERVIEWED
            empty(booking)
        elif booking is not None:
            session.delete(booking)
    return sent


def abandon(session: Session, begun: Begun) -> None:
    """Forget an interview that was broken off: its answers so far, and the code that opened them."""
    with writing(session):
        forget_draft(session, begun.keys)
        kill_code(session, begun.keys.lookup)
