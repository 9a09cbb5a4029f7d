"""Analyses of one file are protected together: by the same answers under other names, and where groups overlap."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from enkat.services.analysis.combining import Pieces
from enkat.services.analysis.rows import HIDDEN, Row
from enkat.services.analysis.running import run
from enkat.services.faults import Fault

HEAD = '[design]\nunit = "enhet"\nN = "N"\n[variables.trygg]\npositive = [4, 5]\n'
DERIVED = '[derived.bra]\nkind = "indicator"\nof = "trygg"\nvalues = [4, 5]\n'


def people(unit: str, sex: str, number: int, form: str = "x") -> list[str]:
    return [f"{unit};{sex};{form};{3 + at % 3};60" for at in range(number)]


def asked(tmp_path: Path, lines: Sequence[str], *analyses: str, head: str = HEAD) -> list[list[Row]]:
    data, spec = tmp_path / "svar.csv", tmp_path / "spec.toml"
    data.write_text("\n".join(["enhet;kon;form;trygg;N", *lines]) + "\n", encoding="utf-8")
    sections = [f'[[analysis]]\nid = "a{at}"\n{text}\n' for at, text in enumerate(analyses, 1)]
    spec.write_text(head + "".join(sections), encoding="utf-8")
    return [list(result.rows) for result in run(data, spec).results]


def hidden(rows: list[Row]) -> set[tuple[object, ...]]:
    return {row.by for row in rows if row.reason == HIDDEN}


CITY = [
    *people("A", "K", 9), *people("A", "M", 3),
    *people("B", "K", 12), *people("B", "M", 11),
    *people("C", "K", 14), *people("C", "M", 10),
]  # fmt: skip
UNIT = 'verb = "share"\nvariables = "trygg"\nby = "enhet"'
TOTAL = 'verb = "share"\nvariables = "trygg"'
CROSS = 'verb = "mean"\nvariables = "{}"\nby = ["enhet", "kon"]'


@pytest.mark.parametrize("name", ["trygg", "bra"])
def test_a_crossing_is_protected_with_the_unit_and_the_total(tmp_path: Path, name: str) -> None:
    """Three men of A follow from A and its women, under whatever name the same answers go."""
    unit, total, cross = asked(tmp_path, CITY, UNIT, TOTAL, CROSS.format(name), head=HEAD + DERIVED)
    assert hidden(unit) == hidden(total) == set()
    assert hidden(cross) >= {("A", "M"), ("A", "K")}


def test_the_crossing_alone_hides_the_men_alone(tmp_path: Path) -> None:
    (cross,) = asked(tmp_path, CITY, CROSS.format("bra"), head=HEAD + DERIVED)
    assert hidden(cross) == {("A", "M")}


OVERLAPPING = [*people("A", "K", 3, "a"), *people("B", "K", 12, "b"), *people("C", "M", 15, "c")]


def where(*forms: str) -> str:
    return TOTAL + f"\nwhere = {{ form = [{', '.join(repr(form) for form in forms)}] }}"


def test_the_analysis_that_completes_a_small_group_is_refused_by_name(tmp_path: Path) -> None:
    """(a + b) + (a + c) - (b + c) is twice the three of a, and no group lies in another."""
    pairs = (where("a", "b"), where("a", "c"), where("b", "c"))
    assert [hidden(rows) for rows in asked(tmp_path, OVERLAPPING, *pairs[:2])] == [set(), set()]
    with pytest.raises(Fault) as raised:
        asked(tmp_path, OVERLAPPING, *pairs)
    assert raised.value.sentence.startswith("[[analysis]] nr 3 (a3): tillsammans med analyserna före")
    assert "Ta bort analysen" in raised.value.sentence
    without = asked(tmp_path, OVERLAPPING, *pairs, head=HEAD + "[disclosure]\nthreshold = 0\n")
    assert len(without) == 3


@pytest.mark.parametrize("seed", range(20))
def test_what_follows_is_what_the_rank_says(seed: int) -> None:
    """A piece follows from shown groups if they span it: the random number says the same as the rank of a matrix."""
    rng = np.random.default_rng(seed)
    codes = {str(part): rng.integers(-1, 3, size=60) for part in range(3)}
    pieces = Pieces.of(codes)
    dense = pieces.groups.toarray()
    assert (dense @ pieces.sizes == [(codes[part] == code).sum() for part, code in pieces.names]).all()
    gone = {name for name in pieces.names if rng.random() < 0.4}
    shown = dense[[name not in gone for name in pieces.names]]
    rank = np.linalg.matrix_rank(shown)
    secrets = [*np.eye(len(pieces.sizes))[pieces.sizes < 5]]
    secrets += [row for row, name in zip(dense, pieces.names, strict=True) if name in gone and row @ pieces.sizes < 5]
    spanned = any(np.linalg.matrix_rank(np.vstack([shown, secret])) == rank for secret in secrets)
    assert pieces.give_away(gone, set(codes), 5) == spanned
