"""Answers of the demo city that come by paper: opened, keyed by one, checked by another, accepted pile by pile."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from enkat.ballots.derivation import CodeKeys
from enkat.clock import Clock
from enkat.demo.place import DemoPlace
from enkat.demo.staff import account_ids
from enkat.records.accounts import Role
from enkat.records.rounds import SurveyRound
from enkat.services.ballots.answering import Answering
from enkat.services.paper.key_strokes import BLANK, HELPER, WHO, KeyField, asked
from enkat.services.paper.keying import find_sheet, key_sheet
from enkat.services.paper.listing import piles
from enkat.services.paper.opening import BATCH_SIZE, hand_over, open_sheet
from enkat.services.paper.scanning import Desk


@dataclass(frozen=True)
class Returned:
    """A form in an envelope: its code and what is marked on it."""

    code: str
    keys: CodeKeys
    answering: Answering


def as_written(text: str) -> str:
    """Return a text in the keyers' language, which is Swedish."""
    return text


def send_on_paper(
    place: DemoPlace, session: Session, clock: Clock, round_: SurveyRound, forms: Sequence[Returned]
) -> None:
    """Open forms and key them, a pile at a time; another keyer keys what is drawn again."""
    (opener,), (first, second) = account_ids(session, Role.OPENER), account_ids(session, Role.KEYER)
    desk = Desk(round_.id, round_.short_name, place.settings, place.secrets, "127.0.0.1")
    for start in range(0, len(forms), BATCH_SIZE):
        pile = forms[start : start + BATCH_SIZE]
        for form in pile:
            open_sheet(session, clock, desk, typed=form.code, blank=False, account_id=opener)
        number, _sheets = hand_over(session, round_id=round_.id, account_id=opener)
        for form in pile:
            _key(session, clock, round_, form, first)
        lying = next(one for one in piles(session, round_.id) if one.batch.number == number)
        for position in lying.to_key_again:
            _key(session, clock, round_, pile[position - 1], second)


def _key(session: Session, clock: Clock, round_: SurveyRound, form: Returned, account_id: int) -> None:
    sheet = find_sheet(session, as_written, round_id=round_.id, keys=form.keys, account_id=account_id)
    answers = form.answering.answers
    texts = {name: str(answers.get(name, "")) for name, *_words in sheet.texts}
    key_sheet(session, clock, sheet, typed=_line(sheet.fields, form.answering), texts=texts, account_id=account_id)


def _line(fields: Sequence[KeyField], answering: Answering) -> str:
    """Return the keys of what is marked on a form."""
    who: dict[str, object] = {WHO: answering.respondent, HELPER: answering.helper}
    keys = ""
    for field in fields:
        wanted = who.get(field.number, answering.answers.get(field.question_id))
        keys += next((box.key for box in field.boxes if box.value == wanted), BLANK)
    return keys[: len(asked(fields, keys))]
