"""Rounds with loose codes: of staff, and a provider's own survey."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.ballots.derivation import derive
from enkat.ballots.sealing import KeyPair
from enkat.ballots.vocabulary import Helper, Mode, Respondent
from enkat.instruments.vocabulary import ServiceType
from enkat.records.invitations import CodeKind, Invitation
from enkat.records.organisations import Provider
from enkat.records.retention import Protocol
from enkat.records.round_kinds import RoundKind
from enkat.records.rounds import SurveyRound
from enkat.records.rounds_queries import snapshots_of
from enkat.services.ballots.answering import Answering, send
from enkat.services.ballots.code_entry import instrument_of
from enkat.services.ballots.counting import count
from enkat.services.letters.codes import make_codes
from enkat.services.rounds.closing import close_round
from enkat.services.rounds.opening import open_round, secret_name
from enkat.services.rounds.planning import Handout
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.rounds import HOME, Register, SmallRound, catalogue, invitation_ids, planned_round

FACES = ["plain", "easy"]


def staff_plan(**changes: Any) -> dict[str, Any]:
    """What is changed in a plan to make it a staff survey."""
    return {
        "kind": RoundKind.STAFF,
        "loose_codes": True,
        "instruments": [(ServiceType.STAFF, "personal")],
        "faces": FACES,
        "threshold_internal": 10,
        "threshold_public": 10,
        **changes,
    }


def opened_loose(
    session: Session, clock: FixedClock, settings: Settings, round_: SurveyRound, pair: KeyPair, register: Register
) -> SmallRound:
    """Open a planned round and make a code for each of its forms."""
    secrets = Secrets(settings)
    opened = open_round(session, clock, settings, secrets, round_.id, None, catalogue())
    ids = invitation_ids(session, opened.id)
    codes = make_codes(session, secrets, opened, ids, CodeKind.LETTER)
    session.rollback()  # ends the read, so that a test sees what the pages write
    return SmallRound(opened.id, opened.short_name, pair, register, ids, codes)


def own_survey(session: Session, clock: FixedClock, units: dict[str, int], **changes: Any) -> SurveyRound:
    """Plan the first provider's own survey, with the city's core and a supplement."""
    values: dict[str, Any] = {
        "short_name": "egen26",
        "kind": RoundKind.PROVIDER_OWN,
        "loose_codes": True,
        "provider_id": session.scalars(select(Provider.id)).first(),
        "instruments": [(HOME, "hemtjanst")],
        "supplements": ["telefon"],
        "handouts": {units["BJÖ"]: Handout(codes=12)},
    }
    return planned_round(session, clock, **values | changes)


def answer_loose(
    session: Session, clock: FixedClock, settings: Settings, made: SmallRound, answered: dict[str, int], option: int = 1
) -> None:
    """Send so many answers in each unit, by its code, each with the same option of every question."""
    secret = Secrets(settings).get(secret_name(made.round_id))
    unit_of = {row.id: row.unit_id for row in session.scalars(select(Invitation))}
    (snapshot,) = snapshots_of(session, made.round_id).values()
    asked = instrument_of(session, snapshot.sha256).choice_questions
    answers = {question.id: option for question in asked if question.condition is None}
    for code, wanted in answered.items():
        own = [at for at, one in enumerate(made.invitation_ids) if unit_of[one] == made.register.units[code]]
        for at in own[:wanted]:
            keys = derive(made.codes[at], secret, settings.scrypt_log2_n)
            answering = Answering(dict(answers), Mode.WEB, Respondent.SELF, Helper.NONE)
            assert send(session, clock, round_id=made.round_id, keys=keys, answering=answering).accepted


def count_loose(session: Session, clock: FixedClock, made: SmallRound) -> Protocol:
    """Close a round and count it."""
    close_round(session, clock, made.round_id, None, early=True)
    return count(session, clock, made.round_id, private=made.pair.private, present=["Ada", "Bo"], account_id=None)
