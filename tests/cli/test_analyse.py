"""`enkat analyse` as a command: light to start, its schemas frozen, its files right in both forms."""

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from enkat.cli.main import cli
from tests.house.sources import ROOT

FOLDER = ROOT / "tests" / "reference" / "analyse"
HEAVY = ["flask", "sqlalchemy", "pydantic_settings", "enkat.settings", "enkat.records", "enkat.web"]
ROW_KEYS = ["name", "estimate", "se", "lo", "hi", "n", "N", "df", "method", "p", "p_adjusted", "word"]


def analyse(*arguments: object) -> Result:
    result = CliRunner().invoke(cli, ["analyse", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result


def test_it_needs_no_app_settings_or_database(tmp_path: Path) -> None:
    arguments = [str(FOLDER / "frame.csv"), "--spec", str(FOLDER / "compare.toml"), "-o", str(tmp_path / "ut.json")]
    script = (
        "import json, sys\n"
        "from click.testing import CliRunner\n"
        "from enkat.cli.main import cli\n"
        f"result = CliRunner().invoke(cli, ['analyse', *{arguments!r}])\n"
        "print(json.dumps([result.exit_code, sorted(sys.modules)]))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    code, modules = json.loads(done.stdout.splitlines()[-1])
    assert code == 0
    assert set(modules) & set(HEAVY) == set()


@pytest.mark.parametrize("kind", ["spec", "output"])
def test_the_schemas_are_frozen(kind: str) -> None:
    stored = (ROOT / "docs" / "reference" / f"analyse-{kind}.schema.json").read_text(encoding="utf-8")
    assert json.loads(analyse("--schema", kind).output) == json.loads(stored)


def test_the_rows_have_exactly_the_keys_of_the_schema(tmp_path: Path) -> None:
    output = tmp_path / "ut.json"
    analyse(FOLDER / "frame.csv", "--spec", FOLDER / "frame.toml", "-o", output)
    document = json.loads(output.read_text(encoding="utf-8"))
    row_schema = json.loads(analyse("--schema", "output").output)["properties"]["analyses"]["items"]["properties"][
        "rows"
    ]
    reasons = row_schema["items"]["properties"]["reason"]["enum"]
    assert list(document) == ["analyses"]
    for analysis in document["analyses"]:
        assert list(analysis) == ["id", "rows"]
        for row in analysis["rows"]:
            own = [key for key in row if key != "reason"]
            assert own[-len(ROW_KEYS) :] == ROW_KEYS
            assert row.get("reason") in {None, *reasons}
            if row["estimate"] is None or row["lo"] is None:
                assert "reason" in row


def test_full_precision_and_values_as_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "svar.csv").write_text("grupp,kod,x\n1,01,0.1\n1,01,0.2\n2,02,0.4\n2,02,0.7\n", encoding="utf-8")
    (tmp_path / "spec.toml").write_text(
        '[disclosure]\nthreshold = 0\n[[analysis]]\nid = "a"\nverb = "mean"\nvariables = "x"\nby = ["grupp", "kod"]\n',
        encoding="utf-8",
    )
    analyse(tmp_path / "svar.csv", "--spec", tmp_path / "spec.toml", "-o", tmp_path / "ut.json")
    rows = json.loads((tmp_path / "ut.json").read_text(encoding="utf-8"))["analyses"][0]["rows"]
    assert [(row["grupp"], row["kod"]) for row in rows] == [(1, "01"), (2, "02")]
    assert rows[0]["estimate"] == (0.1 + 0.2) / 2
    assert repr(rows[0]["estimate"]) in (tmp_path / "ut.json").read_text(encoding="utf-8")


def test_a_workbook_has_a_sheet_per_analysis(tmp_path: Path) -> None:
    output = tmp_path / "ut.xlsx"
    result = analyse(FOLDER / "frame.csv", "--spec", FOLDER / "frame.toml", "-o", output)
    assert "vikter trimmade" in result.output
    book = openpyxl.load_workbook(output)
    assert book.sheetnames[:3] == ["Läs mig", "medel per stadsdel", "medel med t"]
    assert len(book.sheetnames) == 40
    sheet = book["andel per enhet"]
    headings = [cell.value for cell in sheet[1]]
    assert headings[:6] == ["enhet", "Mått", "Skattning", "Medelfel", "Nedre gräns", "Övre gräns"]
    assert sheet["A2"].value == "Enhet A"
    assert isinstance(sheet["C2"].value, float)
    readme = {row[0].value: row[1].value for row in book["Läs mig"].iter_rows(min_row=2)}
    assert readme["Tröskel"] == "Inget är dolt."
    assert "täcker slumpen" in readme["Intervall"]


def test_a_workbook_gives_the_same_figures_as_the_csv_file(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for number, line in enumerate((FOLDER / "respondents.csv").read_text(encoding="utf-8").splitlines()):
        cells = line.split(",")
        sheet.append([float(cell) if number and cell.replace(".", "").isdigit() else cell or None for cell in cells])
    book.save(tmp_path / "svar.xlsx")
    analyse(FOLDER / "respondents.csv", "--spec", FOLDER / "respondents.toml", "-o", tmp_path / "a.json")
    analyse(tmp_path / "svar.xlsx", "--spec", FOLDER / "respondents.toml", "-o", tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_the_script_is_written_beside(tmp_path: Path) -> None:
    script = tmp_path / "skript.R"
    analyse(FOLDER / "frame.csv", "--spec", FOLDER / "frame.toml", "-o", tmp_path / "ut.json", "--r-script", script)
    assert script.read_text(encoding="utf-8").startswith("# Räknar om siffrorna från enkat analyse")


def test_arguments_that_are_missing_are_named() -> None:
    result = CliRunner().invoke(cli, ["analyse", str(FOLDER / "frame.csv")])
    assert result.exit_code == 2
    assert "Ange DATA, --spec och -o" in result.output


def test_a_told_number_of_clients_is_shared_out_where_every_cell_cuts_its_unit(tmp_path: Path) -> None:
    data, spec, output = (tmp_path / name for name in ("svar.csv", "spec.toml", "ut.json"))
    data.write_text("enhet,N,kön,tal\n" + "A,8,K,1\nA,8,M,2\nA,8,K,4\nA,8,M,3\n", encoding="utf-8")
    spec.write_text(
        '[design]\nunit = "enhet"\nN = "N"\n[disclosure]\nthreshold = 0\n'
        '[[analysis]]\nid = "a"\nverb = "mean"\nvariables = "tal"\nby = ["enhet", "kön"]\n',
        encoding="utf-8",
    )
    analyse(data, "--spec", spec, "-o", output)
    rows = json.loads(output.read_text(encoding="utf-8"))["analyses"][0]["rows"]
    assert [(row["kön"], row["estimate"], row["N"]) for row in rows] == [("K", 2.5, 4), ("M", 2.5, 4)]
