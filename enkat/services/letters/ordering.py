"""Ordering letters: a batch for a unit, a district or the city, which a job then makes."""

from typing import Literal

from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.invitations import CodeKind
from enkat.records.letters import BatchState, LetterBatch, LetterFormat, QuestionnaireKind
from enkat.records.letters_queries import count_recipients, unfinished_batch
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.rounds_queries import round_district_by_name, round_unit_by_code
from enkat.records.waves import ContactWave
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import ConflictFault, Fault, NotFoundFault
from enkat.services.jobs.queue import enqueue
from enkat.services.questionnaires.enclosing import require_enclosable
from enkat.services.rounds.finding import get_round, require_state

LETTERS_JOB = "letters"
ShopFile = Literal["csv", "xlsx"]
KINDS = frozenset({CodeKind.LETTER, CodeKind.REMINDER})
NOBODY = {
    CodeKind.LETTER: "Alla där har redan fått ett brev. Beställ en påminnelse, eller gör om ett utskick som fastnade.",
    CodeKind.REMINDER: "Ingen där väntar på en påminnelse.",
}


def get_batch(session: Session, batch_id: int) -> LetterBatch:
    """Return a batch of letters; NotFoundFault where there is none."""
    found = session.get(LetterBatch, batch_id)
    if found is None:
        raise NotFoundFault("Utskicket finns inte. Välj ett i listan.")
    return found


def order_letters(
    session: Session,
    clock: Clock,
    round_id: int,
    format: LetterFormat,  # noqa: A002  # the domain's word
    *,
    district_id: int | None = None,
    unit_id: int | None = None,
    kind: CodeKind = CodeKind.LETTER,
    shop_file: ShopFile = "csv",
    questionnaire: QuestionnaireKind | None = None,
    account_id: int | None,
    replaces_id: int | None = None,
    wave: ContactWave | None = None,
) -> LetterBatch:
    """Order letters to the open invitations of a unit, a district or (neither given) the city; a job makes them.

    A first letter goes to those who have none. A reminder carries a code of its own. With `questionnaire`, a form on
    paper with the letter's code lies with each. People with protected identity are never in a batch. With a wave only
    those on its list get one.

    Raises
    ------
    Fault
        If nobody is to get a letter.
    ConflictFault
        If the round is not open, or the same order is waiting.
    """
    with writing(session):
        round_ = get_round(session, round_id)
        require_state(round_, RoundState.OPEN)
        _check_order(round_, kind, questionnaire, format)
        batch = LetterBatch(
            round_id=round_id,
            kind=kind,
            format=format,
            district_id=district_id,
            unit_id=unit_id,
            questionnaire=questionnaire,
            state=BatchState.ORDERED,
            ordered_on=today(clock),
            replaces_id=replaces_id,
            account_id=account_id,
        )
        _place(session, batch, wave)
        arguments = {"batch_id": batch.id, "shop_file": shop_file}
        batch.job_id = enqueue(session, clock, LETTERS_JOB, arguments, account_id).id
        details = {"batch": batch.id, "kind": kind.value, "format": format.value, "letters": batch.letters}
        subject = f"round:{round_id}"
        record(session, clock, account_id=account_id, action="letters.ordered", subject=subject, details=details)
    return batch


def _place(session: Session, batch: LetterBatch, wave: ContactWave | None) -> None:
    """Add a batch, for a wave's list if there is one, and count its letters."""
    session.add(batch)
    session.flush()
    if wave is not None:
        wave.batch_id = batch.id
        session.flush()
    batch.letters = _checked_count(session, batch)


def _check_order(
    round_: SurveyRound, kind: CodeKind, questionnaire: QuestionnaireKind | None, format_: LetterFormat
) -> None:
    """Refuse a reminder of loose codes, and forms that cannot lie in the envelope."""
    if round_.loose_codes and kind is CodeKind.REMINDER:
        raise Fault("Ingen vet vem som har fått en lös kod. Därför finns ingen påminnelse.", "kind")
    if questionnaire is None:
        return
    if format_ is not LetterFormat.PDF:
        raise Fault("Formulär görs bara som färdiga sidor. Välj färdiga brev (PDF).", "questionnaire")
    if round_.loose_codes:
        raise Fault("Lösa koder delas ut som lappar, utan formulär. Välj bara brev.", "questionnaire")
    require_enclosable(round_, questionnaire)


def _checked_count(session: Session, batch: LetterBatch) -> int:
    """Return how many letters an order gives; a Fault where it makes no sense."""
    if batch.kind not in KINDS:
        raise Fault("Välj brev eller påminnelse.", "kind")
    if batch.district_id is not None and batch.unit_id is not None:
        raise Fault("Välj en stadsdel eller en enhet, inte båda.", "unit_id")
    if unfinished_batch(session, batch) is not None:
        raise ConflictFault("Ett likadant utskick görs just nu. Vänta tills det är klart.")
    count = count_recipients(session, batch)
    if count == 0:
        raise Fault(NOBODY[batch.kind])
    return count


def find_unit(session: Session, round_id: int, code: str) -> int:
    """Return the id of a round's unit by its code."""
    found = round_unit_by_code(session, round_id, code)
    if found is None:
        raise NotFoundFault(f"Enheten {code} är inte med i omgången.")
    return found


def find_district(session: Session, round_id: int, name: str) -> int:
    """Return the id of a round's district by its name."""
    found = round_district_by_name(session, round_id, name)
    if found is None:
        raise NotFoundFault(f"Stadsdelen {name} är inte med i omgången.")
    return found
