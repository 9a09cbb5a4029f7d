"""What results are held against: targets and others' surveys, on their pages."""

import io

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.accounts import Role
from enkat.records.external_series import series_with_extent, years_of
from enkat.records.organisations import Unit
from enkat.records.targets import TargetScope, targets_of
from tests.clocks import FixedClock
from tests.factories.accounts import staff_client
from tests.factories.counted import UnitCase, add_counted_round
from tests.factories.rounds import small_register
from tests.page_checks import CheckedClient
from tests.web.city.test_login import submit, token_of

TARGET = {"year": "2026", "question_id": "feels_safe", "place": "unit:", "percent": "85,5", "decision": "VP 2026"}
SERIES = {"title": "Nationella undersökningen", "publisher": "Myndigheten", "source": "Öppna jämförelser"}
FILE = "År;Fråga;Kärnfråga;Enhet;Andel;Antal svar\n2025;Hur trygg?;feels_safe;BJÖ;81;22\n2024;Hur trygg?;;;79;\n"


@pytest.fixture
def analyst(app: Flask, session: Session, clock: FixedClock) -> CheckedClient:
    small_register(session)
    return staff_client(app, session, clock, Role.ANALYST)


def _upload(client: CheckedClient, address: str, content: str) -> str:
    answer = client.post(
        address,
        data={
            "csrf_token": token_of(client.get(address).text),
            "file": (io.BytesIO(content.encode()), "nationell.csv"),
        },
        follow_redirects=True,
    )
    return answer.text


def test_a_target_is_set_shown_repeated_and_removed(analyst: CheckedClient, session: Session) -> None:
    assert "Inget mål är satt" in analyst.get("/stad/mal?ar=2026").text
    assert submit(analyst, "/stad/mal/nytt", **TARGET).status_code == 302
    page = analyst.get("/stad/mal?ar=2026").text
    assert "minst 85,5" in page
    assert "Varje enhet" in page
    assert "VP 2026" in page
    session.rollback()
    target = targets_of(session, 2026)[0]
    assert (target.scope, target.basis_points) == (TargetScope.UNIT, 8550)
    remove = f"/stad/mal/{target.id}/ta-bort"
    assert submit(analyst, "/stad/mal/2027/upprepa/2026", decision="VP 2027").status_code == 302
    session.rollback()
    assert [found.decision for found in targets_of(session, 2027)] == ["VP 2027"]
    assert "Ta bort målet?" in analyst.get(remove).text
    assert submit(analyst, remove).status_code == 302
    session.rollback()
    assert targets_of(session, 2026) == []
    assert analyst.get(remove).status_code == 404


def test_a_faulty_target_keeps_what_was_written(analyst: CheckedClient, session: Session) -> None:
    answer = submit(analyst, "/stad/mal/nytt", **{**TARGET, "percent": "120"})
    assert "högst 100 procent" in answer.text
    assert 'value="120"' in answer.text
    assert "VP 2026" in answer.text
    assert targets_of(session, 2026) == []


def test_a_series_is_begun_filled_shown_by_year_and_emptied(analyst: CheckedClient, session: Session) -> None:
    assert "Ingen serie är inlagd än" in analyst.get("/stad/serier").text
    assert submit(analyst, "/stad/serier/ny", **SERIES).status_code == 302
    [(series, *_rest)] = series_with_extent(session)
    address = f"/stad/serier/{series.id}"
    assert "2 nya, 0 ändrade" in _upload(analyst, address, FILE)
    page = analyst.get(address).text
    assert "81,0" in page
    assert "Björken (BJÖ)" in page
    assert "79,0" in analyst.get(f"{address}?ar=2024").text
    assert "Ta bort resultaten för 2025?" in analyst.get(f"{address}/2025/ta-bort").text
    assert submit(analyst, f"{address}/2025/ta-bort").status_code == 302
    session.rollback()
    assert years_of(session, series.id) == [(2024, 1)]


def test_a_faulty_file_is_told_row_by_row(analyst: CheckedClient, session: Session) -> None:
    submit(analyst, "/stad/serier/ny", **SERIES)
    [(series, *_rest)] = series_with_extent(session)
    page = _upload(analyst, f"/stad/serier/{series.id}", FILE.replace("81;22", "mycket;3"))
    assert "Rad 2, Antal svar: Färre än 5 svar" in page
    assert years_of(session, series.id) == []


def test_others_figures_stand_beside_the_results_of_the_same_place(
    app: Flask, session: Session, clock: FixedClock
) -> None:
    add_counted_round(session, [UnitCase(60, 40), UnitCase(60, 40)])
    unit = session.scalars(select(Unit).order_by(Unit.code)).first()
    assert unit is not None
    analyst = staff_client(app, session, clock, Role.ANALYST)
    submit(analyst, "/stad/serier/ny", **SERIES)
    rows = ("År;Fråga;Enhet;Andel;Antal svar", f"2024;Trygg?;{unit.code};81;22", "2025;Nöjd?;;90;")
    _upload(analyst, "/stad/serier/1", "\n".join(rows))
    of_unit = analyst.get(f"/stad/resultat/ht26/grupp/unit:{unit.id}").text
    assert "81\N{NO-BREAK SPACE}% (22 svar)" in of_unit
    assert "Nöjd?" not in of_unit
    of_city = analyst.get("/stad/resultat/ht26").text
    assert "Nöjd?" in of_city
    assert "Trygg?" not in of_city


@pytest.mark.one_database
def test_readers_see_and_do_not_change(app: Flask, session: Session, clock: FixedClock) -> None:
    reader = staff_client(app, session, clock, Role.DISTRICT_READER)
    assert "Sätt ett mål" not in reader.get("/stad/mal").text
    assert "Lägg till en serie" not in reader.get("/stad/serier").text
    for address in ("/stad/mal/nytt", "/stad/serier/ny", "/stad/mal/2027/upprepa/2026", "/stad/mal/1/ta-bort"):
        assert reader.get(address).status_code == 403, address
