"""One person says the same on the web, to an interviewer and through a proxy: shared questions get the same codes.

Generated for every instrument in `surveys/`, walked through the real pages.
"""

from collections.abc import Callable, Iterator
from zlib import crc32

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from enkat.ballots.ballot import Ballot
from enkat.ballots.sealing import open_ballot
from enkat.ballots.vocabulary import Mode, Respondent
from enkat.instruments.instrument import Instrument
from enkat.instruments.missing import Missing
from enkat.instruments.snapshot import snapshot, snapshot_hash
from enkat.records.accounts import Role
from enkat.records.ballots import SealedBallot
from enkat.records.calls import Wish
from enkat.records.invitations import Invitation
from enkat.records.rounds import InstrumentSnapshot
from enkat.records.writing import writing
from enkat.services.interviews.booking import Agreed, book
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.accounts import log_in_as, make_account
from tests.factories.interviewing import ask_all, begin
from tests.factories.respondents import enter
from tests.factories.rounds import SmallRound, catalogue, small_round
from tests.factories.walking import Walker

pytestmark = pytest.mark.one_database
INSTRUMENTS = list(catalogue().instruments.values())


def persona(question: str, choices: dict[str, str]) -> str | None:
    """Choose by the question's id alone, never by its words or its place; one in seven is left out."""
    codes = sorted((code for code in choices.values() if code != str(Missing.WILL_NOT_SAY.value)), key=int)
    drawn = crc32(question.encode())
    return None if drawn % 7 == 0 else codes[drawn % len(codes)]


def on_the_web(walker: Walker, opened: SmallRound, number: int, who: str) -> None:
    """Answer with the letter's code."""
    enter(walker, opened, number).press("Börja").press("Nästa", {"who": who})
    if who == "proxy":
        walker.press("Nästa", {"helper": "relative"})
    for _ in range(60):
        if "granska" in walker.path:
            break
        question, choices = walker.path.rsplit("/", 1)[1], walker.choices()
        chosen = persona(question, choices) if choices else None
        walker.press("Nästa", {"answer": chosen} if chosen else {})
        if walker.notice:
            walker.press("Hoppa över")
    walker.press("Skicka mina svar")


class Field:
    """A round in which every invitation is about one instrument."""

    def __init__(self, app: Flask, session: Session, clock: FixedClock, settings: Settings) -> None:
        self.app, self.session, self.clock = app, session, clock
        self.opened = small_round(session, clock, settings, Secrets(settings))
        self.asker = make_account(session, clock, Role.INTERVIEWER)

    def use(self, instrument: Instrument) -> None:
        """Let every invitation be about an instrument."""
        text = snapshot(instrument)
        digest = snapshot_hash(text)
        with writing(self.session):
            if self.session.get(InstrumentSnapshot, digest) is None:
                self.session.add(InstrumentSnapshot(sha256=digest, instrument_id=instrument.id, content=text))
                self.session.flush()
            self.session.execute(update(Invitation).values(snapshot_sha256=digest))

    def web(self, number: int, who: str) -> None:
        """Answer on the web."""
        on_the_web(Walker(self.app.test_client()), self.opened, number, who)

    def interview(self, number: int, who: str, wish: Wish) -> None:
        """Answer to an interviewer."""
        made = book(
            self.session,
            self.clock,
            self.opened.invitation_ids[number],
            Agreed(wish=wish),
            account_id=self.asker.id,
        )
        walker = Walker(log_in_as(self.app, self.session, self.clock, self.asker))
        call = f"/intervju/{self.opened.short_name}/samtal/{made.id.hex()}"
        ask_all(begin(walker, call, who, "relative" if who == "proxy" else ""), persona, "")
        walker.press("Skicka svaren")

    def ballots(self) -> Iterator[Ballot]:
        """Open the box."""
        self.session.rollback()
        for content in self.session.scalars(select(SealedBallot.content)):
            yield Ballot.from_bytes(open_ballot(self.opened.pair.private, content))


@pytest.fixture
def field(app: Flask, session: Session, clock: FixedClock, app_settings: Settings) -> Field:
    return Field(app, session, clock, app_settings)


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda instrument: instrument.id)
def test_one_person_gets_the_same_codes_whatever_the_way(field: Field, instrument: Instrument) -> None:
    field.use(instrument)
    ways: dict[tuple[Mode, Respondent], Callable[[], None]] = {
        (Mode.WEB, Respondent.SELF): lambda: field.web(0, "self"),
        (Mode.PHONE, Respondent.SELF): lambda: field.interview(1, "self", Wish.PHONE),
        (Mode.INTERVIEWER, Respondent.SELF): lambda: field.interview(2, "self", Wish.VISIT),
        (Mode.WEB, Respondent.PROXY): lambda: field.web(3, "proxy"),
        (Mode.PHONE, Respondent.PROXY): lambda: field.interview(4, "proxy", Wish.PHONE),
    }
    for walk in ways.values():
        walk()
    found = {(ballot.mode, ballot.respondent): ballot.vector for ballot in field.ballots()}
    assert found.keys() == ways.keys()
    shared = [place for place, question in enumerate(instrument.choice_questions) if not question.only_proxy]
    answers = {way: tuple(vector[place] for place in shared) for way, vector in found.items()}
    assert len(set(answers.values())) == 1, answers
    assert len(set(next(iter(answers.values())))) > 1
    proxies = [found[way] for way in found if way[1] is Respondent.PROXY]
    assert proxies[0] == proxies[1]
