"""Checking a whole directory: every fault in one run, faults of files and folders, and nothing loaded by halves."""

from pathlib import Path

import pytest

from enkat.instruments.checking import check_directory
from enkat.instruments.faults import InstrumentFaults
from enkat.instruments.loading import load_catalogue
from tests.factories.surveys import CORE, EXTRA, HOME, SCALES, write_surveys


def test_the_valid_directory_has_no_faults(tmp_path: Path):
    assert check_directory(write_surveys(tmp_path)) == []


def test_many_faults_in_one_file_are_found_in_one_run(tmp_path: Path):
    write_surveys(
        tmp_path,
        (HOME, "core:is_heard@1", "core:is_seen@1"),
        (HOME, 'criteria = ["inflytande"]\n', ""),
        (HOME, "Får du mat av oss?", "Får du mat av oss"),
        (HOME, 'options = ["yes"]', 'options = ["maybe"]'),
        (HOME, 'kind = "text"', 'kind = "text"\nrequired = true'),
        (HOME, 'changed = "Ny."', 'changed = ""'),
        (HOME, "max_length = 500", "max_length = 5000"),
    )
    faults = check_directory(tmp_path)
    assert {fault.file for fault in faults} == {HOME}
    assert [(fault.question, fault.message.split(".")[0]) for fault in faults] == [
        (None, "history version 1: changed är tom"),
        ("is_seen", "Kärnfrågan is_seen finns inte i core/questions"),
        ("tell_more", "Nyckeln required finns inte: ingen fråga är obligatorisk"),
        ("gets_food", "criteria är tom"),
        ("gets_food", "Texten text"),
        ("food_good", "Villkoret nämner svaret maybe, som inte finns i gets_food"),
    ]


def test_faults_of_several_files_are_found_in_one_run(tmp_path: Path):
    write_surveys(
        tmp_path,
        (SCALES, 'positive = ["yes"]', "positive = []"),
        (CORE, 'criteria = ["trygghet"]\n', ""),
        (EXTRA, 'scale = "freq"', 'scale = "never"'),
    )
    assert [fault.file for fault in check_directory(tmp_path)] == [CORE, SCALES, EXTRA]


def test_a_broken_core_question_is_not_reported_again_where_it_is_used(tmp_path: Path):
    write_surveys(tmp_path, (CORE, 'id = "is_heard"\nversion = 1', 'id = "is_heard"\nversion = "1"'))
    assert [fault.file for fault in check_directory(tmp_path)] == [CORE]


def test_a_broken_scale_is_not_reported_again_where_it_is_used(tmp_path: Path):
    write_surveys(tmp_path, (SCALES, 'id = "yesno"\nversion = 1', 'id = "yesno"\nversion = "1"'))
    assert [fault.file for fault in check_directory(tmp_path)] == [SCALES]


@pytest.mark.parametrize("file", [SCALES, CORE, HOME])
def test_a_missing_file_is_a_fault(tmp_path: Path, file: str):
    write_surveys(tmp_path)
    (tmp_path / file).unlink()
    assert (file, None, "Filen saknas.") in [(f.file, f.question, f.message) for f in check_directory(tmp_path)]


@pytest.mark.parametrize("file", [SCALES, CORE, HOME, EXTRA])
def test_a_file_in_another_encoding_is_a_fault(tmp_path: Path, file: str):
    write_surveys(tmp_path)
    target = tmp_path / file
    target.write_bytes(target.read_text(encoding="utf-8").encode("cp1252") + "# å".encode("cp1252"))
    faults = [fault for fault in check_directory(tmp_path) if fault.file == file]
    assert faults[0].message.startswith("Filen är inte sparad som UTF-8.")


@pytest.mark.parametrize("file", [SCALES, CORE, HOME, EXTRA])
def test_an_empty_file_is_a_fault(tmp_path: Path, file: str):
    write_surveys(tmp_path)
    (tmp_path / file).write_text("", encoding="utf-8")
    assert (file, "Filen är tom.") in [(fault.file, fault.message) for fault in check_directory(tmp_path)]


def test_a_directory_that_is_not_there(tmp_path: Path):
    assert [fault.message for fault in check_directory(tmp_path / "borta")] == ["Mappen borta finns inte."]


def test_a_directory_without_instruments(tmp_path: Path):
    write_surveys(tmp_path)
    (tmp_path / HOME).unlink()
    (tmp_path / "hemtjanst").rmdir()
    assert [fault.message for fault in check_directory(tmp_path)] == [
        "Det finns ingen enkät. Lägg varje enkät i en egen mapp med filen instrument.toml."
    ]


def test_too_hard_to_read_as_a_whole(tmp_path: Path):
    edits = [(HOME, "Är maten god när den kommer?", "Kommer maten alltid vid samma tidpunkt varje dag?")]
    edits += [(HOME, "Får du mat av oss?", "Får du lagad mat genom hemtjänsten varje vardag?")]
    edits += [(HOME, "Vill du säga mer?", "Vill du berätta någonting ytterligare för oss?")]
    edits += [(CORE, "Lyssnar de på dig?", "Lyssnar personalen alltid på dig när du pratar?")]
    edits += [(CORE, "Är du trygg med din hjälp?", "Känner du dig trygg med personalen hos hemtjänsten?")]
    messages = [fault.message for fault in check_directory(write_surveys(tmp_path, *edits))]
    assert any(message.startswith("Frågorna (vanlig text) är svåra att läsa: LIX ") for message in messages)


def test_a_faulty_directory_is_not_loaded_at_all(tmp_path: Path):
    write_surveys(tmp_path, (EXTRA, 'scale = "freq"', 'scale = "never"'))
    with pytest.raises(InstrumentFaults) as refused:
        load_catalogue(tmp_path)
    assert str(refused.value) == "supplements/mat.toml: warm_food: Skalan never finns inte."


def test_a_picture_that_is_there_is_accepted(tmp_path: Path):
    write_surveys(tmp_path, (HOME, 'kind = "text"', 'kind = "text"\nmedia = { picture = "mat.svg" }'))
    (tmp_path / "hemtjanst" / "mat.svg").write_text("<svg/>", encoding="utf-8")
    assert check_directory(tmp_path) == []
    assert load_catalogue(tmp_path).instruments["hemtjanst"].question("tell_more").media.picture == "mat.svg"
