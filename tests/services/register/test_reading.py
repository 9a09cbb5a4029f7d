"""Files become tables of text, whatever wrote them; hostile and broken ones get a sentence."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from enkat.records.imports import ImportKind
from enkat.services.faults import Fault
from enkat.services.register import reading, spreadsheets
from enkat.services.register.columns import match_headings, missing_columns
from enkat.services.register.reading import OVERFLOW, Table, read_text
from enkat.services.register.spreadsheets import read_workbook
from enkat.services.register.staging import read_file
from tests.factories.register import DATA, HEADINGS, PERSON, WORKBOOK, content

CLIENTS, UNITS = ImportKind.CLIENTS, ImportKind.UNITS


def read(data: bytes, name: str = "fil.csv") -> Table:
    return read_file(CLIENTS, name, data)


def refused(data: bytes, name: str = "fil.csv") -> str:
    with pytest.raises(Fault) as caught:
        read(data, name)
    return caught.value.sentence


def workbook(*rows: tuple[object, ...], title: str = "Blad1") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_encoding_separator_and_line_ends_are_found(encoding: str, separator: str, ending: str) -> None:
    text = ending.join([HEADINGS, PERSON.replace("Persson", "Åkesson")]).replace(";", separator)
    table = read(text.encode(encoding))
    assert table.encoding == encoding.removesuffix("-sig")
    assert table.separator == separator
    assert table.headings == HEADINGS.split(";")
    assert table.rows[0][0] == 2
    assert table.rows[0][1]["Namn"] == "Påhittad Åkesson"


def test_decomposed_letters_are_composed_and_invisible_signs_go() -> None:
    table = read("Personref;Namn;Ko\u0308n\nA\u200b1;A\u030akesson\u00ad;K".encode())
    assert table.headings[2] == "Kön"
    assert table.rows[0][1] == {"Personref": "A1", "Namn": "Åkesson", "Kön": "K"}


def test_quoted_cells_keep_separators_and_formulas_stay_text() -> None:
    table = read(b'Personref;Namn\nA;"=HYPERLINK(""http://x.example"";""klicka"")"\nB;<script>x</script>')
    assert [cells["Namn"] for _, cells in table.rows] == [
        '=HYPERLINK("http://x.example";"klicka")',
        "<script>x</script>",
    ]


def test_short_rows_lack_cells_and_long_ones_overflow() -> None:
    rows = read(b"A;B;C\n1;2\n1;2;3;4;;5\n\n;;\n7;8;9").rows
    assert rows[0] == (2, {"A": "1", "B": "2"})
    assert rows[1][1][OVERFLOW] == "4 5"
    assert rows[2][0] == 6  # as a spreadsheet counts them


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "fil.csv", "tom"),
        (b" \n\n", "fil.csv", "tom"),
        (b"A;B;C", "fil.csv", "inga rader"),
        (b"A;A\n1;2", "fil.csv", "står två gånger"),
        (b"bara text\nmer text", "fil.csv", "bara en kolumn"),
        (b'A;B\n"x;1\n', "fil.csv", "citattecknen"),
        (b'A;B\n"x"y;1\n', "fil.csv", "Rad 2: citattecknen"),
        (b"%PDF-1.4", "fil.csv", "en PDF"),
        (b"%PDF-1.4", "fil.xlsx", "en PDF"),
        (b"\xd0\xcf\x11\xe0aaaa", "fil.xls", "äldre eller lösenordsskyddad"),
        (b"A;B\n1;2", "fil.xlsx", "inte en Excelfil"),
        (b"A;B\n1;2", "fil", "slutar på ingenting"),
        (b"A;B\n1;\x002", "fil.csv", "inte en textfil"),
        (b"A;B\n1;\x81\x8d", "fil.csv", "tecken"),
        (b"\xff\xfeA", "fil.csv", "tecken"),
        (b"A;B\n1;" + b"x" * 2001, "fil.csv", "Rad 2, B: texten är längre"),
        (b"x" * 101 + b";B\n1;2", "fil.csv", "för lång"),
        (b";".join(b"%d" % n for n in range(61)) + b"\n1;2", "fil.csv", "fler än 60 kolumner"),
    ],
)
def test_what_is_no_table_gets_a_sentence(data: bytes, name: str, sentence: str) -> None:
    assert sentence in refused(data, name)


def test_too_large_and_too_long_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 2)
    assert "fler än 2 rader" in refused(b"A;B\n1;2\n1;2\n1;2")
    monkeypatch.setattr(reading, "MAX_BYTES", 5)
    assert "för stor" in refused(b"A;B\n1;2")


def test_a_number_in_headings_or_cells_is_masked_before_anything_else() -> None:
    table = read(b"Personref;410101-2384\nA;19410101-2384")
    assert "410101" not in repr(table) + repr(table.rows)


def test_a_workbook_reads_as_the_csv_file_does() -> None:
    book, text = read(content(WORKBOOK), WORKBOOK), read((DATA / "personer.csv").read_bytes())
    assert book.encoding == "xlsx"
    assert [(number, {name: cells[name] for name in text.headings}) for number, cells in book.rows] == text.rows
    assert book.rows[0][1]["Telefon"] == "070-100 20 30"


def test_numbers_days_and_texts_of_a_workbook_become_text() -> None:
    rows = (
        ("Enhet", "Namn", "Giltig från", "Orgnr"),
        ("A", 12.0, datetime.fromisoformat("2020-04-01T00:00"), 2120008806),
        (None, None),
        ("B", "x", date(2021, 1, 2), None),
    )
    table = read_workbook(workbook(*rows), UNITS)
    assert table.rows == [
        (2, {"Enhet": "A", "Namn": "12", "Giltig från": "2020-04-01", "Orgnr": "2120008806"}),
        (4, {"Enhet": "B", "Namn": "x", "Giltig från": "2021-01-02", "Orgnr": ""}),
    ]


def test_the_sheet_with_the_register_is_found() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(("Läs mig",), ("Text",), title="Info")))
    sheet = book.create_sheet("Register")
    for row in (HEADINGS.split(";"), PERSON.split(";")):
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    assert read_workbook(stream.getvalue(), CLIENTS).headings == HEADINGS.split(";")


def test_a_formula_is_refused_by_row_and_column() -> None:
    assert "Rad 2, kolumn B: cellen är en formel" in refused(workbook(("A", "B"), ("1", "=1+1")), "fil.xlsx")


def _zip(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def _parts(**more: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook(("A", "B"), ("1", "2")))) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist()}
    return _zip(**(parts | more))


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    assert "inte en Excelfil" in refused(_zip(**{"a.txt": b"x"}), "fil.xlsx")
    assert "inte en textfil" in refused(_zip(**{"a.txt": b"x"}), "fil.csv")
    assert "går inte att läsa" in refused(b"PK\x03\x04" + b"x" * 100, "fil.xlsx")
    assert "går inte att läsa" in refused(workbook(("A", "B"), ("1", "2"))[:-200], "fil.xlsx")


def test_a_zip_bomb_is_refused_before_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = _parts(**{"xl/media/big.xml": b"0" * (8 * 1024 * 1024)})
    assert len(bomb) < 100_000
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("unpacked"))
    assert "för stor när den packas upp" in refused(bomb, "fil.xlsx")


def test_declared_entities_are_refused() -> None:
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    assert "en vanlig tabell inte har" in refused(_parts(**{"xl/sharedStrings.xml": evil}), "fil.xlsx")
    assert "en vanlig tabell inte har" in refused(
        _parts(**{"xl/sharedStrings.xml": evil.decode().encode("utf-16")}), "fil.xlsx"
    )


def test_a_cell_far_away_does_not_make_a_giant_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MAX_ROWS", 50)
    book = openpyxl.load_workbook(io.BytesIO(workbook(("A", "B"), ("1", "2"))))
    sheet = book.active
    assert sheet is not None
    sheet.cell(1_000_000, 16_000, "långt bort")
    stream = io.BytesIO()
    book.save(stream)
    assert len(read_workbook(stream.getvalue(), CLIENTS).rows) == 1


def test_headings_are_matched_whatever_their_spelling() -> None:
    headings = ["PERSONREF ", "namn", "Gatuadress", "Post nr", "postort", "ENHET", "Insats", "kön", "Född år", "språk"]
    mapping = match_headings(CLIENTS, [*headings, "Kontakt-väg", "Skyddad identitet", "Tel", "epost", "Annat"])
    assert missing_columns(CLIENTS, mapping) == []
    assert mapping["phone"] == "Tel"
    assert mapping["email"] == "epost"
    assert "Annat" not in mapping.values()
    assert [column.heading for column in missing_columns(CLIENTS, match_headings(CLIENTS, headings))] == [
        "Kontaktväg",
        "Skydd",
    ]


def test_a_file_of_many_rows_reads_in_one_go() -> None:
    rows = "\n".join(f"A{number};x" for number in range(5000))
    assert len(read_text(f"A;B\n{rows}".encode()).rows) == 5000
