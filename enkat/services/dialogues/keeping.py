"""Writing a record of dialogue: what may not stand in it, who may write it, and what it said before."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.dialogues import Dialogue, DialogueKind, DialogueVersion, delete_dialogues
from enkat.records.organisations import District
from enkat.records.rounds_queries import unit_periods
from enkat.records.writing import writing
from enkat.services.accounts.rights import Actor, Right
from enkat.services.audit.recording import record
from enkat.services.faults import Fault, Faults, NotFoundFault
from enkat.services.register.masking import mask

LONGEST = 10_000
MOST = 5_000
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}")
_PHONE = re.compile(r"(?<!\d)(?:\+|0)(?:[ \-/()]*\d){7,14}(?!\d)")
NOT_FOUND = "Anteckningen finns inte, eller hör till en annan stadsdel än din."


class DoubtfulFault(Fault):
    """The text may point somebody out; it is kept where the writer has read it and says that it does not."""


@dataclass(frozen=True, kw_only=True)
class DialogueEntry:
    """What is written of a dialogue; the fields mean what they do in `Dialogue`."""

    held_on: date
    kind: DialogueKind
    theme: str
    participants: int
    findings: str
    district_id: int | None = None
    unit_id: int | None = None
    feedback_on: date | None = None
    feedback: str = ""


def doubts_about(text: str) -> list[str]:
    """Return what in a text looks as if it could point somebody out, in Swedish; empty where nothing does."""
    found = []
    if _EMAIL.search(text):
        found.append("en e-postadress")
    if _PHONE.search(text):
        found.append("ett telefonnummer")
    return found


def _faults(clock: Clock, entry: DialogueEntry) -> Iterator[tuple[str, str]]:
    if not entry.theme.strip():
        yield "theme", "Skriv vad ni talade om."
    if entry.held_on > today(clock):
        yield "held_on", "Dagen har inte varit än. Skriv när ni träffades."
    if not 1 <= entry.participants <= MOST:
        yield "participants", f"Skriv hur många som deltog: 1 till {MOST}. Skriv inga namn."
    if not entry.findings.strip():
        yield "findings", "Skriv vad som kom fram."
    if (entry.feedback_on is None) != (not entry.feedback.strip()):
        yield "feedback", "Skriv både dagen och hur deltagarna fick veta vad som hände, eller lämna båda tomma."
    if entry.feedback_on is not None and entry.feedback_on < entry.held_on:
        yield "feedback_on", "Återkopplingen kan inte ha varit före mötet."
    for name in ("theme", "findings", "feedback"):
        text = getattr(entry, name)
        if len(text) > LONGEST:
            yield name, f"Texten är för lång. Korta den till {LONGEST} tecken."
        if mask(text) != text:
            yield name, "Det står något som ser ut som ett personnummer. Ta bort det."


def _checked(clock: Clock, entry: DialogueEntry, *, certain: bool) -> DialogueEntry:
    found = list(_faults(clock, entry))
    if found:
        raise Faults("Anteckningen går inte att spara.", [text for _, text in found], [name for name, _ in found])
    doubts = doubts_about(f"{entry.theme}\n{entry.findings}\n{entry.feedback}")
    if doubts and not certain:
        raise DoubtfulFault(
            f"Det ser ut att stå {' och '.join(doubts)} i texten. Ta bort det som pekar ut någon. "
            "Pekar det inte ut någon? Kryssa för det och spara igen.",
            "certain",
        )
    tidy = {name: getattr(entry, name).replace("\r\n", "\n").strip() for name in ("theme", "findings", "feedback")}
    return DialogueEntry(**{**asdict(entry), **tidy})


def _place(session: Session, actor: Actor, entry: DialogueEntry) -> tuple[int | None, int | None]:
    """Return district and unit of an entry; refuse a place that the writer has no right to."""
    district_id, unit_id = entry.district_id, entry.unit_id
    if unit_id is not None:
        period = unit_periods(session, entry.held_on).get(unit_id)
        if period is None:
            raise Fault("Enheten fanns inte den dagen. Välj en annan enhet eller dag.", "unit_id")
        district_id = period.district_id
    elif district_id is not None and session.get(District, district_id) is None:
        raise Fault("Stadsdelen finns inte.", "district_id")
    if not actor.may(Right.KEEP_DIALOGUES, district_id=district_id):
        raise Fault("Du för anteckningar för din egen stadsdel. Välj den, eller en enhet där.", "district_id")
    return district_id, unit_id


def get_dialogue(session: Session, actor: Actor, dialogue_id: int) -> Dialogue:
    """Return a record that the reader may see and change; NotFoundFault otherwise."""
    found = session.get(Dialogue, dialogue_id)
    if found is None or not actor.may(Right.KEEP_DIALOGUES, district_id=found.district_id):
        raise NotFoundFault(NOT_FOUND)
    return found


def add_dialogue(
    session: Session, clock: Clock, actor: Actor, entry: DialogueEntry, *, certain: bool = False
) -> Dialogue:
    """Keep a new record of dialogue.

    Raises
    ------
    Faults, DoubtfulFault
        What is wrong with the entry, or may point somebody out.
    """
    entry = _checked(clock, entry, certain=certain)
    with writing(session):
        made = Dialogue()
        _write(session, actor, made, entry)
        session.add(made)
        session.flush()
        record(session, clock, account_id=actor.account_id, action="dialogue.added", subject=f"dialogue:{made.id}")
    return made


def change_dialogue(
    session: Session, clock: Clock, actor: Actor, dialogue_id: int, entry: DialogueEntry, *, certain: bool = False
) -> Dialogue:
    """Change a record and keep what it said before; see `add_dialogue`."""
    entry = _checked(clock, entry, certain=certain)
    with writing(session):
        found = get_dialogue(session, actor, dialogue_id)
        before = content_of(found)
        _write(session, actor, found, entry)
        if content_of(found) == before:
            return found
        session.add(
            DialogueVersion(
                dialogue_id=found.id,
                number=len(found.versions) + 1,
                content=before,
                changed_on=today(clock),
                account_id=actor.account_id,
            )
        )
        session.flush()
        session.expire(found, ["versions"])
        record(session, clock, account_id=actor.account_id, action="dialogue.changed", subject=f"dialogue:{found.id}")
    return found


def _write(session: Session, actor: Actor, row: Dialogue, entry: DialogueEntry) -> None:
    district_id, unit_id = _place(session, actor, entry)
    for name, value in asdict(entry).items():
        setattr(row, name, value)
    row.district_id, row.unit_id = district_id, unit_id


def content_of(row: Dialogue) -> dict[str, str | int | None]:
    """Return what a record says, as its history keeps it."""
    return {
        "held_on": row.held_on.isoformat(),
        "kind": row.kind.value,
        "theme": row.theme,
        "district_id": row.district_id,
        "unit_id": row.unit_id,
        "participants": row.participants,
        "findings": row.findings,
        "feedback_on": row.feedback_on.isoformat() if row.feedback_on else None,
        "feedback": row.feedback,
    }


def remove_dialogue(session: Session, clock: Clock, actor: Actor, dialogue_id: int) -> None:
    """Remove a record with its history; the log keeps that it was there."""
    with writing(session):
        found = get_dialogue(session, actor, dialogue_id)
        details = {"held_on": found.held_on.isoformat(), "kind": found.kind.value}
        delete_dialogues(session, [found.id])
        record(
            session,
            clock,
            account_id=actor.account_id,
            action="dialogue.removed",
            subject=f"dialogue:{dialogue_id}",
            details=details,
        )
