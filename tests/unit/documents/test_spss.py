"""System files, read back by ReadStat: another hand's reading of the format."""

from datetime import UTC, datetime
from math import nan
from pathlib import Path
from typing import Any

import pyreadstat
import pytest

from enkat.documents.spss import Variable, sav_chunks
from enkat.documents.tables import Cell

VARIABLES = [
    Variable("unit", "Enhetskod", width=10),
    Variable("name", "Namn på enheten", width=34),
    Variable("answered", "Svar (n)", measure="scale"),
    Variable("share", "Andel (%)", decimals=1, measure="scale", values={-91: "för få svar"}, missing=(-92, -91)),
    Variable(
        "feels_safe",
        "Hur trygg är du med den hjälp du får?",
        values={1: "Mycket trygg", 2: "Ganska trygg", -3: "vet inte", -2: "inte besvarad"},
        missing=(-5, -1),
        measure="ordinal",
    ),
    Variable("with", "Ett ord som SPSS har tagit"),
]
ROWS: list[tuple[Cell, ...]] = [
    ("E001", "Björken på Ågatan – norra", 5, 12.5, 1, 1),
    ("E002", "x" * 50, None, -91, -3, 2),
    (None, "å" * 30, 2, nan, -2, True),
]


def read(path: Path, **options: Any) -> tuple[dict[str, list[Any]], Any]:
    columns, about = pyreadstat.read_sav(path, output_format="dict", **options)
    return dict(columns), about


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "svar.sav"
    created = datetime(2026, 10, 1, 8, 30, tzinfo=UTC)
    pieces = sav_chunks(VARIABLES, ROWS, count=3, label="Undersökningen i höst", created=created)
    path.write_bytes(b"".join(pieces))
    return path


def test_values_come_back_and_missing_codes_are_missing(written: Path):
    columns, _about = read(written)
    assert columns["unit"] == ["E001", "E002", ""]
    assert columns["answered"] == [5, None, 2]
    assert columns["share"] == [12.5, None, None]
    assert columns["feels_safe"] == [1, None, None]
    assert columns["with_"] == [1, 2, 1]


def test_each_reason_for_missing_keeps_its_code_and_label(written: Path):
    columns, about = read(written, user_missing=True)
    assert columns["feels_safe"] == [1, -3, -2]
    assert columns["share"] == [12.5, -91, None]
    assert about.missing_ranges == {"share": [{"lo": -92, "hi": -91}], "feels_safe": [{"lo": -5, "hi": -1}]}
    assert about.variable_value_labels["feels_safe"] == {
        1: "Mycket trygg",
        2: "Ganska trygg",
        -3: "vet inte",
        -2: "inte besvarad",
    }


def test_labels_letters_and_kinds(written: Path):
    columns, about = read(written)
    assert columns["name"] == ["Björken på Ågatan – norra", "x" * 34, "å" * 17]
    labels = {"with_" if one.name == "with" else one.name: one.label for one in VARIABLES}
    assert about.column_names_to_labels == labels
    assert about.variable_measure["feels_safe"] == "ordinal"
    assert about.original_variable_types["share"] == "F8.1"
    assert about.original_variable_types["name"] == "A34"
    assert (about.file_label, about.file_encoding, about.number_rows) == ("Undersökningen i höst", "UTF-8", 3)
    assert about.creation_time.isoformat() == "2026-10-01T08:30:00"


def test_long_labels_are_cut_between_letters(tmp_path: Path):
    variable = Variable("q", "å" * 200, values={1: "ö" * 100})
    path = tmp_path / "a.sav"
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    path.write_bytes(b"".join(sav_chunks([variable], [(1,)], count=1, label="ä" * 40, created=moment)))
    _columns, about = read(path)
    assert about.column_names_to_labels["q"] == "å" * 127
    assert about.variable_value_labels["q"] == {1: "ö" * 60}
    assert about.file_label == "ä" * 32


@pytest.mark.parametrize("name", ["", "1a", "å", "a b", "a_" * 33, "a."])
def test_names_that_the_format_has_no_room_for_are_refused(name: str):
    with pytest.raises(ValueError, match="no name"):
        Variable(name, "")


def test_what_does_not_fit_is_refused():
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    number = Variable("a", "")
    with pytest.raises(ValueError, match="same name"):
        list(sav_chunks([number, Variable("A", "")], [], count=0, label="", created=moment))
    with pytest.raises(ValueError, match="1 rows instead of 2"):
        list(sav_chunks([number], [(1,)], count=2, label="", created=moment))
    with pytest.raises(TypeError, match="holds numbers"):
        list(sav_chunks([number], [("ett",)], count=1, label="", created=moment))
    with pytest.raises(ValueError, match="255 bytes"):
        Variable("a", "", width=256)
