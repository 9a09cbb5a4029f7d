"""Providers' pages: one's own units, their results and people, and nothing of anybody else's."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.accounts import Account, AccountState, Role, RoleGrant
from enkat.records.audit import AuditEntry
from enkat.records.organisations import OperatingForm, Provider, Unit, UnitPeriod
from enkat.records.outbox import OutboxMessage
from enkat.records.releases import Release
from enkat.records.rounds import RoundState, RoundUnit, SurveyRound
from enkat.records.writing import writing
from tests.clocks import FixedClock
from tests.factories.accounts import log_in_as, make_account, make_account_of
from tests.factories.counted import UnitCase, add_counted_round

UNITS = [UnitCase(60, 40), UnitCase(40, 30, positive=0.6), UnitCase(80, 50, 1), UnitCase(30, 20, 1), UnitCase(4, 3, 1)]


@dataclass(frozen=True)
class Town:
    """A counted round; units 1 and 2 are Omsorg AB's, the others Andra AB's."""

    own: Provider
    other: Provider
    units: list[int]


@pytest.fixture
def town(session: Session, clock: FixedClock) -> Town:
    add_counted_round(session, UNITS)
    own = session.scalars(select(Provider)).one()
    units = list(session.scalars(select(Unit.id).order_by(Unit.id)))
    frozen = {one.unit_id: one for one in session.scalars(select(RoundUnit))}
    with writing(session):
        other = Provider(organisation_number="5560125790", name="Andra AB")
        session.add(other)
        session.flush()
        for number, unit_id in enumerate(units):
            provider = own if number < 2 else other
            frozen[unit_id].provider_id = provider.id
            session.add(
                UnitPeriod(
                    unit_id=unit_id,
                    valid_from=date(2020, 1, 1),
                    name=f"Enhet {number + 1}",
                    provider_id=provider.id,
                    district_id=frozen[unit_id].district_id,
                    operating_form=OperatingForm.PRIVATE_CHOICE,
                )
            )
    return Town(own, other, units)


def submit(client: FlaskClient, address: str, **fields: str) -> str:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(address).text)
    assert token
    return client.post(address, data={"csrf_token": token[1], **fields}, follow_redirects=True).text


def test_a_manager_lands_on_the_own_start_page(app: Flask, session: Session, clock: FixedClock, town: Town) -> None:
    manager = log_in_as(app, session, clock, make_account_of(session, clock, Role.UNIT_MANAGER, town.units[0]))
    page = manager.get("/stad/", follow_redirects=True)
    assert page.request.path == "/utforare/"
    assert "Dina enheter: Enhet 1." in page.text
    assert "Resultat för Enhet 1" in page.text
    assert "Enhet 2" not in page.text
    assert "Personer" not in page.text


def test_own_results_stand_beside_district_and_city(
    app: Flask, session: Session, clock: FixedClock, town: Town
) -> None:
    manager = log_in_as(app, session, clock, make_account_of(session, clock, Role.UNIT_MANAGER, town.units[0]))
    address = f"/utforare/enheter/{town.units[0]}/resultat/ht26"
    text = manager.get(address).text
    assert "40 av 60 tillfrågade svarade." in text
    heads = re.findall(r'<th scope="col" class="number">([^<]+)</th>', text)
    assert heads == ["Svar", "Enhet 1", "Stadsdel 1", "Hela staden"]
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
    assert token
    report = manager.post(f"{address}/rapport", data={"csrf_token": token[1]})
    assert report.data.startswith(b"%PDF")
    session.rollback()
    assert session.scalars(select(Release)).one().scope == f"unit:{town.units[0]}"


def test_a_unit_with_too_few_answers_shows_its_district(
    app: Flask, session: Session, clock: FixedClock, town: Town
) -> None:
    small = town.units[4]
    manager = log_in_as(app, session, clock, make_account_of(session, clock, Role.UNIT_MANAGER, small))
    text = manager.get(f"/utforare/enheter/{small}/resultat/ht26").text
    assert "För få svar. Så här ser stadsdelen ut." in text
    assert "3 av 4" not in text


def _addresses(app: Flask, town: Town, grant: int) -> Iterator[tuple[str, str]]:
    values = {"short_name": "ht26", "grant_id": grant}
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("provider."):
            continue
        for unit_id in town.units:
            known = values | {"unit_id": unit_id}
            with app.test_request_context():
                address = app.url_for(rule.endpoint, **{name: known[name] for name in rule.arguments})
            for method in (rule.methods or set()) & {"GET", "POST"}:
                yield method, address


@pytest.mark.one_database
def test_nobody_reaches_anything_of_another_provider(
    app: Flask, session: Session, clock: FixedClock, town: Town
) -> None:
    theirs = make_account_of(session, clock, Role.UNIT_MANAGER, town.units[2], name="Vera Främmande")
    grant = session.scalars(select(RoleGrant.id).where(RoleGrant.account_id == theirs.id)).one()
    for role, place in ((Role.PROVIDER_HEAD, town.own.id), (Role.UNIT_DEPUTY, town.units[1])):
        client = log_in_as(app, session, clock, make_account_of(session, clock, role, place))
        for method, address in _addresses(app, town, grant):
            data = {"csrf_token": "x", "name": "A", "email": "a@b.se", "role": "unit_manager", "replaces": ""}
            answer = client.open(address, method=method, data=data if method == "POST" else None)
            assert answer.status_code in {200, 302, 400, 403, 404, 409}, address
            for foreign in ("Enhet 3", "Enhet 4", "Enhet 5", "Vera Främmande", "Andra AB", "Stadsdel 2"):
                assert foreign not in answer.text, (address, foreign)
    session.rollback()
    assert session.scalars(select(RoleGrant).where(RoleGrant.id == grant)).one().revoked_at is None


def test_staff_of_the_city_without_the_role_are_refused(
    app: Flask, session: Session, clock: FixedClock, town: Town
) -> None:
    analyst = log_in_as(app, session, clock, make_account(session, clock, Role.ANALYST))
    assert analyst.get("/utforare/").status_code == 403
    assert analyst.get(f"/utforare/enheter/{town.units[0]}/resultat/ht26").status_code == 403


def test_a_head_invites_a_manager_and_hands_the_unit_over(
    app: Flask, session: Session, clock: FixedClock, town: Town
) -> None:
    head = log_in_as(app, session, clock, make_account_of(session, clock, Role.PROVIDER_HEAD, town.own.id))
    new = f"/utforare/enheter/{town.units[0]}/personer/ny"
    text = submit(head, new, name="Moa Chef", email="moa@omsorg.example", role="unit_manager", replaces="")
    assert "Moa Chef har fått rollen i Enhet 1." in text
    assert "Inbjuden" in text
    session.rollback()
    moa = session.scalars(select(Account).where(Account.email == "moa@omsorg.example")).one()
    assert moa.state is AccountState.INVITED
    assert session.scalars(select(OutboxMessage.recipient)).all() == ["moa@omsorg.example"]
    grant = session.scalars(select(RoleGrant.id).where(RoleGrant.account_id == moa.id)).one()
    there = make_account(session, clock, Role.ANALYST, name="Nina Ny", email="nina@omsorg.example")
    text = submit(head, new, name="Nina", email="Nina@omsorg.example", role="unit_manager", replaces=str(grant))
    assert "Nina Ny har fått rollen i Enhet 1." in text
    assert "Moa Chef" not in text.split("</nav>")[-1].replace("Nina Ny", "")
    session.rollback()
    session.expire_all()
    roles = {one.role for one in session.scalars(select(RoleGrant).where(RoleGrant.account_id == there.id))}
    assert roles == {Role.ANALYST, Role.UNIT_MANAGER}
    assert session.get_one(RoleGrant, grant).revoked_at is not None
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)).all()
    assert actions == ["account.created", "role.granted", "role.revoked"]


def test_a_role_ends_after_asking(app: Flask, session: Session, clock: FixedClock, town: Town) -> None:
    person = make_account_of(session, clock, Role.UNIT_DEPUTY, town.units[1], name="Bo Biträde")
    grant = session.scalars(select(RoleGrant.id).where(RoleGrant.account_id == person.id)).one()
    head = log_in_as(app, session, clock, make_account_of(session, clock, Role.PROVIDER_HEAD, town.own.id))
    address = f"/utforare/enheter/{town.units[1]}/personer/{grant}/avsluta"
    assert "Avsluta rollen för Bo Biträde?" in head.get(address).text
    assert "Bo Biträde har inte längre någon roll i Enhet 2." in submit(head, address)
    assert log_in_as(app, session, clock, person).get("/utforare/").status_code == 403


def test_a_unit_that_changes_hands_leaves_its_results_with_the_old_provider(
    app: Flask, session: Session, clock: FixedClock, town: Town
) -> None:
    with writing(session):
        period = session.scalars(select(UnitPeriod).where(UnitPeriod.unit_id == town.units[0])).one()
        period.valid_to = clock().date() - timedelta(days=1)
        session.add(
            UnitPeriod(
                unit_id=town.units[0],
                valid_from=clock().date(),
                name="Enhet 1",
                provider_id=town.other.id,
                district_id=period.district_id,
                operating_form=period.operating_form,
            )
        )
    address = f"/utforare/enheter/{town.units[0]}/resultat/ht26"
    old, new = (make_account_of(session, clock, Role.PROVIDER_HEAD, one.id) for one in (town.own, town.other))
    assert log_in_as(app, session, clock, old).get(address).status_code == 200
    assert log_in_as(app, session, clock, new).get(address).status_code == 404


def test_before_the_count_there_is_a_date_and_no_rate_while_the_web_is_open(
    app: Flask, session: Session, clock: FixedClock, town: Town
) -> None:
    with writing(session):
        counted = session.scalars(select(SurveyRound)).one()
        counted.state = RoundState.OPEN
        counted.closes_on = date(2026, 10, 31)
    manager = log_in_as(app, session, clock, make_account_of(session, clock, Role.UNIT_MANAGER, town.units[0]))
    text = manager.get("/utforare/").text
    assert "Undersökningen pågår till och med 31 oktober 2026." in text
    locked = manager.get(f"/utforare/enheter/{town.units[0]}/resultat/ht26").text
    assert "Svaren öppnas 31 oktober 2026." in locked
    with writing(session):
        counted.state, counted.release_plan = RoundState.COUNTED, {"protection": "milp"}
    waiting = manager.get(f"/utforare/enheter/{town.units[0]}/resultat/ht26").text
    assert "Siffrorna visas när sökningen" in waiting
    assert "Svaren öppnas" not in waiting
