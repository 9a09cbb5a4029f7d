"""Reading, masking and releasing free texts. Until a reader has decided nobody else sees a text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.answers import FreeText, FreeTextState
from enkat.records.rounds import RoundUnit, SurveyRound
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import ConflictFault, Fault, NotFoundFault

NUMBER_MASK = "[nummer]"
ADDRESS_MASK = "[adress]"
LONGEST_MASKED = 4000

_NUMBER = re.compile(r"\+?\d(?:[\s\-]?\d){4,}")
_EMAIL = re.compile(r"\S+@\S+\.\w+")


@dataclass(frozen=True, slots=True)
class TextToRead:
    """A free text before the reader.

    Attributes
    ----------
    unit_name
        Where it belongs; None where the unit was too small to keep its name.
    suggestion
        The text with numbers and addresses masked, to go on from.
    """

    id: bytes
    unit_name: str | None
    question_id: str
    content: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How far the reading of a round has come: texts per state."""

    survey_round: SurveyRound
    counts: dict[FreeTextState, int]

    @property
    def unread(self) -> int:
        """Texts that wait for a reader."""
        return self.counts.get(FreeTextState.UNREAD, 0)

    @property
    def total(self) -> int:
        """All texts of the round."""
        return sum(self.counts.values())


def suggest_mask(text: str) -> str:
    """Return a text with e-mail addresses and long numbers masked; names are for the reader to find."""
    return _NUMBER.sub(NUMBER_MASK, _EMAIL.sub(ADDRESS_MASK, text))


def readings(session: Session) -> list[Reading]:
    """Return every round that has free texts, the newest first."""
    rows = session.execute(
        select(FreeText.round_id, FreeText.state, func.count()).group_by(FreeText.round_id, FreeText.state)
    )
    counts: dict[int, dict[FreeTextState, int]] = {}
    for round_id, state, number in rows:
        counts.setdefault(round_id, {})[state] = number
    rounds = session.scalars(select(SurveyRound).where(SurveyRound.id.in_(counts)).order_by(SurveyRound.id.desc()))
    return [Reading(found, counts[found.id]) for found in rounds]


def next_text(session: Session, round_id: int, skip: Sequence[bytes] = ()) -> TextToRead | None:
    """Return the next unread text of a round, in the random order of ids; None when all are read."""
    found = session.execute(
        select(FreeText, RoundUnit.name)
        .outerjoin(RoundUnit, (RoundUnit.unit_id == FreeText.unit_id) & (RoundUnit.round_id == FreeText.round_id))
        .where(FreeText.round_id == round_id, FreeText.state == FreeTextState.UNREAD, FreeText.id.not_in(skip))
        .order_by(FreeText.id)
        .limit(1)
    ).first()
    if found is None:
        return None
    text, unit_name = found
    return TextToRead(text.id, unit_name, text.question_id, text.content, suggest_mask(text.content))


def decide(
    session: Session,
    clock: Clock,
    *,
    round_id: int,
    text_id: bytes,
    state: FreeTextState,
    masked: str,
    account_id: int,
) -> None:
    """Write the reader's decision: released as masked, withheld, or worrying (withheld and to be acted on).

    Raises
    ------
    ConflictFault
        Somebody else has read the text meanwhile.
    Fault
        A text is to be released but nothing of it is left, or it is too long.
    """
    masked = masked.replace("\r\n", "\n").strip()
    if state is FreeTextState.UNREAD:
        raise Fault("Välj vad som ska hända med texten.", "state")
    if state is FreeTextState.RELEASED and not masked:
        raise Fault("Det finns ingen text att lämna ut. Välj att inte lämna ut den.", "masked")
    if len(masked) > LONGEST_MASKED:
        raise Fault(f"Texten är för lång. Högst {LONGEST_MASKED} tecken.", "masked")
    with writing(session):
        text = session.get(FreeText, text_id)
        if text is None or text.round_id != round_id:
            raise NotFoundFault("Texten finns inte. Läs nästa.")
        session.refresh(text, with_for_update=True)
        if text.state is not FreeTextState.UNREAD:
            raise ConflictFault("Någon annan har redan läst texten. Läs nästa.")
        text.state = state
        text.masked = masked if state is FreeTextState.RELEASED else ""
        record(
            session,
            clock,
            account_id=account_id,
            action="free_text.read",
            subject=f"round:{round_id}",
            details={"state": state.value},
        )


def worrying_texts(session: Session, round_id: int) -> list[TextToRead]:
    """Return the texts that somebody must act on, for the reader to hand to the lex Sarah function per unit."""
    rows = session.execute(
        select(FreeText, RoundUnit.name)
        .outerjoin(RoundUnit, (RoundUnit.unit_id == FreeText.unit_id) & (RoundUnit.round_id == FreeText.round_id))
        .where(FreeText.round_id == round_id, FreeText.state == FreeTextState.WORRYING)
        .order_by(FreeText.id)
    )
    return [TextToRead(text.id, name, text.question_id, text.content, "") for text, name in rows]


def released_texts(session: Session, round_id: int) -> list[tuple[int | None, str, str]]:
    """Return what may be shown further: unit id (None = the unit is too small), question id and masked text."""
    rows = session.scalars(
        select(FreeText)
        .where(FreeText.round_id == round_id, FreeText.state == FreeTextState.RELEASED)
        .order_by(FreeText.id)
    )
    return [(text.unit_id, text.question_id, text.masked) for text in rows]
