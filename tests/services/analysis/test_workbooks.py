"""Cells of a worksheet as they stand in its XML: every kind becomes the text that a CSV file would hold."""

import io
import zipfile

import pytest
import xlsxwriter

from enkat.services.faults import Fault
from enkat.services.files.spreadsheets import open_sheet, sheet_records

HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = "</sheetData></worksheet>"
ALOUD = '<rPh sb="0" eb="1"><t>uttal</t></rPh>'
DAY, HOURS, NUMBER = 1, 2, 3


def _book(rows: str) -> io.BytesIO:
    """Make a workbook with shared texts and styles, whose sheet is these rows of XML."""
    stream = io.BytesIO()
    made = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = made.add_worksheet()
    sheet.write_string("A1", "delad")
    for place, form in (("B1", "yyyy-mm-dd"), ("C1", "[h]:mm"), ("D1", "0.00")):
        sheet.write_number(place, 1, made.add_format({"num_format": form}))
    made.close()
    with zipfile.ZipFile(stream) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist()}
    parts["xl/worksheets/sheet1.xml"] = (HEAD + rows + TAIL).encode()
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return result


def records(rows: str, *, columns: int = 4) -> list[list[str]]:
    sheet = open_sheet(_book(rows), len, max_columns=columns)
    return list(sheet_records(sheet, max_rows=50, max_columns=columns))


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="A1" t="s"><v>0</v></c>', "delad"),
        ('<c r="A1"><v>12</v></c>', "12"),
        ('<c r="A1" t="n"><v>12.0</v></c>', "12"),
        ('<c r="A1"><v>-3</v></c>', "-3"),
        ('<c r="A1"><v>0.30000000000000004</v></c>', "0.30000000000000004"),
        ('<c r="A1"><v>1.5E3</v></c>', "1500"),
        (f'<c r="A1" s="{NUMBER}"><v>61.5</v></c>', "61.5"),
        (f'<c r="A1" s="{DAY}"><v>43922</v></c>', "2020-04-01"),
        (f'<c r="A1" s="{DAY}"><v>43922.5</v></c>', "2020-04-01 12:00:00"),
        (f'<c r="A1" s="{HOURS}"><v>1.5</v></c>', "1 day, 12:00:00"),
        ('<c r="A1" t="d"><v>2020-04-01T00:00:00</v></c>', "2020-04-01"),
        ('<c r="A1" t="b"><v>1</v></c>', "True"),
        ('<c r="A1" t="str"><v>Å &amp; Ä</v></c>', "Å & Ä"),
        ('<c r="A1" t="inlineStr"><is><t>rak</t></is></c>', "rak"),
        (f'<c r="A1" t="inlineStr"><is><r><t>de</t></r><r><t>lad</t></r>{ALOUD}</is></c>', "delad"),
        ('<c r="A1" s="1"/>', ""),
        ('<c r="A1" t="s"><v></v></c>', ""),
    ],
)  # fmt: skip
def test_every_kind_of_cell_is_text(cell: str, text: str) -> None:
    assert records(f'<row r="1">{cell}<c r="B1"><v>7</v></c></row>') == [[text, "7"]]


def test_cells_and_rows_without_a_place_follow_each_other() -> None:
    assert records("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>") == [["1", "2"], ["3", ""]]


def test_gaps_stay_gaps_and_what_is_far_out_is_left() -> None:
    rows = '<row r="2"><c r="C2"><v>1</v></c><c r="A2"><v>0</v></c><c r="XFD2"><f>1+1</f></c></row><row r="4"/>'
    far = '<row r="1048576"><c r="A1048576"><v>9</v></c></row>'
    assert records(rows + far) == [[], ["0", "", "1"], [], ["", "", ""]]


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ('<c r="B3"><f>1+1</f><v>2</v></c>', "en formel"),
        ('<c r="B3" t="str"><f>A1</f><v>x</v></c>', "en formel"),
        ('<c r="B3" t="e"><v>#N/A</v></c>', "felvärdet #N/A"),
        (f'<c r="B3" s="{DAY}"><v>10000000</v></c>', "felvärdet #VALUE!"),
    ],
)
def test_formulas_and_errors_are_refused_by_place(cell: str, what: str) -> None:
    with pytest.raises(Fault, match="Rad 3, kolumn B: cellen är " + what):
        records(f'<row r="3">{cell}</row>')


@pytest.mark.parametrize("broken", ['<c r="A1" t="s"><v>99</v></c>', '<c r="A1"><v>x</v></c>', '<c r="1">'])
def test_a_broken_sheet_gets_a_sentence(broken: str) -> None:
    with pytest.raises(Fault, match="går inte att läsa"):
        records(f'<row r="1">{broken}</row>')
