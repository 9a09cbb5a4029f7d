"""Everything that is wrong gets a Swedish sentence with file, place, column and row; never a NaN, never a traceback."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from enkat.cli.main import cli

HEAD = "enhet;kon;svarat;vikt;N;q1;person"
ROWS = [
    "A;K;ja;1,5;6;5;1",
    "A;K;ja;1,5;6;4;2",
    "A;M;nej;;6;;3",
    "A;M;ja;1,5;6;1;4",
    "B;K;ja;2;5;5;5",
    "B;M;ja;2;5;2;6",
    "B;M;nej;;5;;7",
]
SPEC = """
[design]
unit = "enhet"
responded = "svarat"
[variables.q1]
positive = [4, 5]
[disclosure]
threshold = 0
[[analysis]]
id = "a"
verb = "share"
variables = "q1"
by = "enhet"
"""


def told(folder: Path, spec: str = SPEC, rows: list[str] | None = None, head: str = HEAD) -> str:
    """Run the command, see that it refuses in words and writes nothing, and return what it says."""
    (folder / "svar.csv").write_text("\n".join([head, *(rows or ROWS)]), encoding="utf-8")
    (folder / "spec.toml").write_text(spec, encoding="utf-8")
    output = folder / "ut.json"
    result = CliRunner().invoke(
        cli, ["analyse", str(folder / "svar.csv"), "--spec", str(folder / "spec.toml"), "-o", str(output)]
    )
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    assert "Ett fel i programmet" not in result.output
    assert not output.exists()
    return result.output


RESPONDENTS = [row.replace(";ja;", ";") for row in ROWS if ";ja;" in row]
RESPONDENT_HEAD = "enhet;kon;vikt;N;q1;person"
RESPONDENT_SPEC = SPEC.replace('responded = "svarat"', 'N = "N"\nweight = "vikt"')


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("A;K;1,5;6;4;2", "A;K;0;6;4;2", "rad 3, kolumn vikt: vikten är 0"),
        ("A;K;1,5;6;4;2", "A;K;-2,5;6;4;2", "rad 3, kolumn vikt: vikten är -2,5"),
        ("A;K;1,5;6;4;2", "A;K;;6;4;2", "rad 3, kolumn vikt: vikten saknas"),
        ("A;K;1,5;6;4;2", "A;K;många;6;4;2", "rad 3, kolumn vikt: ”många” är inget tal"),
        ("A;K;1,5;6;4;2", "A;K;1,5;7;4;2", "rad 3, kolumn N: antalet i ramen är inte detsamma"),
        ("A;K;1,5;6;4;2", "A;K;1,5;;4;2", "rad 3, kolumn N: antalet i ramen saknas"),
        ("A;K;1,5;6;4;2", ";K;1,5;6;4;2", "rad 3, kolumn enhet: värdet saknas"),
        ("A;K;1,5;6;4;2", "C;K;1,5;6;4;2", "rad 3, kolumn enhet: stratum C har bara ett svar"),
    ],
)
def test_a_faulty_cell_is_named_by_row_and_column(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    rows = [row.replace(old, new) for row in RESPONDENTS]
    assert rows != RESPONDENTS
    assert sentence in told(tmp_path, RESPONDENT_SPEC, rows, RESPONDENT_HEAD)


def test_more_answers_than_frame(tmp_path: Path) -> None:
    rows = [row.replace(";6;", ";2;") for row in RESPONDENTS]
    said = told(tmp_path, RESPONDENT_SPEC, rows, RESPONDENT_HEAD)
    assert "rad 2, kolumn N: A har fler svar än de 2 som finns i ramen" in said


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([ROWS[0].replace(";ja;", ";kanske;"), *ROWS[1:]], "rad 2, kolumn svarat: ”kanske” är varken ja eller nej"),
        ([row.replace(";ja;", ";nej;") for row in ROWS], "kolumn svarat: ingen har svarat"),
        ([*ROWS, "B;M;ja;1;5;3;8;extra"], "Rad 9: raden har 8 celler men rubrikerna är 7"),
        ([*ROWS, '"B;M'], "Rad 9: citattecknen stämmer inte"),
    ],
)
def test_a_faulty_file(tmp_path: Path, rows: list[str], sentence: str) -> None:
    assert sentence in told(tmp_path, rows=rows)


@pytest.mark.parametrize(
    ("addition", "sentences"),
    [
        (
            'intervall = "wilson"',
            ["spec.toml: [[analysis]] nr 1 (a): Nyckeln intervall finns inte. Menade du interval?"],
        ),
        ('interval = "wilsson"', ["”wilsson” är inget värde för interval. Välj bland"]),
        ("target = 1.2", ["Målet 1.2 är över 100 %"]),
        ('target = "120 %"', ["Målet 120 % går inte"]),
        ("level = 95", ["level är ett tal mellan 0 och 1"]),
        ('df = "t"', ["df är normal, design, n-1 eller ett tal, inte ”t”"]),
        ('weights = "rakat"', ["Vikterna rakat finns inte"]),
        ('weights = "given"', ["Vikterna given behöver en kolumn med vikter"]),
        ('where = { "kön" = "K" }', ["Kolumnen kön i where finns inte. Menade du kon?"]),
        ('where = { kon = "X" }', ["svar.csv, kolumn kon: inget svar uppfyller villkoret i where"]),
        ('where = { in = { column = "kon", value = "K" } }', ["where.in.value finns inte. Menade du values?"]),
        ('compare = "resten"', ['compare är "rest", "earlier" eller två värden']),
        ('compare = ["A", "C"]', ["gruppen C finns inte bland svaren i enhet"]),
        ('earlier = "saknas.csv"', ["saknas.csv: Filen kan inte läsas"]),
        ("positive = [[]]", ["a): Värdet för positive.nr 1 kan inte användas: ”[]”"]),
        ("weights = 5", ["a): Värdet för weights kan inte användas: ”5”"]),
        ("quantiles = 5", ["Värdet för quantiles ska vara en lista"]),
        (
            'weights = { method = "rake", margins = ["enhet", "kon"], totals = { kon = { K = 3, M = 3 } } }',
            ["marginalen kon summerar till 6 men ramen har 7"],
        ),
        (
            'weights = { method = "rake", totals = { kon = { K = 3, M = 3, X = 1 } } }',
            ["kolumn kon: marginalen stämmer inte", "X"],
        ),
        (
            'weights = { method = "calibrate", margins = ["kon"], bounds = [0.99, 1.01] }',
            ["vikterna ryms inte inom gränserna", "kon"],
        ),
        ('weights = { method = "rakning" }', ["”rakning” är inget värde för weights.method"]),
        (
            'target = 2\nby = ["enhet", "kön"]\n[desing]\nunit = "x"',
            [
                "[desing]: Tabellen desing finns inte. Menade du design?",
                "Målet 2 är över 100 %",
            ],
        ),
    ],
)
def test_a_faulty_specification(tmp_path: Path, addition: str, sentences: list[str]) -> None:
    spec = SPEC.replace('by = "enhet"\n', "") if "by =" in addition else SPEC
    said = told(tmp_path, spec + addition)
    for sentence in sentences:
        assert sentence in said


def test_every_fault_is_told_in_one_run(tmp_path: Path) -> None:
    spec = """
