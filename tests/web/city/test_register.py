"""Staff pages of the register: upload, correct, apply, search; what people with protected identity must not show."""

import io
import re
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from enkat.records.accounts import Role
from enkat.records.audit import AuditEntry
from enkat.records.base import Base
from enkat.records.clients import Client
from enkat.records.imports import ImportBatch, ImportState
from enkat.records.organisations import Provider, Unit
from enkat.services.jobs.running import run_waiting
from enkat.services.register import queueing
from enkat.settings import Secrets
from enkat.web.extensions import db
from tests.clocks import FixedClock
from tests.factories.accounts import log_in_as, make_account, staff_client
from tests.factories.register import (
    FAULTY,
    HEADINGS,
    PEOPLE,
    PERSON,
    UNITS,
    content,
    csv_of,
    fill_register,
    person,
    stage,
    unit,
)

pytestmark = pytest.mark.one_database
MASKED = "[personnummer borttaget]"


@pytest.fixture
def manager(app: Flask, session: Session, clock: FixedClock) -> FlaskClient:
    return staff_client(app, session, clock, Role.ROUND_MANAGER)


def post(client: FlaskClient, page: str, fields: Mapping[str, Any] | None = None, *, to: str = "") -> TestResponse:
    """Fetch a page for its token, then post to it or to another address."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    assert found
    return client.post(to or page, data={"csrf_token": found[1], **(fields or {})}, follow_redirects=True)


def upload(client: FlaskClient, name: str, data: bytes, kind: str = "clients", **more: str) -> TestResponse:
    return post(client, "/stad/register/las-in", {"kind": kind, "file": (io.BytesIO(data), name), **more})


def the_batch(session: Session) -> ImportBatch:
    session.rollback()
    return session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first() or ImportBatch()


def count(session: Session, model: type[Base]) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_register_comes_in_from_two_files(manager: FlaskClient, session: Session) -> None:
    assert "Registret är tomt" in manager.get("/stad/register").text
    page = upload(manager, UNITS, content(UNITS), "units")
    assert "Inga fel" in page.text
    way = f"/stad/register/filer/{the_batch(session).id}"
    confirm = manager.get(f"{way}/infor").text
    assert "Nya stadsdelar" in confirm
    assert "Söderängen" in confirm
    assert "5 nya" in post(manager, f"{way}/infor").text
    assert "Ledstjärnans omsorg" in manager.get("/stad/register/enheter").text
    page = upload(manager, PEOPLE, content(PEOPLE))
    assert "Windows-1252" in page.text
    page = post(manager, f"/stad/register/filer/{the_batch(session).id}/infor")
    assert "40 nya" in page.text
    assert count(session, Client) == 40
    page = upload(manager, PEOPLE, content(PEOPLE))
    assert "Det finns inget att föra in" in page.text


def run_jobs(app: Flask, sessions: sessionmaker[Session], clock: FixedClock) -> None:
    settings = app.extensions["enkat.settings"]
    assert run_waiting(sessions, clock, settings, Secrets(settings)) == 1


def test_a_large_file_is_checked_and_applied_by_jobs_that_show_progress(
    app: Flask,
    manager: FlaskClient,
    session: Session,
    sessions: sessionmaker[Session],
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill_register(session, clock)
    monkeypatch.setattr(queueing, "LARGE", 2)
    rows = (PERSON, PERSON.replace("T1", "T2"))
    page = upload(manager, "nya.csv", csv_of(*rows))
    assert page.request.path.startswith("/stad/arbeten/")
    assert "Registerfilen kontrolleras" in page.text
    way = f"/stad/register/filer/{the_batch(session).id}"
    assert "Filen bearbetas just nu" in manager.get(way).text
    run_jobs(app, sessions, clock)
    assert f'href="{way}"' in manager.get(page.request.path).text
    assert "Inga fel" in manager.get(way).text

    page = post(manager, f"{way}/infor")
    assert "Registerfilen förs in" in page.text
    assert count(session, Client) == 40
    run_jobs(app, sessions, clock)
    assert "Klart" in manager.get(page.request.path).text
    assert (count(session, Client), the_batch(session).state) == (42, ImportState.APPLIED)
    assert "Följ arbetet" not in manager.get(way).text


def test_a_large_file_asks_for_its_columns_and_is_checked_anew(
    app: Flask,
    manager: FlaskClient,
    session: Session,
    sessions: sessionmaker[Session],
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill_register(session, clock)
    monkeypatch.setattr(queueing, "LARGE", 1)
    page = upload(manager, "nya.csv", csv_of(PERSON, headings=HEADINGS.replace("Personref", "Nyckel")))
    run_jobs(app, sessions, clock)
    mapping = f"/stad/register/filer/{the_batch(session).id}/kolumner"
    assert f'href="{mapping}"' in manager.get(page.request.path).text
    page = post(manager, mapping, the_batch(session).mapping | {"reference": "Nyckel"})
    assert page.request.path.startswith("/stad/arbeten/")
    run_jobs(app, sessions, clock)
    assert "Inga fel" in manager.get(f"/stad/register/filer/{the_batch(session).id}").text


def test_faulty_rows_are_corrected_or_left_out_one_by_one(
    manager: FlaskClient, session: Session, clock: FixedClock
) -> None:
    fill_register(session, clock)
    page = upload(manager, FAULTY, content(FAULTY))
    way = f"/stad/register/filer/{the_batch(session).id}"
    assert "12 rader har fel" in page.text
    assert "&lt;script&gt;" not in page.text  # that row has no fault, and faulty ones are shown first
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Ö" in manager.get(f"{way}?state=").text
    assert "Rad 4, Kön" in post(manager, f"{way}/infor").text
    row = manager.get(f"{way}/rader/4")
    assert "Kön ska vara K eller M" in row.text
    assert row.text.count("<title>Fel:") == 1
    fields = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*type="text" value="([^"]*)"', row.text))
    page = post(manager, f"{way}/rader/4", fields | {"sex": "Y"})
    assert "Här står ”Y”" in page.text
    page = post(manager, f"{way}/rader/4", fields | {"sex": "M"})
    assert "Rad 4 är rättad" in page.text
    assert "11 rader har fel" in page.text
    page = post(manager, way, to=f"{way}/rader/6/utanfor")
    assert "Rad 6 lämnas utanför" in page.text
    page = post(manager, f"{way}?state=left_out", to=f"{way}/rader/6/ta-med")
    assert "Rad 6 är med igen" in page.text
    assert "11 rader har fel" in page.text


def test_a_typed_personal_number_is_not_shown_again(manager: FlaskClient, session: Session, clock: FixedClock) -> None:
    fill_register(session, clock)
    upload(manager, "fil.csv", csv_of(PERSON))
    way = f"/stad/register/filer/{the_batch(session).id}/rader/2"
    page = post(manager, way, {"reference": "T1", "name": "Anna 410101-2384", "unit": "ASP", "services": "hemtjänst"})
    assert "410101" not in page.text
    assert MASKED in page.text


def test_unknown_headings_are_told_apart_by_hand(manager: FlaskClient, session: Session, clock: FixedClock) -> None:
    fill_register(session, clock)
    headings = HEADINGS.replace("Personref", "Nyckel") + ";Diagnos"
    page = upload(manager, "fil.csv", csv_of(PERSON + ";hemlig", headings=headings))
    assert "Vi känner inte igen alla kolumner. Välj: Personref" in page.text
    way = f"/stad/register/filer/{the_batch(session).id}"
    assert "Kolumner saknas" in manager.get(way).text
    names = dict(the_batch(session).mapping)
    page = post(manager, f"{way}/kolumner", names | {"reference": "Namn"})
    assert "är vald två gånger" in page.text
    page = post(manager, f"{way}/kolumner", names | {"reference": "Nyckel"})
    assert "Inga fel" in page.text
    page = post(manager, f"{way}/kolumner", to=f"{way}/kolumner/ta-bort")
    assert "Borttaget: Diagnos" in page.text


def test_giving_up_asks_first_and_erases(manager: FlaskClient, session: Session, clock: FixedClock) -> None:
    fill_register(session, clock)
    upload(manager, FAULTY, content(FAULTY))
    way = f"/stad/register/filer/{the_batch(session).id}"
    assert "Raderna tas bort" in manager.get(f"{way}/avbryt").text
    assert "Inget är ändrat" in post(manager, f"{way}/avbryt").text
    assert the_batch(session).state is ImportState.ABANDONED
    assert manager.get(f"{way}/rader/4").status_code == 409
    assert "Avbruten" in manager.get(way).text
    assert "Avbruten" in manager.get("/stad/register/filer").text


def test_a_complete_list_says_how_many_leave(manager: FlaskClient, session: Session, clock: FixedClock) -> None:
    fill_register(session, clock)
    upload(manager, "fil.csv", csv_of(PERSON), complete_list="y")
    way = f"/stad/register/filer/{the_batch(session).id}"
    assert "40 personer saknas i filen" in manager.get(f"{way}/infor").text
    page = post(manager, f"{way}/infor", {"complete": "nej"}, to=f"{way}/hela-registret")
    assert "är kvar i registret" in page.text
    post(manager, f"{way}/infor", {"complete": "ja"}, to=f"{way}/hela-registret")
    assert "40 har lämnat registret" in post(manager, f"{way}/infor").text


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("register.xlsx", b"Personref;Namn\nA;B\n", "inte en Excelfil"),
        ("register.csv", b"%PDF-1.7\n...", "Filen är en PDF"),
        ("register.csv", b"", "Filen är tom"),
        ("register.csv", HEADINGS.encode(), "inga rader"),
        ("register.exe", b"a;b\nc;d", "slutar på .exe"),
    ],
)
def test_a_file_that_is_not_a_register_gets_a_sentence(
    manager: FlaskClient, session: Session, name: str, data: bytes, sentence: str
) -> None:
    page = upload(manager, name, data)
    assert sentence in page.text
    assert page.text.count("<title>Fel:") == 1
    assert count(session, ImportBatch) == 0


def test_a_huge_upload_is_refused(app: Flask, manager: FlaskClient, session: Session) -> None:
    assert app.config["MAX_CONTENT_LENGTH"] == 20 * 1024 * 1024
    app.config["MAX_CONTENT_LENGTH"] = 20_000  # the same refusal, without sending so much
    page = upload(manager, "register.csv", b"a;b\n" * 10_000)
    assert page.status_code == 413
    assert "mindre fil" in page.text
    assert count(session, ImportBatch) == 0


def test_protected_people_stand_without_name_or_address(
    app: Flask, manager: FlaskClient, session: Session, clock: FixedClock
) -> None:
    fill_register(session, clock)
    hidden = person(session, "B1005")
    assert hidden.protected
    page = manager.get("/stad/register/personer?q=B1005").text
    assert "Skyddad identitet" in page
    assert hidden.name not in page
    by_name = manager.get("/stad/register/personer?q=Åkesson 5").text
    assert "B1015" in by_name
    assert "B1005" not in by_name
    own = manager.get(f"/stad/register/personer/{hidden.id}").text
    assert hidden.name not in own
    assert hidden.address not in own
    upload(manager, PEOPLE, content(PEOPLE).replace(b"Provv\xe4gen 6;", b"Provv\xe4gen 66;"))
    way = f"/stad/register/filer/{the_batch(session).id}"
    for address in (f"{way}?state=", f"{way}?state=changed", f"{way}/rader/7", f"{way}/kolumner"):
        text = manager.get(address).text
        assert f">{hidden.name}<" not in text
        assert f'"{hidden.name}"' not in text
        assert "Provvägen 66" not in text
    handler = staff_client(app, session, clock, Role.PROTECTED_IDENTITY_HANDLER)
    assert hidden.address in handler.get(f"/stad/register/personer/{hidden.id}").text
    assert handler.get(f"/stad/register/personer/{person(session, 'B1001').id}").status_code == 404
    reads = session.scalars(select(AuditEntry.subject).where(AuditEntry.action == "register.person_read")).all()
    assert reads == [f"client:{hidden.id}"]


def test_a_hidden_value_is_kept_when_another_is_corrected(
    manager: FlaskClient, session: Session, clock: FixedClock
) -> None:
    fill_register(session, clock)
    upload(manager, "fil.csv", csv_of("T1;Hemlig;Gömd 1;123 45;Ort;ASP;hemtjänst;X;1941;svenska;brev;ja"))
    way = f"/stad/register/filer/{the_batch(session).id}/rader/2"
    page = manager.get(way).text
    assert "Hemlig" not in page
    assert "skyddad identitet" in page
    data = {"reference": "T1", "unit": "ASP", "services": "hemtjänst", "sex": "K", "birth_year": "1941"}
    page = post(manager, way, data | {"language": "svenska", "contact_channel": "brev", "protected": "ja"}).text
    assert "Rad 2 är rättad" in page
    post(manager, way.replace("/rader/2", "/infor"))
    assert person(session, "T1").name == "Hemlig"


def test_people_are_searched_in_any_case_and_by_unit(manager: FlaskClient, session: Session, clock: FixedClock) -> None:
    fill_register(session, clock)
    assert "B1039" in manager.get("/stad/register/personer?q=åkesson 39").text
    page = manager.get(f"/stad/register/personer?enhet={unit(session, 'LED').id}").text
    assert "11 personer" in page
    assert "Ingen person passar" in manager.get("/stad/register/personer?q=100%25").text


def test_units_are_narrowed_sorted_and_have_a_page(manager: FlaskClient, session: Session, clock: FixedClock) -> None:
    fill_register(session, clock)
    page = manager.get("/stad/register/enheter?sort=people&order=desc").text
    assert "5 enheter" in page
    assert page.index("Ledstjärnans omsorg</a>") < page.index("Kålgårdens boende</a>")
    assert "1 enhet" in manager.get("/stad/register/enheter?regiform=privat_finns_inte&q=kålgården").text
    page = manager.get("/stad/register/enheter?regiform=private_choice").text
    assert "Ledstjärnans omsorg</a>" in page
    assert "Aspen</a>" not in page
    text = manager.get(f"/stad/register/enheter/{unit(session, 'ASP').id}").text
    assert "212000-8806" in text
    assert "trygghetslarm: 10" in text


def test_a_unit_is_changed_from_a_day_and_keeps_its_history(
    manager: FlaskClient, session: Session, clock: FixedClock
) -> None:
    fill_register(session, clock)
    way = f"/stad/register/enheter/{unit(session, 'ASP').id}"
    provider = session.scalars(select(Provider).where(Provider.name.like("Led%"))).one()
    data = {
        "valid_from": "2026-07-01",
        "valid_to": "",
        "name": "Aspen nya",
        "provider": provider.name,
        "organisation_number": "212000-8806",
        "district": "Norrmalmen",
        "operating_form": "contracted",
        "services": ["home_care"],
        "manager_email": "",
    }
    page = post(manager, f"{way}/andra", data)
    number = provider.organisation_number
    assert f"har organisationsnummer {number[:6]}-{number[6:]}" in page.text
    page = post(manager, f"{way}/andra", data | {"organisation_number": provider.organisation_number})
    assert "Enheten är sparad" in page.text
    assert "30 juni 2026" in page.text
    assert page.text.count("Aspen") > 1
    page = post(manager, f"{way}/andra", data | {"services": [], "valid_from": "2026-07-01"})
    assert "Välj minst en insats" in page.text


def test_a_unit_is_entered_by_hand(manager: FlaskClient, session: Session) -> None:
    data = {
        "code": "NY",
        "valid_from": "2026-01-01",
        "name": "Nya gården",
        "provider": "Nya vård AB (exempel)",
        "organisation_number": "212000-8800",
        "district": "Norrmalmen",
        "operating_form": "private_choice",
        "services": ["home_care", "escort_service"],
    }
    page = post(manager, "/stad/register/enheter/ny", data)
    assert "Organisationsnumret stämmer inte" in page.text
    page = post(manager, "/stad/register/enheter/ny", data | {"organisation_number": "212000-8806"})
    assert "hemtjänst, ledsagning" in page.text
    page = post(manager, "/stad/register/enheter/ny", data | {"organisation_number": "212000-8806"})
    assert "Koden NY är upptagen" in page.text


def test_units_are_merged_and_the_link_can_be_taken_away(
    manager: FlaskClient, session: Session, clock: FixedClock
) -> None:
    fill_register(session, clock)
    way = "/stad/register/enheter/samband"
    data = {"kind": "merged", "happened_on": "2026-09-01", "predecessors": ["ASP", "ÖNG"], "successors": ["ÄLV", "LED"]}
    assert "Ange bara en efterföljare" in post(manager, way, data).text
    page = post(manager, way, data | {"successors": ["ÄLV"]})
    assert "Sambandet är sparat" in page.text
    assert page.text.count("Gäller inte") == 2
    old = manager.get(f"/stad/register/enheter/{unit(session, 'ASP').id}").text
    assert "slogs ihop" in old
    remove = f"{way}/ASP/ÄLV/ta-bort"
    assert "Ta bort sambandet mellan ASP och ÄLV?" in manager.get(remove).text
    assert "fortfarande stängd" in post(manager, remove).text
    assert "slogs ihop" not in manager.get(f"/stad/register/enheter/{unit(session, 'ASP').id}").text


def test_districts_and_providers(manager: FlaskClient, session: Session, clock: FixedClock) -> None:
    fill_register(session, clock)
    assert "Söderängen" in manager.get("/stad/register/stadsdelar").text
    page = manager.get("/stad/register/stadsdelar/samband").text
    ids = {name: number for number, name in re.findall(r'<option value="(\d+)">([^<]+)</option>', page)}
    data = {"predecessors": [ids["Norrmalmen"]], "successor": ids["Söderängen"], "happened_on": "2026-09-01"}
    page = post(manager, "/stad/register/stadsdelar/samband", data).text
    assert "31 augusti 2026" in page
    assert "Söderängen (1 september 2026)" in page
    current = [period.district.name for period in unit(session, "ASP").periods]
    assert current == ["Norrmalmen", "Söderängen"]
    provider = session.scalars(select(Provider).where(Provider.name.like("Kål%"))).one()
    way = f"/stad/register/utforare/{provider.id}"
    assert "stämmer inte" in post(manager, way, {"name": "Kålgården", "organisation_number": "123"}).text
    page = post(manager, way, {"name": "Kålgården AB", "organisation_number": provider.organisation_number}).text
    assert "Utföraren är ändrad" in page
    assert "Kålgården AB" in page


def test_only_those_with_the_right_reach_the_register(
    app: Flask, session: Session, clock: FixedClock, client: FlaskClient
) -> None:
    fill_register(session, clock)
    analyst = staff_client(app, session, clock, Role.ANALYST, Role.ADMINISTRATOR)
    for address in ("/stad/register", "/stad/register/personer", "/stad/register/las-in", "/stad/register/enheter"):
        assert analyst.get(address).status_code == 403
        assert client.get(address).status_code == 302
    assert count(session, Unit) == 5


def test_a_manager_of_one_district_changes_nothing(app: Flask, session: Session, clock: FixedClock) -> None:
    fill_register(session, clock)
    district = unit(session, "ASP").periods[0].district_id
    account = make_account(session, clock, Role.ROUND_MANAGER, district_id=district)
    limited = log_in_as(app, session, clock, account)
    page = limited.get("/stad/register/enheter").text
    assert "Aspen</a>" in page
    assert "Kålgårdens boende</a>" not in page
    assert limited.get(f"/stad/register/enheter/{unit(session, 'KÅL').id}").status_code == 404
    assert limited.get("/stad/register/las-in").status_code == 403
    assert "Ingen person" in limited.get("/stad/register/personer").text


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/personer",
        "/enheter?stangda=ja",
        "/stadsdelar",
        "/utforare",
        "/filer",
        "/filer/3?state=",
        "/filer/3/kolumner",
    ],
)
def test_pages_ask_the_database_a_fixed_number_of_times(
    manager: FlaskClient, session: Session, clock: FixedClock, app: Flask, address: str
) -> None:
    fill_register(session, clock)
    stage(session, clock, FAULTY)
    asked: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert manager.get(f"/stad/register{address}").status_code == 200
    assert len(asked) <= 20, asked
