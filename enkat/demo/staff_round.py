"""A survey of staff in the demo city: slips with loose codes in a few units, read and answered, and counted."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.ballots.codes import read_code
from enkat.ballots.derivation import derive
from enkat.ballots.vocabulary import Helper, Mode, Respondent
from enkat.demo.cities import LATER, CityPlan
from enkat.demo.place import DemoPlace, MovingClock
from enkat.demo.rounds import Show, close_and_count, destroy, open_with_keys, yearly
from enkat.demo.staff import account_id
from enkat.instruments.catalogue import Catalogue
from enkat.instruments.instrument import Instrument
from enkat.instruments.vocabulary import ServiceType
from enkat.records.accounts import Role
from enkat.records.letters import LetterFormat
from enkat.records.organisations import Unit
from enkat.records.round_kinds import RoundKind
from enkat.records.rounds import Design, SurveyRound
from enkat.records.writing import writing
from enkat.services.ballots.answering import Answering, send
from enkat.services.faults import Fault
from enkat.services.jobs.running import run_waiting
from enkat.services.letters.files import existing_file
from enkat.services.letters.ordering import order_letters
from enkat.services.rounds.finding import get_round_by_name
from enkat.services.rounds.opening import secret_name
from enkat.services.rounds.planning import Handout, RoundPlan, plan_of, plan_round

SHORT_NAME, TITLE = f"personal{LATER}", f"Hur har du det på jobbet? {LATER}"
OPENS = date(LATER, 5, 4)
CLOSES = date(LATER, 5, 22)
HANDOUTS = (Handout(codes=26, people=24), Handout(codes=18, people=18), Handout(codes=16))
"""Three units' slips; nobody knows how many got one in the third."""
ANSWERED = 0.7
"""Share of the slips that come back."""
CHANCES = (0.35, 0.35, 0.15, 0.1, 0.05)


def staff_round(
    place: DemoPlace, session: Session, clock: MovingClock, *, city: CityPlan, catalogue: Catalogue, show: Show
) -> None:
    """Take a staff survey from the plan to the count, with the particulars of the year's user survey."""
    clock.go_to(OPENS, 8)
    before = plan_of(session, get_round_by_name(session, yearly(LATER).short_name))
    round_ = plan_round(session, clock, _plan(session, city, before))
    shares = open_with_keys(place, session, clock, catalogue, round_.id)
    slips = _slips(place, session, clock, round_.id)
    _answer(place, session, clock, round_, instrument=catalogue.instruments["personal"], slips=slips)
    close_and_count(session, clock, round_.id, shares, show)
    destroy(place, session, clock, round_.id, show)


def _plan(session: Session, city: CityPlan, before: RoundPlan) -> RoundPlan:
    ids = dict(session.execute(select(Unit.code, Unit.id)).all())
    units = city.in_year(LATER)[: len(HANDOUTS)]
    return replace(
        before,
        short_name=SHORT_NAME,
        title=TITLE,
        kind=RoundKind.STAFF,
        loose_codes=True,
        handouts={ids[unit.code]: handout for unit, handout in zip(units, HANDOUTS, strict=True)},
        instruments=[(ServiceType.STAFF, "personal")],
        supplements=[],
        faces=["plain", "easy"],
        design=Design.CENSUS,
        sample_sizes={},
        sample_seed=None,
        threshold_internal=RoundKind.STAFF.rules.least,
        threshold_public=RoundKind.STAFF.rules.least,
        release_plan={},
        previous_round_id=None,
        reference_date=OPENS - timedelta(days=3),
        opens_on=OPENS,
        closes_on=CLOSES,
        interval_years=2,
    )


def _slips(place: DemoPlace, session: Session, clock: MovingClock, round_id: int) -> Path:
    """Order the slips as a file for the printer, and let the job make it."""
    manager = account_id(session, Role.ROUND_MANAGER)
    batch = order_letters(session, clock, round_id, LetterFormat.PRINT_SHOP, account_id=manager)
    run_waiting(place.sessions, clock, place.settings, place.secrets)
    session.refresh(batch)
    path = existing_file(place.settings, batch)
    if path is None:
        raise Fault("Lapparna till personalen blev inte gjorda.")
    return path


def _answer(
    place: DemoPlace, session: Session, clock: MovingClock, round_: SurveyRound, *, instrument: Instrument, slips: Path
) -> None:
    """Let most of those who got a slip answer with the code that stands on it."""
    rng = np.random.default_rng([LATER, len(HANDOUTS)])
    with slips.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    secret, cost = place.secrets.get(secret_name(round_.id)), place.settings.scrypt_log2_n
    clock.go_to(OPENS + timedelta(days=7), 13)
    with writing(session):
        for unit in dict.fromkeys(row["Enhet"] for row in rows):
            own = [row for row in rows if row["Enhet"] == unit]
            for row in own[: round(len(own) * ANSWERED)]:
                keys = derive(read_code(row["Kod"]), secret, cost)
                answering = Answering(_opinions(rng, instrument), Mode.WEB, Respondent.SELF, Helper.NONE)
                send(session, clock, round_id=round_.id, keys=keys, answering=answering)


def _opinions(rng: np.random.Generator, instrument: Instrument) -> dict[str, int | str]:
    """Return an answer to every question, more often a good one."""
    found: dict[str, int | str] = {}
    for question in instrument.choice_questions:
        codes = sorted(code for code in question.scale.codes if code > 0) if question.scale else []
        weights = np.array(CHANCES[: len(codes)])
        found[question.id] = int(rng.choice(codes, p=weights / weights.sum()))
    return found
