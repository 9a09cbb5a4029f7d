"""What a file's columns mean: who answered, how many there are, and what follows for weights and intervals."""

from pathlib import Path

import pytest

from enkat.services.analysis.rows import HIDDEN, Row
from enkat.services.analysis.running import run

HEAD = "enhet;kon;svarat;N;q1"
ROWS = [
    *["A;K;ja;9;5"] * 5,
    *["A;M;ja;9;2"] * 2,
    *["A;M;nej;9;"] * 2,
    *["B;K;ja;8;4"] * 4,
    *["B;M;ja;8;1"] * 2,
    *["B;K;nej;8;"] * 2,
    *["C;K;ja;7;5"] * 6,
    *["C;M;nej;7;"] * 1,
]
DESIGN = '[design]\nunit = "enhet"\nresponded = "svarat"\n'
SHARE = '[[analysis]]\nid = "a"\nverb = "share"\nvariables = "q1"\npositive = [4, 5]\n'
OPEN = "[disclosure]\nthreshold = 0\n"


def rows_of(folder: Path, spec: str, rows: list[str] | None = None, head: str = HEAD) -> list[list[Row]]:
    (folder / "svar.csv").write_text("\n".join([head, *(rows or ROWS)]), encoding="utf-8")
    (folder / "spec.toml").write_text(spec, encoding="utf-8")
    return [list(result.rows) for result in run(folder / "svar.csv", folder / "spec.toml").results]


def test_a_frame_and_a_told_number_give_the_same(tmp_path: Path) -> None:
    spec = OPEN + SHARE + 'by = "enhet"\n' + SHARE.replace('"a"', '"b"')
    frame = rows_of(tmp_path, DESIGN + spec)
    told = rows_of(tmp_path, DESIGN + 'N = "N"\n' + spec)
    answers = [row for row in ROWS if ";ja;" in row]
    alone = rows_of(tmp_path, '[design]\nunit = "enhet"\nN = "N"\n' + spec, answers)
    assert frame == told == alone
    assert [(row.n, row.population) for row in frame[0]] == [(7, 9), (6, 8), (6, 7)]
    assert frame[1][0].population == 24


def test_a_group_that_the_frame_knows_has_its_own_number(tmp_path: Path) -> None:
    """Women of unit A are 5 of 5 in the frame: nothing is left open. A told N does not say so."""
    spec = OPEN + SHARE + 'by = ["enhet", "kon"]\n'
    frame = {row.by: row for row in rows_of(tmp_path, DESIGN + spec)[0]}
    assert (frame["A", "K"].population, frame["A", "K"].lo, frame["A", "K"].hi) == (5, 1.0, 1.0)
    assert frame["C", "M"].n == 0
    told = {row.by: row for row in rows_of(tmp_path, DESIGN + 'N = "N"\n' + spec)[0]}
    assert told["A", "K"].population == 9 - 2
    assert told["A", "K"].lo is not None
    assert told["A", "K"].lo < 1


def test_comparisons_leave_the_finite_population_out_unless_asked(tmp_path: Path) -> None:
    mean = SHARE.replace("share", "mean").replace("positive = [4, 5]\n", "") + 'by = "enhet"\ncompare = ["A", "B"]\n'
    spec = OPEN + mean + mean.replace('"a"', '"b"') + "fpc = true\n" + mean.replace('"a"', '"c"') + "fpc = false\n"
    without, asked, refused = (rows[0].se for rows in rows_of(tmp_path, DESIGN + spec))
    assert without == refused
    assert asked < without


def test_few_answers_are_hidden_and_so_is_what_gives_them_away(tmp_path: Path) -> None:
    rows = [*ROWS, *["D;K;ja;9;5"] * 3, *["D;K;nej;9;"] * 6]
    by_unit, everybody = rows_of(tmp_path, DESIGN + SHARE + 'by = "enhet"\n' + SHARE.replace('"a"', '"b"'), rows)
    hidden = [row.by[0] for row in by_unit if row.reason == HIDDEN]
    assert "D" in hidden
    assert len(hidden) == 2  # the total is shown: one hidden unit alone could be worked out
    assert everybody[0].n == 22
    assert all(row.n is None and row.estimate is None and row.population is None for row in by_unit if row.reason)


def test_a_condition_does_not_give_a_small_group_away(tmp_path: Path) -> None:
    """Everybody minus the women are the four men: their figure is not shown anywhere, and must not be worked out."""
    spec = DESIGN + SHARE + SHARE.replace('"a"', '"b"') + 'where = { kon = "K" }\n'
    everybody, women = rows_of(tmp_path, spec)
    assert everybody[0].reason is None
    assert women[0].reason == HIDDEN


def test_comparisons_with_a_hidden_group_are_hidden(tmp_path: Path) -> None:
    spec = DESIGN + SHARE + 'by = "kon"\ncompare = ["K", "M"]\n'
    assert rows_of(tmp_path, spec)[0][0].reason == HIDDEN
    assert rows_of(tmp_path, spec + OPEN)[0][0].reason != HIDDEN


@pytest.mark.parametrize(
    ("target", "men"), [("0.5", "går inte att avgöra"), ("1", "inte uppnått"), ('"71 %"', "inte uppnått")]
)
def test_targets_get_a_word(tmp_path: Path, target: str, men: str) -> None:
    """All five women answered and are positive; two of four men answered, none positive, so at most half are."""
    rows = rows_of(tmp_path, DESIGN + OPEN + SHARE + f'by = "kon"\ntarget = {target}\nwhere = {{ enhet = "A" }}\n')[0]
    assert {row.by[0]: row.word for row in rows} == {"K": "uppnått", "M": men}


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    spec = DESIGN + OPEN + SHARE + SHARE.replace('"a"', '"b"') + 'by = "kon"\n'
    first, second = rows_of(tmp_path, spec), rows_of(tmp_path, spec, ROWS[::-1])
    for one, other in zip(first, second, strict=True):
        for row, same in zip(one, other, strict=True):
            assert (row.by, row.n) == (same.by, same.n)
            assert row.estimate == pytest.approx(same.estimate, rel=1e-12)
            assert row.hi == pytest.approx(same.hi, rel=1e-12)
