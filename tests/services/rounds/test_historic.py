"""Earlier surveys enter as aggregates: all rows or none, each fault by row and column."""

import io

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.rounds import HistoricFigure
from enkat.services.faults import Fault, Faults
from enkat.services.rounds.historic import FigureRow, add_historic_round, read_figures, replace_figures
from tests.clocks import FixedClock
from tests.factories.rounds import small_register

QUESTIONS = ("feels_safe", "overall")
FILE = """Fråga;Version;Stadsdel;Enhet;Andel;Antal svar;Antal brukare
feels_safe;1;;;85,5;900;1500
overall;;Norra;;90 %;;
overall;;;BJÖ;70;20;40
"""


def _historic(session: Session, clock: FixedClock) -> int:
    return add_historic_round(
        session, clock, title="Brukarundersökning 2003", year=2003, source="Rapport 2004:1", account_id=None
    ).id


def test_a_file_of_figures_is_read(session: Session, clock: FixedClock) -> None:
    small_register(session)
    historic_id = _historic(session, clock)
    rows = read_figures("2003.csv", FILE.encode("cp1252"))
    assert replace_figures(session, clock, historic_id, rows, questions=QUESTIONS, account_id=None) == 3
    figures = session.scalars(select(HistoricFigure).order_by(HistoricFigure.id)).all()
    assert [figure.share for figure in figures] == pytest.approx([0.855, 0.9, 0.7])
    assert (figures[0].n, figures[0].population, figures[0].question_version) == (900, 1500, 1)
    assert figures[1].district_id is not None
    assert figures[2].unit_id is not None
    assert replace_figures(session, clock, historic_id, rows, questions=QUESTIONS, account_id=None) == 3
    assert len(session.scalars(select(HistoricFigure)).all()) == 3


def test_a_workbook_is_read_the_same(session: Session) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Fråga", "Andel"])
    sheet.append(["feels_safe", 85])
    stream = io.BytesIO()
    book.save(stream)
    assert read_figures("2003.xlsx", stream.getvalue()) == [(2, FigureRow("feels_safe", "85"))]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (FigureRow("nosuch", "85"), "Rad 2, Fråga: ”nosuch” är ingen kärnfråga"),
        (FigureRow("overall", "många"), "Rad 2, Andel: ”många” är inget tal"),
        (FigureRow("overall", "101"), "Rad 2, Andel: Andelen ligger mellan"),
        (FigureRow("overall", "0,85"), "Rad 2, Andel: ”0,85” kan läsas på två sätt"),
        (FigureRow("overall", "85", unit="ZZZ"), "Rad 2, Enhet: ”ZZZ” finns inte"),
        (FigureRow("overall", "85", district="Söder"), "Rad 2, Stadsdel: ”Söder” finns inte"),
        (FigureRow("overall", "85", district="Norra", unit="BJÖ"), "Rad 2, Enhet: Skriv stadsdel eller enhet"),
        (FigureRow("overall", "85", n="ca 20"), "Rad 2, Antal svar: ”ca 20” är inget helt tal"),
        (FigureRow("overall", "85", n="50", population="40"), "Rad 2, Antal svar: Fler svar än brukare"),
    ],
)
@pytest.mark.one_database
def test_a_faulty_row_is_named_and_nothing_is_written(
    session: Session, clock: FixedClock, row: FigureRow, sentence: str
) -> None:
    small_register(session)
    historic_id = _historic(session, clock)
    good = FigureRow("feels_safe", "85")
    with pytest.raises(Faults) as caught:
        replace_figures(session, clock, historic_id, [(2, row), (3, good)], questions=QUESTIONS, account_id=None)
    assert [found.startswith(sentence) for found in caught.value.sentences] == [True]
    assert session.scalars(select(HistoricFigure)).all() == []


@pytest.mark.one_database
def test_the_same_place_twice_and_missing_columns_are_told(session: Session, clock: FixedClock) -> None:
    historic_id = _historic(session, clock)
    twice = [(2, FigureRow("overall", "85")), (3, FigureRow("overall", "80"))]
    with pytest.raises(Faults, match="Rad 3, Fråga: samma fråga och plats står redan på rad 2"):
        replace_figures(session, clock, historic_id, twice, questions=QUESTIONS, account_id=None)
    with pytest.raises(Fault, match="Kolumnen Andel saknas"):
        read_figures("x.csv", b"Fr\xc3\xa5ga;Resultat\noverall;5\n")
    with pytest.raises(Fault, match="Året"):
        add_historic_round(session, clock, title="x", year=1066, source="y", account_id=None)
