"""`enkat plan` takes numbers or a file and needs no database."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from enkat.cli.main import cli

pytestmark = pytest.mark.one_database


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(cli, ["plan", *arguments])
    assert done.exit_code == code, done.output
    return done.output


def test_one_unit_in_numbers():
    table = run("--population", "45", "--target", "85", "--truth", "92", "--truth", "75")
    assert "går inte att nå" in table
    assert "Mål minst 85 %, om 92,0" in table.replace("\N{NO-BREAK SPACE}", " ")


def test_a_file_of_units_as_data(tmp_path: Path):
    units = tmp_path / "enheter.csv"
    units.write_bytes("Enhet;Brukare;Tillfrågade\r\nBjörken;45;\r\nÅsen;190;120\r\n".encode("cp1252"))
    out = tmp_path / "plan.json"
    run(str(units), "--rate", "65", "--target", "82,5", "--format", "json", "-o", str(out))
    made = json.loads(out.read_text(encoding="utf-8"))
    assert [(unit["unit"], unit["N"], unit["invited"]) for unit in made["units"]] == [
        ("Björken", 45, 45),
        ("Åsen", 190, 120),
    ]
    assert made["units"][1]["invite_for_margin"] == 100
    (target,) = made["units"][0]["targets"]
    assert target["met"] + target["not_met"] + target["undetermined"] == pytest.approx(1)
    assert made["alternatives"]["census"]["invited"] == 235


def test_each_mode_has_its_price():
    asked = ("--population", "100", "--rate", "50", "--fixed", "7", "--mode", "papper:60:20", "--mode", "webb:40:1,5")
    made = json.loads(run(*asked, "--format", "json"))["alternatives"]["census"]
    assert made["cost_by_mode"] == {"papper": pytest.approx(600), "webb": pytest.approx(30)}
    assert made["cost"] == pytest.approx(637)
    (row,) = (line.split() for line in run(*asked).splitlines() if line.startswith("totalundersökning"))
    assert row[3:6] == ["637", "600", "30"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Enhet;Brukare\nA;x\n;3\n", "Rad 2, Brukare: skriv ett helt tal. Rad 3, Enhet: enhetens namn saknas."),
        ("Enhet;Brukare;Tillfrågade\nA;3;4\n", "Rad 2, Tillfrågade: fler tillfrågade än brukare."),
        ("Enhet;Antal\nA;3\n", "Kolumnen Brukare saknas."),
    ],
)
def test_a_faulty_file_is_told_by_row_and_column(tmp_path: Path, text: str, sentence: str):
    units = tmp_path / "enheter.csv"
    units.write_text(text, encoding="utf-8")
    assert sentence in run(str(units), code=1)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--population", "9", "--target", "101"], "högst 100 procent"),
        (["--population", "9", "--rate", "0"], "Svarsfrekvensen är större än 0"),
        (["--population", "9", "--mode", "papper:50:10"], "100 procent tillsammans"),
    ],
)
def test_numbers_that_cannot_be_are_told(arguments: list[str], sentence: str):
    assert sentence in run(*arguments, code=1)


@pytest.mark.parametrize(
    "arguments",
    [[], ["--population", "9", "--invited", "10"], ["--population", "9", "--mode", "papper"], ["--rate", "a"]],
)
def test_wrong_use_is_told(arguments: list[str]):
    assert "Error" in run(*arguments, code=2)
