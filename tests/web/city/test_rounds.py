"""Pages of a round: planned in steps, opened, followed, corrected, closed."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.ballots.vocabulary import Mode
from enkat.clock import today
from enkat.records.accounts import Role
from enkat.records.audit import AuditEntry
from enkat.records.clients import Client
from enkat.records.invitations import Invitation, InvitationCode, InvitationStatus, add_to_week
from enkat.records.rounds import Design, HistoricFigure, RoundState, SurveyRound
from enkat.records.writing import writing
from enkat.services.rounds.planning import plan_of, plan_round
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.accounts import log_in_as, make_account, staff_client
from tests.factories.rounds import (
    HOME,
    SmallRound,
    a_plan,
    add_keys,
    add_retention_rules,
    planned_round,
    small_register,
    small_round,
)

BASE = "/stad/omgangar"


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


def send(client: FlaskClient, address: str, *, form_at: str = "", **fields: Any) -> str:
    """Fill in a form and return the page that follows."""
    html = page(client, form_at or address)
    token = html.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    answer = client.post(address, data={"csrf_token": token, **fields}, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return answer.text


def look_again(session: Session) -> None:
    """Forget what was read, so that the next look sees what the pages wrote."""
    session.rollback()
    session.expire_all()


@pytest.fixture
def manager(app: Flask, session: Session, clock: FixedClock) -> FlaskClient:
    return staff_client(app, session, clock, Role.ROUND_MANAGER)


@pytest.fixture
def made(session: Session, clock: FixedClock, app_settings: Settings) -> SmallRound:
    return small_round(session, clock, app_settings, Secrets(app_settings))


def test_a_round_is_planned_in_steps_and_opened(manager: FlaskClient, session: Session, clock: FixedClock) -> None:
    small_register(session)
    add_retention_rules(session)
    day = today(clock)
    assert "Det finns ingen omgång än." in page(manager, BASE)
    basics: dict[str, Any] = {
        "title": "Vad tycker du?",
        "short_name": "host26",
        "reference_date": day - timedelta(days=20),
        "opens_on": day,
        "closes_on": day + timedelta(days=30),
        "interval_years": 4,
        "kind": "user_survey",
    }
    html = send(manager, f"{BASE}/ny", **basics)
    assert "Vilka som frågas" in html
    html = send(
        manager,
        f"{BASE}/host26/plan/vilka",
        instrument_home_care="hemtjanst",
        order_home_care=1,
        form_per="person",
        design="census",
        minimum_age=65,
    )
    assert "Frågor och hjälp" in html
    send(
        manager,
        f"{BASE}/host26/plan/fragor",
        languages=["sv", "en"],
        faces=["plain", "easy", "proxy"],
        supplements=["maltider"],
        staff_may_help="y",
    )
    shown: dict[str, Any] = {"breakdowns": ["sex", "without_proxies"], "protection": "milp"}
    send(manager, f"{BASE}/host26/plan/resultat", threshold_internal=5, threshold_public=7, **shown)
    others = {"title", "short_name", "bookable_assistant"}
    formal = {name: text for name, text in vars(a_plan(clock)).items() if isinstance(text, str) and name not in others}
    formal |= {"second_keying_percent": "20", "keying_error_permille": "3"}
    html = send(manager, f"{BASE}/host26/plan/uppgifter", **formal)
    assert "Nycklarna är inte gjorda" in html
    round_ = session.scalars(select(SurveyRound)).one()
    assert plan_of(session, round_).release_plan == shown
    assert (round_.minimum_age, round_.second_keying_percent, round_.keying_error_permille) == (65, 20, 3)
    add_keys(session, clock, round_.id)
    assert "Inget saknas." in page(manager, f"{BASE}/host26/ram")
    assert "Jag har läst igenom planen" in page(manager, f"{BASE}/host26/oppna")
    html = send(manager, f"{BASE}/host26/oppna")
    assert "Bekräfta att planen är genomläst." in html
    html = send(manager, f"{BASE}/host26/oppna", sure="y")
    assert "Omgången är öppen." in html
    look_again(session)
    assert round_.state is RoundState.OPEN


def test_what_is_wrong_is_said_at_the_field_and_what_was_written_stays(
    manager: FlaskClient, session: Session, clock: FixedClock
) -> None:
    plan_round(session, clock, a_plan(clock))
    html = send(
        manager,
        f"{BASE}/prov26/plan/resultat",
        threshold_internal=3,
        threshold_public=7,
        breakdowns=["sex"],
        protection="closing",
    )
    assert "<title>Fel:" in html
    assert 'href="#threshold_internal"' in html
    assert 'value="3"' in html
    assert plan_of(session, session.scalars(select(SurveyRound)).one()).threshold_internal == 5


def test_a_sample_has_a_page_of_its_own(manager: FlaskClient, session: Session, clock: FixedClock) -> None:
    register = small_register(session)
    plan_round(session, clock, a_plan(clock, design=Design.SAMPLE))
    unit = register.units["BJÖ"]
    assert "Björken, 8 i ramen" in page(manager, f"{BASE}/prov26/plan/urval")
    sizes: dict[str, Any] = {f"unit_{unit}": 4}
    html = send(manager, f"{BASE}/prov26/plan/urval", **sizes)
    assert "Sparat." in html
    look_again(session)
    assert plan_of(session, session.scalars(select(SurveyRound)).one()).sample_sizes == {unit: 4}


def test_the_frame_page_shows_dry_figures(manager: FlaskClient, session: Session, clock: FixedClock) -> None:
    small_register(session)
    planned_round(session, clock)
    html = page(manager, f"{BASE}/prov26/ram")
    assert re.search(r'<th scope="row">Björken</th><td>Centrum</td><td class="number">8</td>', html)
    assert "Ramens kontrollsumma" in html
    assert "för få att visa" in html


def test_a_practice_round_is_marked(manager: FlaskClient, session: Session, clock: FixedClock) -> None:
    plan_round(session, clock, a_plan(clock, practice=True))
    for address in (f"{BASE}/prov26", f"{BASE}/prov26/plan/grund", f"{BASE}/prov26/ram"):
        assert "Det här är en övning." in page(manager, address)


def test_the_status_board_tells_who_answered_how_much_and_never_what(
    manager: FlaskClient, session: Session, made: SmallRound
) -> None:
    with writing(session):
        for invitation_id in made.invitation_ids[:4]:
            invitation = session.get_one(Invitation, invitation_id)
            invitation.status = InvitationStatus.SENT
            add_to_week(session, invitation, "2026-W41", Mode.WEB, accepted=1)
    html = page(manager, f"{BASE}/prov26/lage")
    assert "Testperson" not in html
    assert "50\N{NO-BREAK SPACE}%" in html
    assert "v. 41" in html
    assert "Svaren öppnas " in html
    assert "Svaren vecka för vecka" in html
    priced = page(manager, f"{BASE}/prov26/lage?fixed=1000&per_invitation=10&web_price=5")
    assert "1\N{NO-BREAK SPACE}190 kronor" in priced
    assert "Ett pris är 0 eller mer." in page(manager, f"{BASE}/prov26/lage?fixed=-1")


def test_a_district_reader_sees_the_own_district(
    app: Flask, session: Session, clock: FixedClock, made: SmallRound
) -> None:
    account = make_account(session, clock, Role.DISTRICT_READER, district_id=made.register.districts["Norra"])
    reader = log_in_as(app, session, clock, account)
    html = page(reader, f"{BASE}/prov26/lage")
    assert "Granen" in html
    assert "Björken" not in html
    assert reader.get(f"{BASE}/prov26/rattelser").status_code == 403
    assert reader.get(f"{BASE}/prov26/oppna").status_code == 403
    assert reader.get(f"{BASE}/prov26/brev").status_code == 403


def test_a_correction_is_made_with_its_reason_and_logged(
    manager: FlaskClient, session: Session, made: SmallRound
) -> None:
    client_id = session.get_one(Invitation, made.invitation_ids[0]).client_id
    reference = session.get_one(Client, client_id).reference
    html = page(manager, f"{BASE}/prov26/rattelser?q={reference}")
    address = re.search(rf'href="({BASE}/prov26/rattelser/[0-9a-f]+)"', html)
    assert address is not None
    assert "Välj ett läge eller en enhet." in send(manager, address[1], reason="anhörig ringde")
    html = send(manager, address[1], reason="anhörig ringde", new_status="deceased")
    assert "Rättelsen är sparad." in html
    assert "Avliden" in html
    look_again(session)
    assert session.get_one(Invitation, made.invitation_ids[0]).status is InvitationStatus.DECEASED
    actions = set(session.scalars(select(AuditEntry.action)))
    assert {"invitation.searched", "invitation.corrected", "round.opened"} <= actions


def test_a_lost_letter_stops_working(manager: FlaskClient, session: Session, made: SmallRound) -> None:
    address = f"{BASE}/prov26/rattelser/{made.invitation_ids[0].hex()}"
    assert "1 kod är stoppad." in send(manager, f"{address}/borta", form_at=address)
    look_again(session)
    codes = session.scalars(select(InvitationCode).where(InvitationCode.live.is_(False))).all()
    assert [code.invitation_id for code in codes] == [made.invitation_ids[0]]


def test_closing_asks_and_warns_when_the_letters_promise_more(
    manager: FlaskClient, session: Session, made: SmallRound
) -> None:
    html = page(manager, f"{BASE}/prov26/stang")
    assert "Stänger du nu bryts löftet." in html
    assert "Bekräfta att omgången ska stängas." in send(manager, f"{BASE}/prov26/stang")
    assert "Omgången är stängd." in send(manager, f"{BASE}/prov26/stang", sure="y")
    look_again(session)
    assert session.get_one(SurveyRound, made.round_id).state is RoundState.CLOSED


def test_an_opened_plan_cannot_be_changed(manager: FlaskClient, made: SmallRound) -> None:
    answer = manager.get(f"{BASE}/prov26/plan/grund")
    assert answer.status_code == 409
    assert "Planen kan inte ändras längre." in answer.text


def test_earlier_surveys_are_entered_from_a_file(manager: FlaskClient, session: Session) -> None:
    small_register(session)
    html = send(manager, f"{BASE}/tidigare/ny", title="Undersökning 2003", year=2003, source="Rapport 2004:1")
    assert "Inga resultat är införda än." in html
    address = f"{BASE}/tidigare/1"
    bad = (io.BytesIO("Fråga;Andel\nfeels_safe;0,8\n".encode()), "2003.csv")
    html = send(manager, address, file=bad)
    assert "Rad 2, Andel" in html
    assert session.scalars(select(HistoricFigure)).all() == []
    good = (io.BytesIO("Fråga;Andel;Enhet\nfeels_safe;85,5;\nfeels_safe;80;BJÖ\n".encode()), "2003.csv")
    html = send(manager, address, file=good)
    assert "2 resultat är införda." in html
    assert "85,5" in html


def test_rounds_are_listed_with_the_next_due_year(manager: FlaskClient, made: SmallRound) -> None:
    html = page(manager, BASE)
    assert "Nästa omgång väntas 2030." in html
    assert "prov26" in html
    assert HOME.label in page(manager, f"{BASE}/prov26")


def test_assumptions_change_answers_margin_and_cost(manager: FlaskClient, session: Session, clock: FixedClock) -> None:
    small_register(session)
    plan_round(session, clock, a_plan(clock))
    address = f"{BASE}/prov26/plan/rakna"
    first = page(manager, address)
    assert "Väntad osäkerhet per enhet" in first
    assert "går inte att nå" in first
    rows = first.split("Som omgången är planerad", 1)[1].split("</tr>", 1)[0]
    everybody = int(re.findall(r'class="number">(\d+)<', rows)[0])
    query = "rate=100&share=80&margin=12,5&goals-0-target=75&fixed=1000&per_invitation=10"
    query += "&paper_part=50&paper_price=20&web_part=50&web_price=0&phone_part=0&phone_price="
    other = page(manager, f"{address}?{query}")
    rows = other.split("Som omgången är planerad", 1)[1].split("</tr>", 1)[0]
    numbers = [
        int(found.replace("\N{NO-BREAK SPACE}", "")) for found in re.findall(r'class="number">([\d\xa0]+)<', rows)
    ]
    assert numbers == [everybody, everybody, 1000 + everybody * 20, everybody * 10, 0, 0]
    assert 'value="12,5"' in other
    assert "100 %" in other.split("Chans till besked", 1)[1]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("rate=120&share=85&margin=10&goals-0-target=85", "Skriv ett tal större än 0 och högst 100."),
        ("rate=60&share=85&margin=10&goals-0-target=101", "Skriv ett tal större än 0 och högst 100."),
        ("rate=abc&share=85&margin=10&goals-0-target=85", "Skriv ett tal, till exempel 60."),
        ("rate=nan&share=85&margin=10&goals-0-target=85", "Skriv ett tal, till exempel 60."),
        (
            "rate=60&share=85&margin=10&goals-0-target=85&paper_part=50&web_part=10&phone_part=10",
            "Andelarna för svarssätten ska bli 100 procent tillsammans.",
        ),
        (
            "rate=60&share=85&margin=10&goals-0-target=85,123&paper_part=100&web_part=0&phone_part=0",
            "högst två decimaler",
        ),
    ],
)
def test_assumptions_that_cannot_be_are_told(
    manager: FlaskClient, session: Session, clock: FixedClock, query: str, sentence: str
) -> None:
    plan_round(session, clock, a_plan(clock))
    html = page(manager, f"{BASE}/prov26/plan/rakna?{query}")
    assert "<title>Fel:" in html
    assert sentence in html
    assert "Tre sätt att fråga" not in html


def test_an_opened_round_is_not_planned_any_more(manager: FlaskClient, made: SmallRound) -> None:
    del made
    assert "Omgången är öppnad." in manager.get(f"{BASE}/prov26/plan/rakna").text
