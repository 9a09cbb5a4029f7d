"""Workbooks: what a spreadsheet program reads back."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from enkat.documents import workbook
from enkat.documents.tables import Column, Sheet
from enkat.documents.workbook import WorkbookFullError, write_workbook

COLUMNS = (
    Column("Enhet", "unit", 30),
    Column("N", "clients"),
    Column("Andel (%)", "share", decimals=1),
    Column("Dag", "day"),
)


def written(*sheets: Sheet) -> openpyxl.Workbook:
    stream = io.BytesIO()
    write_workbook(stream, sheets, title="Resultat", created=datetime(2026, 5, 1, tzinfo=UTC))
    return openpyxl.load_workbook(stream)


def test_numbers_are_numbers_and_headings_are_frozen():
    book = written(
        Sheet("Enheter", COLUMNS, [("Björken", 40, 82.5, date(2026, 5, 1)), ("Ala", None, float("nan"), None)])
    )
    page = book["Enheter"]
    assert [cell.value for cell in page[1]] == ["Enhet", "N", "Andel (%)", "Dag"]
    assert [cell.value for cell in page[2]] == ["Björken", 40, 82.5, datetime(2026, 5, 1)]  # noqa: DTZ001 - as openpyxl reads
    assert page["C2"].number_format == "0.0"
    assert [cell.value for cell in page[3]] == ["Ala", None, None, None]
    assert page.freeze_panes == "B2"
    assert page.auto_filter.ref == "A1:D3"


@pytest.mark.parametrize(
    "text", ["=1+1", "+46 8", "-3,5", "@SUM(A1)", "\t=1", "http://example.org", '=HYPERLINK("x")', "1e5"]
)
def test_text_stays_text(text: str):
    book = written(Sheet("Blad", (Column("Text", "text"),), [(text,)]))
    cell = book["Blad"]["A2"]
    assert cell.value == text
    assert cell.data_type == "s"
    assert cell.hyperlink is None


def test_a_title_stands_above_the_headings():
    page = written(Sheet("Blad", COLUMNS[:1], [("A",)], title="Resultat 2026"))["Blad"]
    assert [page["A1"].value, page["A3"].value, page["A4"].value] == ["Resultat 2026", "Enhet", "A"]
    assert page.freeze_panes == "B4"


def test_names_are_made_fit_and_unique():
    long = "Vård- och omsorgsboende: södra/norra distriktet"
    book = written(Sheet(long, COLUMNS[:1], []), Sheet(long, COLUMNS[:1], []), Sheet("[]", COLUMNS[:1], []))
    assert book.sheetnames == ["Vård- och omsorgsboende  södra", "Vård- och omsorgsboende  sö (2)", "Blad"]


def test_too_many_rows_are_refused_with_a_way_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(workbook, "ROW_LIMIT", 3)
    with pytest.raises(WorkbookFullError, match=r"Enheter.*Välj CSV"):
        write_workbook(tmp_path / "a.xlsx", [Sheet("Enheter", COLUMNS[:1], [("A",), ("B",), ("C",)])])


def test_equal_contents_give_equal_bytes():
    def content() -> bytes:
        stream = io.BytesIO()
        write_workbook(stream, [Sheet("A", COLUMNS[:1], [("A",)])], created=datetime(2026, 5, 1, tzinfo=UTC))
        return stream.getvalue()

    assert content() == content()
