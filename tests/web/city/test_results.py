"""Pages of results: who sees what, sorting, files, and what stands there while a round is open."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from zipfile import ZipFile

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from enkat.records.accounts import Role
from enkat.records.audit import AuditEntry
from enkat.records.engine import make_sessions
from enkat.records.organisations import District
from enkat.records.releases import Release, ReleaseLevel
from enkat.records.rounds import RoundState
from enkat.services.jobs.running import run_waiting
from enkat.services.results import exporting
from enkat.services.results.computing import Breakdown, compute
from enkat.services.results.levels import marks_for
from enkat.settings import Secrets, Settings
from enkat.statistics.disclosure.marks import MARKS, Mark
from enkat.web.extensions import db
from tests.clocks import FixedClock
from tests.factories.accounts import log_in_as, make_account, staff_client
from tests.factories.counted import UnitCase, add_counted_round
from tests.page_checks import CheckedClient

UNITS = [
    UnitCase(60, 40, 0, proxies=8),
    UnitCase(40, 30, 0, positive=0.6),
    UnitCase(80, 50, 1, proxies=10),
    UnitCase(30, 20, 1),
    UnitCase(4, 3, 1),
]


def page(client: CheckedClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


def token_in(html: str) -> str:
    return html.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]


def export(client: CheckedClient, **fields: str | list[str]) -> bytes:
    token = token_in(page(client, "/stad/resultat/ht26/filer"))
    answer = client.post("/stad/resultat/ht26/filer", data={"csrf_token": token, **fields})
    assert answer.status_code == 200, answer.text
    return answer.data


@pytest.fixture
def analyst(app: Flask, session: Session, clock: FixedClock) -> CheckedClient:
    add_counted_round(session, UNITS)
    return staff_client(app, session, clock, Role.ANALYST)


def test_the_city_page_shows_every_question_with_interval_and_picture(analyst: CheckedClient):
    html = page(analyst, "/stad/resultat/ht26")
    assert html.count("Fråga feels_safe?") >= 2
    assert "<svg" in html
    assert "143 av 214 tillfrågade svarade: 67\N{NO-BREAK SPACE}%." in html


def test_units_sort_by_link(analyst: CheckedClient):
    address = "/stad/resultat/ht26/fraga/feels_safe"
    by_name = page(analyst, address)
    by_clients = page(analyst, f"{address}?sort=brukare&order=desc")
    order = [by_clients.index(f">Enhet {number}</a></th>") for number in (3, 1, 2, 4, 5)]
    assert order == sorted(order)
    assert 'aria-sort="descending"' in by_clients
    assert by_name.index(">Enhet 1</a></th>") < by_name.index(">Enhet 3</a></th>")


def test_units_are_searched_and_an_empty_search_says_so(analyst: CheckedClient):
    address = "/stad/resultat/ht26/fraga/feels_safe"
    found = page(analyst, f"{address}?q=enhet+3")
    assert ">Enhet 3</a></th>" in found
    assert ">Enhet 1</a></th>" not in found
    assert "Ingen enhet passar." in page(analyst, f"{address}?q=finns-inte")
    assert ">Enhet 4</a></th>" in page(analyst, "/stad/resultat/ht26?q=e004")
    assert "Ingen enhet passar." in page(analyst, "/stad/resultat/ht26?regiform=private_choice")


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("", "Andel positiva i hela staden"),
        ("?bild=fordelning", "Så fördelar sig svaren i hela staden"),
        ("?bild=svar", "Svarsfrekvens, staden och stadsdelar"),
        ("?bild=finns-inte", "Andel positiva i hela staden"),
        ("/fraga/feels_safe", "Staden, stadsdelar och regiformer"),
        ("/fraga/feels_safe?bild=tratt", "Enheterna i en tratt"),
        ("/grupp/city?bild=fordelning", "Hela staden"),
    ],
)
def test_the_reader_chooses_the_picture(analyst: CheckedClient, address: str, title: str):
    html = page(analyst, f"/stad/resultat/ht26{address}")
    assert title in html.split("<title id=", 1)[1]


def test_a_page_says_its_figures_in_words_and_hides_what_the_level_hides(analyst: CheckedClient):
    question = page(analyst, "/stad/resultat/ht26/fraga/feels_safe")
    assert "I hela staden valde uppskattningsvis" in question
    assert "För få har svarat för att vi ska kunna visa en siffra." not in question
    city = page(analyst, "/stad/resultat/ht26")
    unit = page(analyst, city.split(">Enhet 1</a>")[0].rsplit('href="', 1)[1].removesuffix('"'))
    assert "Andelen jämförd med alla andra enheter:" in unit
    hidden = page(analyst, city.split(">Enhet 5</a>")[0].rsplit('href="', 1)[1].removesuffix('"'))
    assert "<svg" not in hidden
    assert "I ord" not in hidden


def test_without_an_earlier_round_there_is_nothing_to_follow(analyst: CheckedClient):
    html = page(analyst, "/stad/resultat/ht26/fraga/feels_safe?bild=utveckling")
    assert "utvecklingen en omgång före" in html
    assert "<svg" not in html


def test_a_small_unit_shows_words_and_its_district(analyst: CheckedClient, session: Session):
    html = page(analyst, "/stad/resultat/ht26")
    address = html.split(">Enhet 5</a>")[0].rsplit('href="', 1)[1].removesuffix('"')
    unit = page(analyst, address)
    assert "För få svar" in unit
    assert "Så här ser stadsdelen ut" in unit
    assert "för få svar" in unit


def test_reading_without_suppression_is_for_analysts_and_logged(
    app: Flask, session: Session, clock: FixedClock, analyst: CheckedClient
):
    page(analyst, "/stad/resultat/ht26?niva=analyst")
    assert session.scalars(select(AuditEntry.action)).all() == ["results.exported_unsuppressed"]
    district = session.scalars(select(District)).first()
    assert district is not None
    account = make_account(session, clock, Role.DISTRICT_READER, district_id=district.id)
    reader = log_in_as(app, session, clock, account)
    assert reader.get("/stad/resultat/ht26?niva=analyst").status_code == 403


def test_a_district_reader_sees_the_own_district_only(app: Flask, session: Session, clock: FixedClock):
    add_counted_round(session, UNITS)
    first, second = session.scalars(select(District).order_by(District.id)).all()
    account = make_account(session, clock, Role.DISTRICT_READER, district_id=first.id)
    reader = log_in_as(app, session, clock, account)
    html = page(reader, "/stad/resultat/ht26")
    assert ">Enhet 1</a>" in html
    assert ">Enhet 3</a>" not in html
    assert reader.get(f"/stad/resultat/ht26/grupp/district:{first.id}").status_code == 200
    assert reader.get(f"/stad/resultat/ht26/grupp/district:{second.id}").status_code == 404
    rows = csv.DictReader(io.StringIO(export(reader, level="internal", file_format="csv").decode()))
    assert {row["Enhet"] for row in rows if row["Enhet"]} == {"E001", "E002"}
    session.rollback()
    assert session.scalars(select(Release)).one().scope == f"district:{first.id}"
    refused = reader.post("/stad/resultat/ht26/svarsfil", data={"csrf_token": "x"})
    assert refused.status_code == 403


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ROUND_MANAGER, Role.KEY_HOLDER, Role.FREE_TEXT_READER])
def test_nobody_else_sees_results(app: Flask, session: Session, clock: FixedClock, role: Role):
    add_counted_round(session, UNITS)
    client = staff_client(app, session, clock, role)
    for address in ("", "/ht26", "/ht26/fraga/feels_safe", "/ht26/grupp/city", "/ht26/filer"):
        assert client.get(f"/stad/resultat{address}").status_code == 403


def test_an_open_round_says_when_the_answers_are_opened(app: Flask, session: Session, clock: FixedClock):
    add_counted_round(session, UNITS, state=RoundState.OPEN, day=date(2026, 9, 1))
    client = staff_client(app, session, clock, Role.ANALYST)
    assert "Svaren öppnas 1 oktober 2026" in page(client, "/stad/resultat")
    for address in ("", "/fraga/feels_safe", "/grupp/city", "/filer"):
        assert "Svaren öppnas 1 oktober 2026" in page(client, f"/stad/resultat/ht26{address}")
    token = token_in(page(client, "/stad/resultat"))
    refused = client.post("/stad/resultat/ht26/svarsfil", data={"csrf_token": token, "file_format": "csv"})
    assert refused.status_code == 409
    assert "Svaren öppnas" in refused.text


def test_files_of_every_format(analyst: CheckedClient, session: Session):
    book = openpyxl.load_workbook(io.BytesIO(export(analyst, level="internal", file_format="xlsx")))
    assert book.sheetnames[:4] == ["Läs mig", "Staden", "Stadsdelar", "Enheter"]
    assert export(analyst, level="internal", file_format="csv-sv").startswith(b"\xef\xbb\xbf")
    assert export(analyst, level="analyst", file_format="sav").startswith(b"$FL2")
    assert json.loads(export(analyst, level="analyst", file_format="json"))["about"]["level"] == "analyst"
    assert [one.format for one in session.scalars(select(Release).order_by(Release.id))] == ["xlsx", "csv-sv"]
    html = page(analyst, "/stad/resultat/ht26/filer")
    assert html.count('<th scope="row">') == 2


def test_a_file_holds_the_ticked_breakdowns_of_the_plan(analyst: CheckedClient):
    def urval(**fields: str | list[str]) -> set[str]:
        text = export(analyst, level="internal", file_format="csv", **fields).decode("utf-8-sig")
        return {row["Urval"] for row in csv.DictReader(io.StringIO(text))}

    html = page(analyst, "/stad/resultat/ht26/filer")
    assert html.count('name="breakdowns"') == html.count(' checked id="breakdowns-') == 3
    assert urval() == {"alla svar"}
    assert urval(breakdowns=["sex"]) == {"alla svar", "kvinnor", "män"}
    assert urval(breakdowns=["without_proxies", "sex"]) == {"alla svar", "utan ombud", "kvinnor", "män"}


def test_a_breakdown_outside_the_plan_is_refused_at_its_field(analyst: CheckedClient, session: Session):
    html = export(analyst, level="internal", file_format="csv", breakdowns=["sex", "age_group"]).decode()
    assert "<title>Fel:" in html
    assert 'href="#breakdowns-0"' in html
    assert "Närmast tillåtna tabell: staden, stadsdelar och enheter, med kön, regiform och svar utan ombud." in html
    assert session.scalars(select(Release)).all() == []


def test_a_refused_file_names_the_nearest_table_and_keeps_what_was_chosen(
    app: Flask, session: Session, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
):
    """Show the women that the rule hides beside those of a small unit: only tables without sexes are let out then."""
    made = add_counted_round(session, [*UNITS, UnitCase(24, 8, 1)], threshold_internal=9, threshold_public=12)
    results = compute(session, made.id)
    safe = marks_for(results, ReleaseLevel.INTERNAL)
    codes = {breakdown: found.copy() for breakdown, found in safe.codes.items()}
    women, answered = codes[Breakdown.WOMEN], results.layers[Breakdown.WOMEN].estimates.answered
    women[(women == MARKS.index(Mark.SUPPRESSED)) & (answered >= 9)] = MARKS.index(Mark.SHOWN)
    monkeypatch.setattr(exporting, "released_marks", lambda *_: replace(safe, codes=codes))
    analyst = staff_client(app, session, clock, Role.ANALYST)
    html = export(analyst, level="internal", file_format="json", breakdowns=["sex", "operating_form"]).decode()
    assert "<title>Fel:" in html
    assert "Närmast tillåtna tabell: staden, stadsdelar och enheter, med regiform." in html
    inputs = [tag.split(">")[0] for tag in html.split("<input ")]
    ticks = {tag.split('value="')[1].split('"')[0] for tag in inputs if 'name="breakdowns"' in tag and "checked" in tag}
    assert ticks == {"sex", "operating_form"}
    assert session.scalars(select(Release)).all() == []


def test_the_answer_file_has_one_row_per_answer(analyst: CheckedClient):
    token = token_in(page(analyst, "/stad/resultat/ht26/filer"))
    answer = analyst.post("/stad/resultat/ht26/svarsfil", data={"csrf_token": token, "file_format": "csv"})
    rows = list(csv.reader(io.StringIO(answer.data.decode())))
    assert len(rows) == 1 + 140
    assert answer.headers["Content-Disposition"] == "attachment; filename=svar-ht26.csv"


def test_the_page_of_a_unit_is_a_pdf(analyst: CheckedClient, session: Session):
    html = page(analyst, "/stad/resultat/ht26")
    address = html.split(">Enhet 1</a>")[0].rsplit('href="', 1)[1].removesuffix('"')
    unit = page(analyst, address)
    action = unit.split('/blad"')[0].rsplit('action="', 1)[1] + "/blad"
    answer = analyst.post(action, data={"csrf_token": token_in(unit)})
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")


def test_reports_of_all_units_are_ordered_made_and_fetched(
    analyst: CheckedClient, session: Session, clock: FixedClock, app_settings: Settings
):
    token = token_in(page(analyst, "/stad/resultat/ht26/filer"))
    ordered = analyst.post("/stad/resultat/ht26/rapporter", data={"csrf_token": token})
    assert "Väntar på sin tur." in page(analyst, ordered.location)
    sessions = make_sessions(session.get_bind().engine)
    assert run_waiting(sessions, clock, app_settings, Secrets(app_settings)) == 1
    session.rollback()
    html = page(analyst, "/stad/resultat/ht26/filer")
    address = html.split(">Hämta arkivet (zip)</a>")[0].rsplit('href="', 1)[1].removesuffix('"')
    fetched = analyst.get(address)
    assert fetched.headers["Content-Disposition"] == "attachment; filename=rapporter-ht26.zip"
    assert len(ZipFile(io.BytesIO(fetched.data)).namelist()) == 2 * len(UNITS)
    fetched.close()
    assert "results.reports_fetched" in session.scalars(select(AuditEntry.action)).all()
    other = staff_client(analyst.application, session, clock, Role.ANALYST)
    assert other.get(address).status_code == 404


def test_the_report_of_a_unit_is_a_pdf(analyst: CheckedClient):
    html = page(analyst, "/stad/resultat/ht26")
    unit = page(analyst, html.split(">Enhet 1</a>")[0].rsplit('href="', 1)[1].removesuffix('"'))
    action = unit.split('/rapport"')[0].rsplit('action="', 1)[1] + "/rapport"
    answer = analyst.post(action, data={"csrf_token": token_in(unit)})
    assert answer.headers["Content-Disposition"] == "attachment; filename=rapport-ht26-E001.pdf"
    assert answer.data.startswith(b"%PDF")


def test_unknown_things_are_not_found(analyst: CheckedClient):
    assert analyst.get("/stad/resultat/nej").status_code == 404
    assert analyst.get("/stad/resultat/ht26/fraga/nej").status_code == 404
    assert analyst.get("/stad/resultat/ht26/grupp/nej").status_code == 404


def test_a_page_takes_few_statements_whatever_the_city_is_like(app: Flask, session: Session, clock: FixedClock):
    old = add_counted_round(session, UNITS, short_name="ht22", day=date(2022, 9, 1))
    add_counted_round(session, [*UNITS, *UNITS], previous_round_id=old.id)
    client = staff_client(app, session, clock, Role.ANALYST)
    statements: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    page(client, "/stad/resultat/ht26/fraga/feels_safe")
    assert len([one for one in statements if one.startswith("SELECT")]) <= 20


def test_the_quality_page_declares_what_the_figures_are_worth(analyst: CheckedClient):
    html = page(analyst, "/stad/resultat/ht26/kvalitet")
    for heading in ("R-indikator", "Övertäckning", "Utan kalibrering (N/r)", "Tillförlitlighet", "Jämförbarhet"):
        assert heading in html
    assert "De säger inget om ifall de som inte svarade tycker annorlunda" in html
    assert "Svarsfrekvens per enhet" in html


@pytest.mark.parametrize("rest", ["", "/fraga/feels_safe", "/grupp/unit:1"])
def test_beside_intervals_stands_what_they_do_not_cover(analyst: CheckedClient, rest: str):
    assert (
        "De säger inget om ifall de som inte svarade tycker annorlunda"
        in page(analyst, f"/stad/resultat/ht26{rest}").split("<details", 1)[0]
    )


def test_the_quality_of_an_open_round_waits(app: Flask, session: Session, clock: FixedClock):
    add_counted_round(session, UNITS, state=RoundState.OPEN)
    client = staff_client(app, session, clock, Role.ANALYST)
    assert "R-indikator" not in page(client, "/stad/resultat/ht26/kvalitet")


def test_a_question_shows_the_citys_way_from_round_to_round(app: Flask, session: Session, clock: FixedClock):
    old = add_counted_round(session, UNITS, short_name="ht22", day=date(2022, 9, 1))
    add_counted_round(session, UNITS, previous_round_id=old.id, seed=3)
    client = staff_client(app, session, clock, Role.ANALYST)
    html = page(client, "/stad/resultat/ht26/fraga/feels_safe?bild=utveckling&grupp=unit:1")
    assert "Hela staden från omgång till omgång" in html
    assert "Enhet 1 från omgång till omgång" in html
    assert 'id="trend-title"' in html
    assert "ingen säker skillnad" in html


def test_the_public_level_and_each_releases_audit(analyst: CheckedClient, session: Session):
    html = page(analyst, "/stad/resultat/ht26?niva=public")
    assert "Du ser det som alla får se" in html
    assert "niva=public" in html
    export(analyst, level="public", file_format="csv", reason="")
    listed = page(analyst, "/stad/resultat/ht26/filer")
    assert "Röjer inget" in listed
    assert session.scalars(select(Release.level)).one().value == "public"


def test_figures_wait_for_the_search_that_the_plan_asks_for(
    app: Flask, session: Session, clock: FixedClock, app_settings: Settings
):
    add_counted_round(session, UNITS, release_plan={"breakdowns": ["sex"], "protection": "milp"})
    client = staff_client(app, session, clock, Role.ANALYST)
    for address in ("", "/fraga/feels_safe", "/grupp/city", "/filer", "/kvalitet"):
        html = page(client, f"/stad/resultat/ht26{address}")
        assert "Siffrorna visas när sökningen är klar" in html
        assert "Fråga feels_safe?" not in html
    assert "Fråga feels_safe?" in page(client, "/stad/resultat/ht26?niva=analyst")
    for _ in range(2):
        client.post("/stad/resultat/ht26/sokning", data={"csrf_token": token_in(html)})
    assert "Väntar på sin tur." in page(client, "/stad/resultat/ht26")
    session.rollback()
    assert run_waiting(make_sessions(session.get_bind().engine), clock, app_settings, Secrets(app_settings)) == 1
    html = page(client, "/stad/resultat/ht26")
    assert "Fråga feels_safe?" in html
    assert "sökts med heltalsprogrammering (MILP)" in html
    export(client, level="internal", file_format="csv")
    assert "Inget mönster som skyddar lika bra döljer färre svar." in page(client, "/stad/resultat/ht26/filer")
