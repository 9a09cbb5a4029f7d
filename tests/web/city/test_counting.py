"""Keys, rehearsal, count, protocol and destruction as pages."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from enkat.records.accounts import Role
from enkat.records.answers import FreeText, FreeTextState
from enkat.records.jobs import Job
from enkat.records.keys import KeyHolder, all_holders
from enkat.records.retention import BackupRecord, Protocol
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.writing import writing
from enkat.services.ballots import count_process
from enkat.services.ballots.answering import send
from tests.clocks import FixedClock
from tests.factories.accounts import staff_client
from tests.factories.ballots import OpenRound, add_round, an_answer


def submit(client: FlaskClient, address: str, page: str = "", **fields: str) -> TestResponse:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page or address).text)
    assert found
    return client.post(address, data={"csrf_token": found[1], **fields})


class Round:
    """A round with answers, and its addresses."""

    def __init__(self, session: Session, clock: FixedClock) -> None:
        self.session, self.clock = session, clock
        self.made: OpenRound = add_round(session, clock, (9,))
        self.name = session.get_one(SurveyRound, self.made.round_id).short_name
        self.base = f"/stad/omgangar/{self.name}"
        self.set_state(RoundState.PLANNED)

    def set_state(self, state: RoundState) -> None:
        with writing(self.session):
            self.session.execute(update(SurveyRound).values(state=state))
        self.session.expire_all()

    def make_keys(self, client: FlaskClient) -> list[str]:
        response = submit(client, f"{self.base}/nycklar/gor", names="Ada\nBo\n\nCy", needed="2")
        assert response.status_code == 200, response.text
        return [unescape(found) for found in re.findall(r'class="share code"[^>]*>([^<]+)<', response.text)]

    def answer(self) -> None:
        self.set_state(RoundState.OPEN)
        for number, keys in enumerate(self.made.keys):
            answering = an_answer(text=f"Ring 070-123 45 67, svar {number}")
            send(self.session, self.clock, round_id=self.made.round_id, keys=keys, answering=answering)
        self.set_state(RoundState.CLOSED)

    def holders(self) -> list[KeyHolder]:
        self.session.rollback()
        self.session.expire_all()
        return all_holders(self.session, self.made.round_id)


@pytest.fixture
def round_(session: Session, clock: FixedClock) -> Round:
    return Round(session, clock)


@pytest.fixture
def manager(app: Flask, session: Session, clock: FixedClock) -> FlaskClient:
    return staff_client(app, session, clock, Role.ROUND_MANAGER)


@pytest.mark.one_database
def test_the_keys_page_guides_and_says_what_a_lost_share_means(manager: FlaskClient, round_: Round):
    shares = round_.make_keys(manager)
    page = manager.get(f"{round_.base}/nycklar").text
    assert "1 del får komma bort. Försvinner fler går svaren aldrig att läsa, av någon." in page
    now = page.split('aria-current="step"')[1].split("</li>")[0]
    assert "Skriv ut delarna som ord" in now
    assert "Väntar på: Ada, Bo, Cy." in now
    confirm = f"{round_.base}/nycklar/prova"
    wrong = submit(manager, confirm, share_1=f"felord {shares[0]}")
    assert "finns inte i ordlistan" in wrong.text
    submit(manager, confirm, share_1=shares[0])
    assert "Ja. Delen är rätt och tillhör Ada." in unescape(manager.get(f"{round_.base}/nycklar").text)


@pytest.mark.one_database
def test_keys_are_made_once_and_shown_once(manager: FlaskClient, round_: Round):
    assert "inga nycklar än" in manager.get(f"{round_.base}/nycklar").text
    shares = round_.make_keys(manager)
    assert [len(share.split()) for share in shares] == [33] * 3
    page = manager.get(f"{round_.base}/nycklar")
    assert "Kvar att pröva sin del: Ada, Bo, Cy" in page.text
    assert shares[0] not in page.text
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.one_database
def test_faults_of_the_holders_stand_at_the_field_and_keep_what_was_typed(manager: FlaskClient, round_: Round):
    page = submit(manager, f"{round_.base}/nycklar/gor", names="Ada\nada", needed="2").text
    assert "Samma namn står två gånger" in page
    assert "Ada\nada" in page
    assert "Fel:" in page


@pytest.mark.one_database
def test_the_rehearsal_tells_what_is_wrong_and_who_is_left(manager: FlaskClient, round_: Round):
    shares = round_.make_keys(manager)
    address = f"{round_.base}/nycklar/ovning"
    page = submit(manager, address, share_1=shares[0]).text
    assert "Det behövs 2 nyckeldelar" in page
    assert shares[0].split()[7] in page
    assert submit(manager, address, share_1=shares[0], share_2=shares[2]).status_code == 302
    page = manager.get(f"{round_.base}/nycklar").text
    assert "Delar som fungerar: Ada, Cy" in page
    assert "Kvar att pröva sin del: Bo" in page


@pytest.mark.one_database
def test_a_holder_is_replaced_and_the_old_shares_are_to_be_shredded(manager: FlaskClient, round_: Round):
    shares = round_.make_keys(manager)
    leaving = str(round_.holders()[1].id)
    address = f"{round_.base}/nycklar/byt"
    fields = {"leaving": leaving, "successor": "Di"}
    assert "Det behövs 2" in submit(manager, address, share_1=shares[0], **fields).text
    page = submit(manager, address, share_1=shares[0], share_2=shares[2], **fields).text
    assert "De gamla ska förstöras nu" in page
    assert "till Di" in page
    page = manager.get(f"{round_.base}/nycklar").text
    assert page.count("ersatt, ska förstöras") == 3
    old = round_.holders()[0]
    submit(manager, f"{round_.base}/nycklar/{old.id}/forstord", page=f"{round_.base}/nycklar")
    assert round_.holders()[0].shredded_on is not None


def test_from_count_to_destruction(manager: FlaskClient, round_: Round, session: Session, clock: FixedClock):
    shares = round_.make_keys(manager)
    address = f"{round_.base}/rakning"
    assert "Räkningen kan starta när omgången är stängd" in manager.get(address).text
    round_.answer()
    page = submit(manager, address, share_1=shares[0]).text
    assert "Det behövs 2 nyckeldelar" in page
    assert submit(manager, address, share_1=shares[0], share_2=shares[1]).status_code == 302
    assert count_process._children[-1].wait(timeout=60) == 0
    session.expire_all()
    page = manager.get(address).text
    assert "Omgången är räknad" in page
    assert "Urnan kan förstöras när en säkerhetskopia" in page
    protocol = session.scalars(select(Protocol).order_by(Protocol.id.desc())).first()
    assert protocol is not None
    pdf = manager.get(f"{round_.base}/protokoll/{protocol.id}.pdf")
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.startswith(b"%PDF-")
    assert manager.get(f"{round_.base}/protokoll/{protocol.id + 99}.pdf").status_code == 404
    with writing(session):
        session.add(
            BackupRecord(
                made_at=clock(),
                file_name="kopia.enkat",
                sha256="a" * 64,
                restored_at=clock(),
                verified=True,
                row_counts={"answer": 9},
            )
        )
    assert submit(manager, f"{round_.base}/forstoring", page=address).status_code == 302
    page = manager.get(f"{round_.base}/nycklar").text
    assert "Urnan är förstörd" in page
    assert "Nyckeln kan ännu finnas" in page
    for holder in round_.holders()[:2]:
        submit(manager, f"{round_.base}/nycklar/{holder.id}/forstord", page=f"{round_.base}/nycklar")
    assert "Nyckeln är förstörd" in manager.get(f"{round_.base}/nycklar").text
    for found in session.scalars(select(Protocol)):
        assert manager.get(f"{round_.base}/protokoll/{found.id}.pdf").data.startswith(b"%PDF-")


@pytest.mark.one_database
def test_a_running_count_shows_its_progress(manager: FlaskClient, round_: Round, session: Session, clock: FixedClock):
    round_.set_state(RoundState.CLOSED)
    with writing(session):
        session.add(
            Job(
                kind="count",
                arguments={"round_id": round_.made.round_id},
                state="running",
                message="4500 av 9000 valsedlar är öppnade.",
                progress=4500,
                total=9000,
                queued_at=clock(),
                result={"heartbeat": clock().isoformat()},
            )
        )
    page = manager.get(f"{round_.base}/rakning").text
    assert 'value="4500" max="9000"' in page
    assert "Starta räkningen" not in page
    clock.advance(minutes=2)
    page = manager.get(f"{round_.base}/rakning").text
    assert "Räkningen avbröts" in page
    assert "Starta räkningen" in page


@pytest.mark.one_database
def test_a_key_holder_sees_the_round_tries_the_share_and_starts_nothing(
    app: Flask, session: Session, clock: FixedClock, manager: FlaskClient, round_: Round
):
    shares = round_.make_keys(manager)
    holder = staff_client(app, session, clock, Role.KEY_HOLDER)
    assert submit(holder, f"{round_.base}/nycklar/ovning", share_1=shares[0], share_2=shares[1]).status_code == 302
    assert holder.get(f"{round_.base}/nycklar").status_code == 200
    round_.set_state(RoundState.CLOSED)
    assert "Starta räkningen" not in holder.get(f"{round_.base}/rakning").text
    page = f"{round_.base}/nycklar/ovning"
    assert submit(holder, f"{round_.base}/rakning", page=page, share_1=shares[0]).status_code == 403
    other = round_.holders()[0]
    address = f"{round_.base}/nycklar/{other.id}/forstord"
    assert submit(holder, address, page=page).status_code == 403
    assert holder.get(f"{round_.base}/nycklar/gor").status_code == 403


@pytest.mark.one_database
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ANALYST, Role.DISTRICT_READER])
def test_nobody_else_reaches_keys_count_or_texts(
    app: Flask, session: Session, clock: FixedClock, round_: Round, role: Role
):
    client = staff_client(app, session, clock, role)
    for address in (
        f"{round_.base}/nycklar",
        f"{round_.base}/rakning",
        "/stad/fritext",
        f"/stad/fritext/{round_.name}",
    ):
        assert client.get(address).status_code == 403


@pytest.mark.one_database
def test_the_reader_masks_releases_and_holds_back(app: Flask, session: Session, clock: FixedClock, round_: Round):
    with writing(session):
        session.add_all(
            FreeText(round_id=round_.made.round_id, unit_id=unit, question_id="more", content=text)
            for unit, text in (
                (round_.made.unit_ids[0], "Ring Anna på 070-123 45 67 <b>nu</b>"),
                (None, "Skriv till anna@staden.example"),
                (None, "Allt är bra"),
            )
        )
    reader = staff_client(app, session, clock, Role.FREE_TEXT_READER)
    assert ">3<" in reader.get("/stad/fritext").text
    address = f"/stad/fritext/{round_.name}"
    for _ in range(3):
        page = reader.get(address).text
        suggested = page.partition("<textarea")[2].partition("</textarea>")[0]
        assert "070-123" not in suggested
        assert "<b>nu" not in page
        identity = re.search(r'name="text_id"[^>]*value="([0-9a-f]+)"', page)
        assert identity
        state = "worrying" if "Ring Anna" in suggested else "released"
        masked = "" if state == "worrying" else "Skriv till [adress]"
        assert submit(reader, address, text_id=identity[1], state=state, masked=masked).status_code == 302
    page = reader.get(address).text
    assert "Alla texter i omgången är lästa" in page
    assert "För vidare till lex Sarah-ansvarig" in page
    session.rollback()
    session.expire_all()
    states = sorted(text.state for text in session.scalars(select(FreeText)))
    assert states == [FreeTextState.RELEASED, FreeTextState.RELEASED, FreeTextState.WORRYING]


@pytest.mark.one_database
def test_a_decision_is_needed_and_made_once(app: Flask, session: Session, clock: FixedClock, round_: Round):
    text = FreeText(round_id=round_.made.round_id, question_id="more", content="Bra")
    with writing(session):
        session.add(text)
    reader = staff_client(app, session, clock, Role.FREE_TEXT_READER)
    address = f"/stad/fritext/{round_.name}"
    assert "Välj vad som ska hända" in submit(reader, address, text_id=text.id.hex(), masked="Bra").text
    assert "ingen text att lämna ut" in submit(reader, address, text_id=text.id.hex(), state="released").text
    page = reader.get(address).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    fields = {"csrf_token": token[1], "text_id": text.id.hex(), "state": "withheld"}
    assert reader.post(address, data=fields).status_code == 302
    assert "redan läst" in reader.post(address, data=fields, follow_redirects=True).text
    assert reader.post(address, data=fields | {"text_id": "zz"}).status_code == 400
