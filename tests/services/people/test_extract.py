"""Everything held on one person, for those who may see it, and noted each time."""

import json
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.ballots.vocabulary import AgeGroup, Sex
from enkat.clock import today
from enkat.instruments.vocabulary import ServiceType
from enkat.records.accounts import Role
from enkat.records.audit import AuditEntry
from enkat.records.clients import Client, ClientService, ContactChannel
from enkat.records.imports import ImportBatch, ImportKind, ImportRow, ImportState, RowState
from enkat.records.invitations import CodeKind, Invitation, InvitationCode, InvitationCorrection, InvitationStatus
from enkat.records.organisations import Unit
from enkat.records.rounds import InstrumentSnapshot, SurveyRound
from enkat.records.writing import writing
from enkat.services.faults import NotFoundFault
from enkat.services.people.extract import extract_account, extract_client, find_clients
from tests.clocks import FixedClock
from tests.factories.accounts import make_account, make_actor

LOOKUP = bytes(range(16))


def make_client(session: Session, reference: str, name: str, *, protected: bool = False) -> Client:
    with writing(session):
        client = Client(
            reference=reference,
            name=name,
            address="Gatan 1",
            postal_code="123 45",
            town="Orten",
            sex=Sex.WOMAN,
            birth_year=1940,
            language="sv",
            contact_channel=ContactChannel.LETTER,
            protected=protected,
        )
        session.add(client)
        session.flush()
    return client


def applied_file(clock: FixedClock) -> ImportBatch:
    """Return a file that was read into the register."""
    return ImportBatch(
        kind=ImportKind.CLIENTS,
        file_name="brukare.csv",
        sha256="a" * 64,
        encoding="utf-8",
        separator=";",
        headings=[],
        mapping={},
        state=ImportState.APPLIED,
        staged_at=clock(),
    )


@pytest.fixture
def known(session: Session, clock: FixedClock) -> Client:
    """Return a client with a service, an invitation with a code and a correction, and a row of a file."""
    client = make_client(session, "K100", "Ada Alm")
    day = today(clock)
    with writing(session):
        unit = Unit(code="E1")
        one = SurveyRound(short_name="v26", title="Omgång 2026", reference_date=day, opens_on=day, closes_on=day)
        batch = applied_file(clock)
        session.add_all((unit, one, batch, InstrumentSnapshot(sha256="a" * 64, instrument_id="x", content="{}")))
        session.flush()
        session.add(ClientService(client_id=client.id, unit_id=unit.id, service=ServiceType.HOME_CARE))
        for number, text in enumerate(("K100", "K1000"), 1):
            session.add(
                ImportRow(batch_id=batch.id, row_number=number, cells={"Ref": text}, state=RowState.NEW, identity=text)
            )
        invitation = Invitation(
            round_id=one.id,
            client_id=client.id,
            unit_id=unit.id,
            service=ServiceType.HOME_CARE,
            sex=Sex.WOMAN,
            age_group=AgeGroup("80-89"),
            snapshot_sha256="a" * 64,
            status=InvitationStatus.SENT,
        )
        session.add(invitation)
        session.flush()
        session.add(InvitationCode(lookup=LOOKUP, invitation_id=invitation.id, kind=CodeKind.LETTER))
        session.add(
            InvitationCorrection(invitation_id=invitation.id, corrected_on=date(2026, 10, 1), reason="Flyttade in")
        )
    return client


def test_an_extract_holds_everything_and_is_noted(session: Session, clock: FixedClock, known: Client) -> None:
    actor = make_actor(session, clock, Role.ROUND_MANAGER)
    made = extract_client(session, clock, actor, known.id)
    sections = dict(made.sections)
    assert sections["Register"][0]["namn"] == "Ada Alm"
    assert sections["Insatser"] == [{"insats": "hemtjänst", "enhet": "E1"}]
    assert sections["Inbjudningar"][0]["omgång"] == "Omgång 2026"
    assert sections["Inbjudningar"][0]["läge"] == "sent"
    assert sections["Inbjudningar"][0]["giltiga koder"] == 1
    assert sections["Rättelser av inbjudningar"][0]["skäl"] == "Flyttade in"
    assert [row["rad"] for row in sections["Inlästa filer"]] == [1]
    text = json.dumps(made.as_json(), ensure_ascii=False)
    assert LOOKUP.hex() not in text
    assert "ingen kan söka fram dem" in text
    noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "person.extracted")).one()
    assert (noted.account_id, noted.subject) == (actor.account_id, f"client:{known.id}")
    assert "Ada" not in str(noted.details)


def test_people_with_protected_identity_are_for_their_own_handler(session: Session, clock: FixedClock) -> None:
    hidden = make_client(session, "K7", "Siv Skydd", protected=True)
    seen = make_client(session, "K8", "Sune Synlig")
    manager = make_actor(session, clock, Role.ROUND_MANAGER)
    handler = make_actor(session, clock, Role.PROTECTED_IDENTITY_HANDLER)
    assert [c.id for c in find_clients(session, manager, "s")] == [seen.id]
    assert [c.id for c in find_clients(session, handler, "s")] == [hidden.id]
    assert find_clients(session, manager, " ") == []
    for actor, client in ((manager, hidden), (handler, seen)):
        with pytest.raises(NotFoundFault) as told:
            extract_client(session, clock, actor, client.id)
        with pytest.raises(NotFoundFault) as unknown:
            extract_client(session, clock, actor, 999)
        assert told.value.sentence == unknown.value.sentence


def test_an_administrator_sees_no_clients(session: Session, clock: FixedClock, known: Client) -> None:
    actor = make_actor(session, clock, Role.ADMINISTRATOR)
    assert find_clients(session, actor, "K100") == []
    with pytest.raises(NotFoundFault):
        extract_client(session, clock, actor, known.id)


def test_an_extract_on_a_member_of_staff_holds_no_hash(session: Session, clock: FixedClock) -> None:
    actor = make_actor(session, clock, Role.ADMINISTRATOR)
    other = make_account(session, clock, Role.ANALYST)
    made = extract_account(session, clock, actor, other.id)
    text = json.dumps(made.as_json(), ensure_ascii=False)
    assert dict(made.sections)["Roller"][0]["roll"] == "analyst"
    assert other.password_hash is not None
    assert other.password_hash not in text
    again = dict(extract_account(session, clock, actor, other.id).sections)
    assert [row["vad"] for row in again["Logg"]] == ["person.extracted"]
