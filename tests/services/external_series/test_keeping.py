"""Others' results: a file is read whole or not at all, the same file twice changes nothing, places are told apart."""

import pytest
from sqlalchemy.orm import Session

from enkat.records.external_series import ExternalSeries, figures_beside, figures_of, series_with_extent, years_of
from enkat.services.external_series.keeping import (
    Changes,
    add_series,
    find_series,
    import_figures,
    read_figures,
    remove_year,
)
from enkat.services.faults import Fault, Faults, NotFoundFault
from tests.clocks import FixedClock
from tests.factories.rounds import small_register

QUESTIONS = frozenset({"feels_safe"})
FILE = """År;Fråga;Kärnfråga;Stadsdel;Enhet;Andel;Antal svar;Svarsfrekvens
2024;Hur tryggt känns det att bo hemma?;feels_safe;;;86,5 %;1200;54
2024;Hur tryggt känns det att bo hemma?;feels_safe;;BJÖ;79;24;
2025;Hur tryggt känns det att bo hemma?;feels_safe;;BJÖ;81;22;61,5
2025;Brukar personalen komma i tid?;;Norra;;90;;
"""


def _series(session: Session, clock: FixedClock, title: str = "Nationella undersökningen") -> ExternalSeries:
    small_register(session)
    return add_series(
        session, clock, title=title, publisher="Myndigheten", source="Öppna jämförelser, hämtad 2026", account_id=None
    )


def _read(session: Session, clock: FixedClock, series_id: int, text: str) -> Changes:
    rows = read_figures("nationell.csv", text.encode())
    return import_figures(session, clock, series_id, rows, questions=QUESTIONS, account_id=None)


def test_a_file_is_read_and_the_same_file_twice_changes_nothing(session: Session, clock: FixedClock) -> None:
    series = _series(session, clock)
    assert _read(session, clock, series.id, FILE) == Changes(new=4, changed=0, same=0)
    assert _read(session, clock, series.id, FILE) == Changes(new=0, changed=0, same=4)
    corrected = FILE.replace("79;24", "78;24")
    assert _read(session, clock, series.id, corrected) == Changes(new=0, changed=1, same=3)
    assert years_of(session, series.id) == [(2025, 2), (2024, 2)]
    assert [(found.title, *rest) for found, *rest in series_with_extent(session)] == [(series.title, 4, 2024, 2025)]


def test_figures_stand_beside_the_place_they_are_of(session: Session, clock: FixedClock) -> None:
    series = _series(session, clock)
    _read(session, clock, series.id, FILE)
    unit = next(figure.unit_id for figure in figures_of(session, series.id) if figure.unit_id is not None)
    of_unit = figures_beside(session, unit_id=unit, district_id=None)
    assert [(figure.year, figure.share, figure.n) for figure, _ in of_unit] == [(2024, 0.79, 24), (2025, 0.81, 22)]
    of_city = figures_beside(session, unit_id=None, district_id=None)
    assert [(figure.share, figure.response_rate) for figure, _ in of_city] == [(0.865, 0.54)]


def test_a_year_is_taken_out_and_the_others_stay(session: Session, clock: FixedClock) -> None:
    series = _series(session, clock)
    _read(session, clock, series.id, FILE)
    remove_year(session, clock, series.id, 2024, None)
    assert years_of(session, series.id) == [(2025, 2)]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("1890;Trygg?;;;;80;;", "Rad 3, År: Skriv ett år från 1990"),
        ("2031;Trygg?;;;;80;;", "Rad 3, År: Skriv ett år från 1990"),
        ("i fjol;Trygg?;;;;80;;", "Rad 3, År: ”i fjol” är inget helt tal"),
        ("2025;;;;;80;;", "Rad 3, Fråga: Skriv vad som frågades"),
        ("2025;Trygg?;nosuch;;;80;;", "Rad 3, Kärnfråga: ”nosuch” är ingen kärnfråga"),
        ("2025;Trygg?;;;;0,8;;", "Rad 3, Andel: ”0,8” kan läsas på två sätt"),
        ("2025;Trygg?;;;;;;", "Rad 3, Andel: ”” är inget tal"),
        ("2025;Trygg?;;;ZZZ;80;;", "Rad 3, Enhet: ”ZZZ” finns inte"),
        ("2025;Trygg?;;;;80;4;", "Rad 3, Antal svar: Färre än 5 svar"),
        ("2025;Trygg?;;;;80;40;120", "Rad 3, Svarsfrekvens: Andelen ligger mellan"),
        ("2024;Trygg?;;;;80;;", "Rad 3, Fråga: samma fråga och plats står redan på rad 2"),
    ],
)
@pytest.mark.one_database
def test_a_faulty_row_is_named_and_nothing_is_written(
    session: Session, clock: FixedClock, row: str, sentence: str
) -> None:
    series = _series(session, clock)
    heading = FILE.splitlines()[0]
    with pytest.raises(Faults) as caught:
        _read(session, clock, series.id, f"{heading}\n2024;Trygg?;;;;85;;\n{row}\n")
    assert [told.startswith(sentence) for told in caught.value.sentences] == [True]
    assert figures_of(session, series.id) == []


@pytest.mark.one_database
def test_a_missing_column_and_an_empty_file_are_told(session: Session, clock: FixedClock) -> None:
    series = _series(session, clock)
    with pytest.raises(Fault, match="Kolumnen Andel saknas"):
        _read(session, clock, series.id, "År;Fråga\n2025;Trygg?\n")
    with pytest.raises(Fault, match="inga rader"):
        _read(session, clock, series.id, FILE.splitlines()[0] + "\n")


@pytest.mark.one_database
def test_a_series_needs_a_name_of_its_own_a_publisher_and_a_source(session: Session, clock: FixedClock) -> None:
    series = _series(session, clock)
    with pytest.raises(Fault, match="redan en serie"):
        add_series(session, clock, title=series.title, publisher="X", source="Y", account_id=None)
    with pytest.raises(Faults) as caught:
        add_series(session, clock, title=" ", publisher="", source="", account_id=None)
    assert caught.value.fields == ["title", "publisher", "source"]
    with pytest.raises(NotFoundFault):
        find_series(session, "Finns inte")