[design]
unit = "enheten"
wieght = "vikt"
[derived.d]
kind = "index"
of = ["q1", "q9"]
[disclosure]
threshold = 3
[[analysis]]
id = "a"
verb = "medel"
variables = "q1"
[[analysis]]
id = "b"
verb = "ratio"
variables = "q1"
level = 2
[[analysis]]
id = "b"
verb = "share"
variables = ["q1", "q8"]
"""
    said = told(tmp_path, spec)
    for sentence in (
        "[design]: Nyckeln wieght finns inte. Menade du weight?",
        "[derived.d]: Kolumnen q9 finns inte i filen.",
        "[derived.d]: Ett index behöver skalans ändar",
        "[disclosure]: threshold är 0 (inget döljs) eller minst 5.",
        "[[analysis]] nr 1 (a): ”medel” är inget värde för verb",
        "(b): ratio har två variabler",
        "(b): level är ett tal mellan 0 och 1",
        "(b): Kolumnen q8 finns inte i filen.",
        "Samma id, b, står 2 gånger",
    ):
        assert sentence in said, said


def test_raking_that_does_not_settle(tmp_path: Path) -> None:
    rows = ["A;K;ja;1;9;5;1", "A;K;ja;1;9;5;2", "B;M;ja;1;9;5;3", "B;M;ja;1;9;5;4", *["A;M;nej;;9;;9"] * 5]
    spec = SPEC + 'weights = { method = "rake", margins = ["enhet", "kon"] }'
    said = told(tmp_path, spec, rows)
    assert "räkningen stannar inte" in said
    assert "enhet B" in said


def test_undefined_values_are_null_with_a_reason(tmp_path: Path) -> None:
    """A group that nobody answered in, limits that do not exist and a suppressed row: null, and why."""
    rows = [*ROWS, "C;K;nej;;5;;8", "D;K;ja;1;5;;9", "D;K;ja;1;5;;10"]
    (tmp_path / "svar.csv").write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    more = '[[analysis]]\nid = "b"\nverb = "share"\nvariables = "q1"\ninterval = "clopper_pearson"\n'
    (tmp_path / "spec.toml").write_text(SPEC + more, encoding="utf-8")
    arguments = ["analyse", str(tmp_path / "svar.csv"), "--spec", str(tmp_path / "spec.toml"), "-o"]
    result = CliRunner().invoke(cli, [*arguments, str(tmp_path / "ut.json")])
    assert result.exit_code == 0, result.output
    text = (tmp_path / "ut.json").read_text(encoding="utf-8")
    assert "NaN" not in text
    first, second = json.loads(text)["analyses"]
    by_unit = {row["enhet"]: row for row in first["rows"]}
    assert by_unit["C"]["n"] == 0
    assert by_unit["C"]["N"] == 1
    assert by_unit["C"]["estimate"] is None
    assert by_unit["C"]["reason"] == "ingen svarade"
    assert by_unit["D"]["reason"] == "ingen svarade"
    assert second["rows"][0]["lo"] is None
    assert second["rows"][0]["reason"] == "intervallet räknas på antal svar, men svaren väger olika"
