"""Each holder's own yes or no: is the share still in hand? Asked again in the last two weeks before a round closes."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from enkat.ballots.key_shares import WrongShares, share_mark
from enkat.clock import Clock, today
from enkat.records.accounts import Account, AccountState
from enkat.records.keys import KeyHolder, holders_of
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.ballots.rounds import find_round
from enkat.services.keys.combining import WrongSharesFault
from enkat.services.messages.queueing import queue_message
from enkat.settings import Settings

WINDOW: Final = timedelta(days=14)
"""So long before a round closes every holder is asked to look for the share once more."""
SUBJECT: Final = "Prova din nyckeldel"
BODY: Final = """Hej {name}!

Du har en del av nyckeln till {title}. Undersökningen stänger {closes_on}.
Leta fram papperet och prova din del på sidan nedan. Det tar en minut. Delen sparas inte.

{address}

Är papperet borta? Säg till den som ansvarar för omgången i dag. Medan nog många delar finns kvar kan du få en ny.
"""


def confirm_share(session: Session, clock: Clock, round_id: int, words: str, *, account_id: int | None) -> KeyHolder:
    """Return the holder whose present share the words are, and note the day; the words are not kept.

    One share tells nothing of the key, but its mark tells whether it is one of the round's and undamaged.

    Raises
    ------
    WrongSharesFault
        The words are misspelt, or no present share of the round.
    """
    try:
        mark = share_mark(words)
    except WrongShares as fault:
        raise WrongSharesFault(str(fault), "share_1") from fault
    find_round(session, round_id)
    with writing(session):
        holder = next((one for one in holders_of(session, round_id) if one.share_mark == mark), None)
        if holder is None:
            raise WrongSharesFault("Nej. Delen är hel, men hör inte till den här omgången eller är ersatt.", "share_1")
        holder.confirmed_on = today(clock)
        details = {"holder": holder.name, "generation": holder.generation}
        record(
            session, clock, account_id=account_id, action="keys.confirmed", subject=f"round:{round_id}", details=details
        )
    return holder


def due_since(survey_round: SurveyRound) -> date:
    """Return the day from which a confirmation counts for the coming count."""
    return survey_round.closes_on - WINDOW


def unconfirmed(session: Session, survey_round: SurveyRound) -> list[KeyHolder]:
    """Return the present holders who have not confirmed their share in the last two weeks before closing."""
    since = due_since(survey_round)
    holders = holders_of(session, survey_round.id)
    return [one for one in holders if one.confirmed_on is None or one.confirmed_on < since]


def remind_holders(sessions: sessionmaker[Session], clock: Clock, settings: Settings) -> int:
    """Queue one message to each holder with an account once the last two weeks have begun; return how many."""
    day, queued = today(clock), 0
    with sessions() as session:
        rounds = session.scalars(select(SurveyRound).where(SurveyRound.state == RoundState.OPEN)).all()
        for survey_round in rounds:
            if not due_since(survey_round) <= day <= survey_round.closes_on:
                continue
            for holder in unconfirmed(session, survey_round):
                queued += _remind(session, clock, settings, survey_round, holder)
    return queued


def _remind(session: Session, clock: Clock, settings: Settings, survey_round: SurveyRound, holder: KeyHolder) -> bool:
    account = session.get(Account, holder.account_id) if holder.account_id is not None else None
    since = due_since(survey_round)
    if account is None or account.state is AccountState.CLOSED or (holder.reminded_on or date.min) >= since:
        return False
    body = BODY.format(
        name=holder.name,
        title=survey_round.title,
        closes_on=survey_round.closes_on.isoformat(),
        address=f"{settings.public_url.rstrip('/')}/stad/omgangar/{survey_round.short_name}/nycklar/prova",
    )
    with writing(session):
        holder.reminded_on = today(clock)
        queue_message(session, clock, recipient=account.email, subject=SUBJECT, body=body)
    return True
