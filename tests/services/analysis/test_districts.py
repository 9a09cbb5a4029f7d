"""`[design] district`: districts as the rounds' results have them, and both a target and a comparison in one row."""

from pathlib import Path

import numpy as np
import pytest

from enkat.services.analysis.rows import Row
from enkat.services.analysis.running import run
from enkat.services.faults import Fault
from enkat.statistics.design import Design
from enkat.statistics.tallies import QuestionSums

UNITS = {  # unit: district, clients, positive, others, "vet inte", blank
    "Almen": ("Norr", 30, 12, 5, 1, 0),
    "Björken": ("Norr", 18, 4, 6, 0, 1),
    "Cedern": ("Söder", 25, 9, 6, 2, 0),  # alone in its district
    "Dungen": ("Väster", 16, 7, 3, 0, 0),
    "Eken": ("Väster", 11, 0, 0, 0, 0),  # nobody answered
    "Furan": ("Öster", 20, 11, 0, 0, 0),
    "Granen": ("Öster", 12, 8, 0, 1, 0),  # everybody there is positive
}
DESIGN = '[design]\nunit = "enhet"\ndistrict = "stadsdel"\nresponded = "svarat"\n'
COLUMN = "[variables.q]\npositive = [4, 5]\nmissing = { does_not_know = 8 }\n[disclosure]\nthreshold = 0\n"
SHARE = '[[analysis]]\nid = "a"\nverb = "share"\nvariables = "q"\n'


def rows_of(folder: Path, analysis: str, design: str = DESIGN) -> list[Row]:
    lines = ["enhet;stadsdel;svarat;q"]
    for unit, (district, clients, *counts) in UNITS.items():
        answers = [code for code, count in zip("428", counts, strict=False) for _ in range(count)] + [""] * counts[3]
        lines += [f"{unit};{district};ja;{code}" for code in answers]
        lines += [f"{unit};{district};nej;"] * (clients - len(answers))
    (folder / "svar.csv").write_text("\n".join(lines), encoding="utf-8")
    (folder / "spec.toml").write_text(design + COLUMN + analysis, encoding="utf-8")
    return list(run(folder / "svar.csv", folder / "spec.toml").results[0].rows)


def of_the_product() -> Design:
    clients, positive, others, unknown, blank = np.array([counts for _, *counts in UNITS.values()]).T[:, :, None]
    answered = positive + others
    sums = QuestionSums(answered + unknown + blank, answered, positive, unknown, np.zeros_like(unknown), blank)
    return Design.of(sums, clients, [True])


def test_districts_are_those_of_a_round(tmp_path: Path) -> None:
    """Wilson with effective n and t; one unit shows its own interval; at 100 % too; a silent unit is not spoken for."""
    names = sorted({district for district, *_ in UNITS.values()})
    expected = of_the_product().over([names.index(one[0]) for one in UNITS.values()], len(names))
    found = {str(row.by[0]): row for row in rows_of(tmp_path, SHARE + 'by = "district"\n')}
    assert {name: row.method for name, row in found.items()} == {
        "Norr": "wilson_effective",
        "Söder": "hypergeometric",
        "Väster": "wilson_effective",
        "Öster": "wilson_effective",
    }
    for number, name in enumerate(names):
        row = found[name]
        for ours, theirs in ((row.estimate, "share"), (row.se, "se"), (row.lo, "lo"), (row.hi, "hi"), (row.df, "df")):
            assert ours == pytest.approx(getattr(expected, theirs)[number, 0], rel=1e-12, abs=1e-15), (name, theirs)
        assert row.population == expected.population[number, 0]


def test_the_key_and_the_heading_are_the_same_column(tmp_path: Path) -> None:
    by_key = rows_of(tmp_path, SHARE + 'by = ["district", "unit"]\nwhere = { district = ["Norr", "Väster"] }\n')
    by_name = rows_of(tmp_path, SHARE + 'by = ["stadsdel", "enhet"]\nwhere = { stadsdel = ["Norr", "Väster"] }\n')
    assert by_key == by_name
    assert [row.by for row in by_key][:2] == [("Norr", "Almen"), ("Norr", "Björken")]


def test_a_unit_in_two_districts_is_told_of(tmp_path: Path) -> None:
    rows_of(tmp_path, SHARE + 'by = "district"\n')
    data, spec = tmp_path / "svar.csv", tmp_path / "spec.toml"
    assert run(data, spec).weigher.notes == []
    data.write_text(
        data.read_text(encoding="utf-8").replace("Cedern;Söder;nej", "Cedern;Norr;nej", 1), encoding="utf-8"
    )
    assert run(data, spec).weigher.notes == [
        "Cedern ligger i Söder på rad 50 och i Norr på rad 67. Varje rad räknas i sin egen stadsdel."
    ]


def test_a_key_that_names_nothing_is_no_column(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="Kolumnen district finns inte i filen"):
        rows_of(tmp_path, SHARE + 'by = "district"\n', DESIGN.replace('district = "stadsdel"\n', ""))


def test_a_target_and_a_comparison_share_a_row(tmp_path: Path) -> None:
    """The level and its verdict as of the target alone, the p-values and the other word as of the comparison alone."""
    levels = rows_of(tmp_path, SHARE + 'by = "unit"\ntarget = "60 %"\n')
    rest = SHARE + 'by = "unit"\ncompare = "rest"\nadjust = "none"\n'
    gaps = {row.by: row for row in rows_of(tmp_path, rest)}
    both = rows_of(tmp_path, rest + 'target = "60 %"\n')
    assert [row.by for row in both] == [row.by for row in levels]
    for row, level in zip(both, levels, strict=True):
        assert (row.estimate, row.lo, row.hi, row.population) == (level.estimate, level.lo, level.hi, level.population)
        gap = gaps.get(row.by)
        assert (row.p, row.p_adjusted) == ((gap.p, gap.p_adjusted) if gap else (None, None))
    said = {row.by[0]: row.word for row in both}
    assert said["Furan"] == "uppnått; högre än övriga"
    assert said["Almen"] == "går inte att avgöra; ingen säker skillnad"
    assert said["Eken"] is None


def test_a_target_with_a_pair_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="Skriv dem som två analyser"):
        rows_of(tmp_path, SHARE + 'by = "unit"\ntarget = 0.6\ncompare = ["Almen", "Cedern"]\n')


def test_a_difference_of_means_is_not_told_in_percentage_points(tmp_path: Path) -> None:
    spec = SHARE.replace("share", "mean") + 'by = "unit"\ncompare = "rest"\nadjust = "none"\nsmallest = 1.5\n'
    said = {row.by[0]: row.word for row in rows_of(tmp_path, spec)}
    assert said["Furan"] == "skillnad mindre än 1,5"
