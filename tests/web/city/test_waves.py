"""Pages of waves: plan, read the exact words, say yes, follow, help those who were not reached."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from enkat.records.accounts import Role
from enkat.records.audit import AuditEntry
from enkat.records.imports import ImportBatch
from enkat.records.invitations import InvitationStatus
from enkat.records.rounds import SurveyRound
from enkat.records.waves import ContactWave, RecipientState, WaveRecipient, WaveState
from enkat.records.writing import writing
from enkat.settings import Settings
from tests.clocks import FixedClock
from tests.factories.accounts import staff_client
from tests.factories.waves import Waves, open_with_contacts
from tests.web.city.test_rounds import look_again, page, send

WAVES = "/stad/omgangar/prov26/utskick"


@pytest.fixture
def waves(session: Session, sessions: sessionmaker[Session], clock: FixedClock, app_settings: Settings) -> Waves:
    return open_with_contacts(session, sessions, clock, app_settings)


@pytest.fixture
def manager(app: Flask, session: Session, clock: FixedClock, waves: Waves) -> FlaskClient:
    return staff_client(app, session, clock, Role.ROUND_MANAGER)


def plan(manager: FlaskClient, **values: str) -> str:
    facts = {"kind": "reminder", "planned_on": "2026-10-05", "channel": "wish", "letter_file": "csv"}
    return send(manager, WAVES, **{**facts, **values})


def one(session: Session) -> ContactWave:
    look_again(session)
    return session.scalars(select(ContactWave).order_by(ContactWave.id.desc())).first()


def test_a_wave_is_planned_read_said_yes_to_and_followed(manager: FlaskClient, session: Session, waves: Waves):
    assert "Inga utskick är planerade än." in page(manager, WAVES)
    html = plan(manager)
    assert "Har du redan svarat? Tack, då behöver du inte göra något." in html
    assert "Have you already answered?" in html
    assert "Brev, så börjar det" in html
    assert "Bekräfta utskicket till 17" in html
    assert "Koden står i brevet." in html
    wave = one(session)
    own = f"{WAVES}/{wave.id}"
    assert "Bekräfta att du har läst" in send(manager, f"{own}/bekrafta", form_at=own, number="17")
    for number in ("", "-1", "9" * 30, "sjutton"):
        send(manager, f"{own}/bekrafta", form_at=own, number=number, sure="y")
        assert one(session).approved_for is None
    html = send(manager, f"{own}/bekrafta", form_at=own, number="17", sure="y")
    assert "Bekräftat för högst 17" in html
    assert waves.tick() == 11
    html = page(manager, own)
    assert "11 av 17" in html
    assert "Till breven" in html
    listed = page(manager, f"{own}/lista?lage=handed")
    assert listed.count('<tr><th scope="row">P0') == 11
    look_again(session)
    actions = set(session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("wave."))))
    assert actions >= {"wave.planned", "wave.approved", "wave.built", "wave.started", "wave.listed"}
    assert "Skickas" in page(manager, WAVES)


def test_those_not_reached_get_letters_by_one_press(manager: FlaskClient, session: Session, waves: Waves):
    plan(manager, channel="sms")
    wave = one(session)
    waves.approve(wave.id)
    waves.tick()
    with writing(session):
        rows = session.scalars(select(WaveRecipient).where(WaveRecipient.wave_id == wave.id)).all()
        rows[0].state, rows[0].fault = RecipientState.UNCERTAIN, "Sms-tjänsten svarade inte."
        rows[1].repeats = 1
    own = f"{WAVES}/{wave.id}"
    html = page(manager, own)
    assert "Oklart om det kom fram" in html
    assert "1 meddelande kan ha kommit två gånger" in html
    assert "Sms-tjänsten svarade inte." in page(manager, f"{own}/lista?lage=uncertain")
    assert page(manager, f"{own}/lista?igen=1").count("<tr><th") == 1 + 1
    html = send(manager, f"{own}/brev", form_at=own)
    assert "dem som ett tidigare utskick inte nådde" in html
    assert one(session).after_id == wave.id
    assert "Bekräfta utskicket till 1" in html


def test_a_holiday_is_refused_with_a_better_day(manager: FlaskClient):
    html = plan(manager, planned_on="2026-10-31")
    assert (
        "31 oktober 2026 är ledig (Alla helgons dag). Då skickar vi inget. Välj till exempel 2 november 2026." in html
    )
    assert 'id="planned_on-error"' in plan(manager, planned_on="snart")


def test_codes_in_messages_are_the_rounds_choice_and_shown_in_the_words(
    manager: FlaskClient, session: Session, waves: Waves
):
    assert "Välj brev, eller ändra omgångens val om koder." in plan(manager, kind="invitation", channel="sms")
    html = send(manager, f"{WAVES}/koder", form_at=WAVES, carried="yes")
    assert "kan svara i personens ställe" in html
    look_again(session)
    assert session.get_one(SurveyRound, waves.round_id).codes_in_messages
    html = plan(manager, kind="invitation", channel="sms")
    assert "/o/prov26#0000000000000000" in html


def test_a_list_is_built_early_and_called_off(manager: FlaskClient, session: Session, waves: Waves):
    plan(manager, channel="letter")
    wave = one(session)
    own = f"{WAVES}/{wave.id}"
    assert "Utskickets lista byggs" in send(manager, f"{own}/lista", form_at=own)
    waves.tick()
    html = page(manager, own)
    assert "Bygg om listan nu" in html
    assert "Registret lästes in 2026-10-05." in html
    assert "Inställt" in send(manager, f"{own}/stall-in", form_at=own)
    assert one(session).state is WaveState.CANCELLED


def test_an_old_register_and_a_late_day_are_warned_of(manager: FlaskClient, session: Session, clock: FixedClock):
    html = plan(manager, planned_on="2026-11-02")
    assert "Läs in ett nytt uttag" not in html
    assert "Ett brev kan komma fram för sent." in html
    with writing(session):
        session.execute(update(ImportBatch).values(decided_at=clock() - timedelta(days=8)))
    assert "Registret lästes in senast 2026-09-27." in plan(manager, planned_on="2026-10-20")


@pytest.mark.parametrize("role", [Role.ANALYST, Role.DISTRICT_READER])
def test_others_see_no_waves(app: Flask, session: Session, clock: FixedClock, waves: Waves, role: Role):
    client = staff_client(app, session, clock, role)
    assert client.get(WAVES).status_code == 403


def test_returned_letters_are_noted_one_after_the_other(manager: FlaskClient, session: Session, waves: Waves):
    assert "Brev i retur" in page(manager, WAVES)
    found = "/stad/omgangar/prov26/returer?q=P000001"
    html = page(manager, found)
    assert "Brevet kom i retur" in html
    invitation_id = waves.set_client(0)
    html = send(manager, f"/stad/omgangar/prov26/returer/{invitation_id.hex()}", form_at=found)
    assert "Antecknat." in html
    assert waves.status(invitation_id) is InvitationStatus.UNDELIVERABLE
    assert "brevet kom i retur" in page(manager, found)


def test_a_new_code_is_sent_from_the_persons_page(manager: FlaskClient, session: Session, waves: Waves):
    key = waves.set_client(0).hex()
    person = f"/stad/omgangar/prov26/rattelser/{key}"
    html = send(manager, f"/stad/omgangar/prov26/ny-kod/{key}", form_at=person)
    assert "En ny kod är på väg." in html
    waves.tick()
    assert "Till breven" in page(manager, f"{WAVES}/{one(session).id}")
    assert manager.get("/stad/omgangar/prov26/returer/xyz").status_code in {404, 405}
