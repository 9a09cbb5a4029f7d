"""The same person gives the same option codes on the web and by a keyed sheet, for every instrument of the city.

A further way of answering is one more function in `WAYS`: it gets a persona and a code, and sends.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from enkat.ballots.ballot import Ballot
from enkat.ballots.sealing import open_ballot
from enkat.ballots.vocabulary import Helper, Respondent
from enkat.instruments.instrument import Instrument
from enkat.instruments.routing import path
from enkat.instruments.snapshot import snapshot, snapshot_hash
from enkat.records.accounts import Role
from enkat.records.ballots import SealedBallot
from enkat.records.invitations import Invitation
from enkat.records.rounds import InstrumentSnapshot, SurveyRound
from enkat.records.writing import writing
from enkat.services.paper.key_strokes import fields_of
from enkat.settings import Settings
from tests.clocks import FixedClock
from tests.factories.accounts import log_in_as, make_account
from tests.factories.ballots import SECRET, OpenRound, add_round
from tests.factories.paper import as_written
from tests.factories.rounds import catalogue
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
    made: OpenRound
    short_name: str
    instrument: Instrument
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
    walker.get(f"/o/{place.short_name}").press("Fortsätt", {"code": code}).press("Börja")
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
    base = f"/papper/{place.short_name}"
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


WAYS: dict[str, Callable[[Place, Persona, str], None]] = {"web": _by_web, "paper": _by_paper}


@pytest.fixture(params=sorted(catalogue().instruments))
def place(
    request: pytest.FixtureRequest, app: Flask, session: Session, clock: FixedClock, app_settings: Settings
) -> Place:
    instrument = catalogue().instruments[request.param]
    made = add_round(session, clock, (3 * len(WAYS),), real_codes=True)
    (app_settings.data_dir / "secrets" / f"round_{made.round_id}").write_text("demo-" + SECRET.hex())
    content = snapshot(instrument)
    digest = snapshot_hash(content)
    with writing(session):
        session.execute(insert(InstrumentSnapshot).values(sha256=digest, instrument_id=instrument.id, content=content))
        session.execute(update(Invitation).values(snapshot_sha256=digest, service=instrument.service))
        session.execute(update(SurveyRound).values(second_keying_percent=0))
    short_name = session.get_one(SurveyRound, made.round_id).short_name
    found = Place(app, session, clock, made, short_name, instrument)
    for name, role in (("opener", Role.OPENER), ("keyer", Role.KEYER)):
        found.walkers[name] = Walker(log_in_as(app, session, clock, make_account(session, clock, role)))
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
        sent = {}
        for name, way in WAYS.items():
            way(place, persona, next(codes))
            sent[name] = _new_ballot(place, seen)
        told = {
            name: (one.vector, one.respondent, one.helper, dict(one.free_texts), one.instrument_hash)
            for name, one in sent.items()
        }
        assert told["paper"] == told["web"], persona
        assert {one.mode for one in sent.values()} == set(WAYS)
