"""Pages of letters: order, follow, fetch, print, make again; protected identities one by one."""

import io
import re
import zipfile

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from enkat.records.accounts import Role
from enkat.records.audit import AuditEntry
from enkat.records.invitations import Invitation
from enkat.records.jobs import Job, JobState
from enkat.records.letters import BatchState, LetterBatch
from enkat.records.writing import writing
from enkat.services.jobs.running import run_waiting
from enkat.services.rounds.opening import open_round
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.accounts import staff_client
from tests.factories.rounds import HOME, add_client, catalogue, planned_round, small_register
from tests.web.city.test_rounds import look_again, page, send

LETTERS = "/stad/omgangar/prov26/brev"


@pytest.fixture
def secrets(session: Session, clock: FixedClock, app_settings: Settings) -> Secrets:
    """Open a round in which one person has a protected identity."""
    register = small_register(session)
    with writing(session):
        add_client(session, register, [("EKE", HOME)], name="Skyddad Person", protected=True)
    round_ = planned_round(session, clock)
    secrets = Secrets(app_settings)
    open_round(session, clock, app_settings, secrets, round_.id, None, catalogue())
    return secrets


@pytest.fixture
def sender(app: Flask, session: Session, clock: FixedClock, secrets: Secrets) -> FlaskClient:
    return staff_client(app, session, clock, Role.ROUND_MANAGER)


def test_letters_are_ordered_followed_fetched_and_noted_as_printed(
    sender: FlaskClient,
    session: Session,
    sessions: sessionmaker[Session],
    clock: FixedClock,
    app_settings: Settings,
) -> None:
    unit_id = session.scalars(select(Invitation.unit_id)).first()
    html = send(sender, LETTERS, kind="letter", place=f"unit:{unit_id}", format="pdf")
    assert "Väntar på sin tur." in html
    assert "Uppdatera" in html
    run_waiting(sessions, clock, app_settings, Secrets(app_settings))
    look_again(session)
    batch = session.scalars(select(LetterBatch)).one()
    html = page(sender, f"/stad/arbeten/{batch.job_id}")
    assert "Klart." in html
    assert "Hämta filen" in page(sender, f"{LETTERS}/{batch.id}")
    file = sender.get(f"{LETTERS}/{batch.id}/fil")
    content = file.data
    file.close()
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == [f"brev-prov26-{batch.id:04d}-001.pdf"]
    html = send(sender, f"{LETTERS}/{batch.id}/utskrivet", form_at=f"{LETTERS}/{batch.id}")
    assert "Bekräfta att breven är utskrivna" in html
    html = send(sender, f"{LETTERS}/{batch.id}/utskrivet", form_at=f"{LETTERS}/{batch.id}", sure="y")
    assert "Filen är raderad." in html
    assert sender.get(f"{LETTERS}/{batch.id}/fil").status_code == 404
    look_again(session)
    actions = list(session.scalars(select(AuditEntry.action)))
    assert actions.count("letters.fetched") == 1


def test_a_jammed_batch_is_made_again(
    sender: FlaskClient,
    session: Session,
    sessions: sessionmaker[Session],
    clock: FixedClock,
    app_settings: Settings,
) -> None:
    send(sender, LETTERS, kind="letter", place="", format="csv")
    run_waiting(sessions, clock, app_settings, Secrets(app_settings))
    look_again(session)
    batch = session.scalars(select(LetterBatch)).one()
    again = f"{LETTERS}/{batch.id}/gor-om"
    assert "Välj om några av breven" in send(sender, again, form_at=f"{LETTERS}/{batch.id}")
    html = send(sender, again, form_at=f"{LETTERS}/{batch.id}", some_left="no", format="csv")
    assert "Väntar på sin tur." in html
    look_again(session)
    assert batch.state is BatchState.JAMMED
    assert "Fastnade" in page(sender, LETTERS)


def test_failed_work_says_why_and_can_be_tried_again(
    sender: FlaskClient,
    session: Session,
    sessions: sessionmaker[Session],
    clock: FixedClock,
    app_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full_disk(*args: object) -> None:
        raise OSError(28, "No space left on device")

    send(sender, LETTERS, kind="letter", place="", format="pdf")
    with monkeypatch.context() as patch:
        patch.setattr("enkat.services.letters.making.compile_apart", full_disk)
        run_waiting(sessions, clock, app_settings, Secrets(app_settings))
    look_again(session)
    job = session.scalars(select(Job)).one()
    assert job.state is JobState.FAILED
    html = page(sender, f"/stad/arbeten/{job.id}")
    assert "disken är full" in html
    html = send(sender, f"/stad/arbeten/{job.id}/igen", form_at=f"/stad/arbeten/{job.id}")
    assert "Väntar på sin tur." in html


def test_nobody_left_to_write_to_is_said(
    sender: FlaskClient,
    sessions: sessionmaker[Session],
    clock: FixedClock,
    app_settings: Settings,
) -> None:
    send(sender, LETTERS, kind="letter", place="", format="csv")
    assert "görs just nu" in send(sender, LETTERS, kind="letter", place="", format="csv")
    run_waiting(sessions, clock, app_settings, Secrets(app_settings))
    assert "redan fått ett brev" in send(sender, LETTERS, kind="letter", place="", format="csv")


def test_protected_identities_are_handled_one_by_one_by_a_named_role(
    app: Flask, session: Session, clock: FixedClock, secrets: Secrets
) -> None:
    address = "/stad/omgangar/prov26/skyddade"
    stranger = staff_client(app, session, clock, Role.ROUND_MANAGER)
    assert stranger.get(address).status_code == 403
    assert "Skyddad Person" not in page(stranger, "/stad/omgangar/prov26/rattelser?q=Skyddad")
    handler = staff_client(app, session, clock, Role.PROTECTED_IDENTITY_HANDLER)
    html = page(handler, address)
    assert "Skyddad Person" in html
    target = re.search(rf'action="({address}/[0-9a-f]+)"', html)
    assert target is not None
    token = html.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    letter = handler.post(target[1], data={"csrf_token": token})
    assert letter.mimetype == "application/pdf"
    assert len(pikepdf.open(io.BytesIO(letter.data)).pages) == 2
    assert "brev gjort" in page(handler, address)
    look_again(session)
    actions = list(session.scalars(select(AuditEntry.action)))
    assert "protected.letter" in actions
    assert actions.count("protected.listed") == 2
