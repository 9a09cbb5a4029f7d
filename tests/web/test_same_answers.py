"""The same person gives the same option codes whatever the way, for every instrument of the city.

Web, a keyed sheet, the telephone and a visit are walked through the real pages, for oneself and for somebody else.

A further way of answering is one more function in `WAYS`: it gets a persona and a code, and sends.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from enkat.ballots.ballot import Ballot
from enkat.ballots.sealing import open_ballot
from enkat.ballots.vocabulary import Helper, Mode, Respondent
from enkat.instruments.instrument import Instrument
from enkat.instruments.routing import path
from enkat.instruments.snapshot import snapshot, snapshot_hash
from enkat.records.accounts import Account, Role
from enkat.records.ballots import SealedBallot
from enkat.records.calls import Wish
from enkat.records.invitations import Invitation
from enkat.records.rounds import InstrumentSnapshot, SurveyRound
from enkat.records.writing import writing
from enkat.services.interviews.booking import Agreed, book
from enkat.services.paper.key_strokes import fields_of
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.accounts import log_in_as, make_account
from tests.factories.interviewing import ask_all, begin
from tests.factories.paper import as_written
from tests.factories.rounds import SmallRound, catalogue, small_round
from tests.factories.walking import Walker

pytestmark = pytest.mark.one_database


@dataclass(frozen=True)
class Persona:
    """Who answers what: option codes by question, what is skipped left out."""

    respondent: Respondent
    helper: Helper
    answers: dict[str, int]
    text: str


@dataclass
class Place:
    """Where the personas answer."""

    app: Flask
    session: Session
    clock: FixedClock
    made: SmallRound
    instrument: Instrument
    digest: str
    interviewer: Account
    walkers: dict[str, Walker] = field(default_factory=dict)


def _persona(instrument: Instrument, number: int) -> Persona:
    rng = random.Random(f"{instrument.id} {number}")  # noqa: S311 - a simulation
    who, helper = (
        (Respondent.SELF, Helper.NONE),
        (Respondent.SELF_HELPED, Helper.PROVIDER_STAFF),
        (Respondent.PROXY, Helper.RELATIVE),
    )[number % 3]
    drawn = {
        question.id: rng.choice(question.scale.codes)
        for question in instrument.choice_questions
        if question.scale is not None and rng.random() < 0.85
    }
    shown = {question.id for question in path(instrument, drawn, proxy=who is Respondent.PROXY)}
    answers = {name: code for name, code in drawn.items() if name in shown}
    return Persona(who, helper, answers, f"Å, {number} ord." if number % 2 else "")


def _by_web(place: Place, persona: Persona, code: str) -> None:
    walker = Walker(place.app.test_client())
    walker.get(f"/o/{place.made.short_name}").press("Fortsätt", {"code": code}).press("Börja")
    walker.press("Nästa", {"who": persona.respondent})
    if persona.helper is not Helper.NONE:
        walker.press("Nästa", {"helper": persona.helper})
    for _ in range(60):
        if "granska" in walker.path:
            break
        name = walker.path.rpartition("/")[2]
        given = persona.answers.get(name) if walker.choices() else persona.text
        walker.press("Nästa", {"answer": str(given)} if given else {})
        if walker.notice:
            walker.press("Hoppa över")
    walker.press("Skicka mina svar")
    assert walker.path.endswith("/tack")


def _by_paper(place: Place, persona: Persona, code: str) -> None:
    base = f"/papper/{place.made.short_name}"
    opener, keyer = place.walkers["opener"], place.walkers["keyer"]
    opener.get(f"{base}/oppna").press("Registrera", {"code": code}).press("Lämna bunten till inskrivning")
    keys = ""
    for one in fields_of(as_written, place.instrument, place.instrument.service):
        if one.only_proxy and persona.respondent is not Respondent.PROXY:
            continue
        wanted = {"A": persona.respondent, "B": persona.helper}.get(one.number) or persona.answers.get(one.question_id)
        keys += next((box.key for box in one.boxes if box.value == wanted), "0")
    texts = {f"text_{question.id}": persona.text for question in place.instrument.text_questions}
    keyer.get(f"{base}/skriv").press("Öppna bladet", {"code": code}).press("Spara", {"keys": keys, **texts})
    assert "Sparat" in keyer.notice


def _by_interview(wish: Wish) -> Callable[[Place, Persona, str], None]:
    def way(place: Place, persona: Persona, code: str) -> None:
        invitation_id = place.made.invitation_ids[place.made.codes.index(code)]
        agreed = Agreed(wish=wish)
        made = book(place.session, place.clock, invitation_id, agreed, account_id=place.interviewer.id)
        helper = "" if persona.helper is Helper.NONE else persona.helper
        walker = begin(
            place.walkers["interviewer"],
            f"/intervju/{place.made.short_name}/samtal/{made.id.hex()}",
            persona.respondent,
            helper,
        )
        ask_all(walker, lambda question, _choices: _chosen(persona, question), persona.text)
        walker.press("Skicka svaren")

    return way


def _chosen(persona: Persona, question: str) -> str | None:
    code = persona.answers.get(question)
    return None if code is None else str(code)


WAYS: dict[Mode, Callable[[Place, Persona, str], None]] = {
    Mode.WEB: _by_web,
    Mode.PAPER: _by_paper,
    Mode.PHONE: _by_interview(Wish.PHONE),
    Mode.INTERVIEWER: _by_interview(Wish.VISIT),
}
HELPED_APART = frozenset({Mode.PHONE, Mode.INTERVIEWER})
"""Whoever asks is the help: nobody who answers to an interviewer is asked who else helps."""


@pytest.fixture(params=sorted(catalogue().instruments))
def place(
    request: pytest.FixtureRequest, app: Flask, session: Session, clock: FixedClock, app_settings: Settings
) -> Place:
    instrument = catalogue().instruments[request.param]
    made = small_round(session, clock, app_settings, Secrets(app_settings))
    content = snapshot(instrument)
    digest = snapshot_hash(content)
    with writing(session):
        if session.get(InstrumentSnapshot, digest) is None:
            session.add(InstrumentSnapshot(sha256=digest, instrument_id=instrument.id, content=content))
            session.flush()
        session.execute(update(Invitation).values(snapshot_sha256=digest, service=instrument.service))
        session.execute(update(SurveyRound).values(second_keying_percent=0))
    interviewer = make_account(session, clock, Role.INTERVIEWER)
    found = Place(app, session, clock, made, instrument, digest, interviewer)
    staff = {
        "opener": make_account(session, clock, Role.OPENER),
        "keyer": make_account(session, clock, Role.KEYER),
        "interviewer": interviewer,
    }
    found.walkers = {name: Walker(log_in_as(app, session, clock, account)) for name, account in staff.items()}
    session.rollback()
    return found


def _new_ballot(place: Place, seen: set[bytes]) -> Ballot:
    place.session.rollback()
    contents = set(place.session.query(SealedBallot.content).all()) - seen
    ((content,),) = contents
    seen |= contents
    return Ballot.from_bytes(open_ballot(place.made.pair.private, content))


def test_every_way_gives_the_same_codes(place: Place) -> None:
    codes, seen = iter(place.made.codes), set[bytes]()
    for number in range(3):
        persona = _persona(place.instrument, number)
        ways = [way for way in WAYS if persona.respondent is not Respondent.SELF_HELPED or way not in HELPED_APART]
        told = {}
        for way in ways:
            WAYS[way](place, persona, next(codes))
            ballot = _new_ballot(place, seen)
            assert (ballot.mode, ballot.instrument_hash) == (way, place.digest)
            told[way] = (ballot.vector, ballot.respondent, ballot.helper, dict(ballot.free_texts))
        assert {way: one for way, one in told.items() if one != told[Mode.WEB]} == {}, persona
