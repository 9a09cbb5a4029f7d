"""What differs between two rounds' instruments."""

from pathlib import Path

import pytest

from enkat.instruments.catalogue import Catalogue
from enkat.instruments.comparability import Change, Comparability, comparability, core_differences, question_differences
from enkat.instruments.loading import load_catalogue
from tests.factories.surveys import CORE, HOME, SCALES, write_surveys

NO_BRIDGES: dict[str, Comparability] = {}


def load(directory: Path, *edits: tuple[str, str, str]) -> Catalogue:
    return load_catalogue(write_surveys(directory, *edits))


@pytest.mark.parametrize(
    ("edit", "change"),
    [
        ((CORE, "Lyssnar de på dig?", "Hör någon på dig?"), Change.REWORDED),
        (
            (SCALES, 'id = "never", code = 2, text = { sv = "Aldrig"', 'id = "never", code = 2, text = { sv = "Nej"'),
            Change.NEW_OPTIONS,
        ),
        ((HOME, '[[question]]\nref = "core:is_heard@1"\n', ""), Change.REMOVED),
    ],
    ids=["reworded", "options", "removed"],
)
def test_differences_in_the_core(tmp_path: Path, edit: tuple[str, str, str], change: Change):
    old = load(tmp_path / "old").instruments["hemtjanst"]
    new = load(tmp_path / "new", edit).instruments["hemtjanst"]
    assert [difference.change for difference in core_differences(old, new)] == [change]


def test_own_questions_are_no_core_difference(tmp_path: Path):
    old = load(tmp_path / "old").instruments["hemtjanst"]
    new = load(tmp_path / "new", (HOME, "Får du mat av oss?", "Ger vi dig mat nu?")).instruments["hemtjanst"]
    assert core_differences(old, new) == []
    assert [difference.question_id for difference in question_differences(old, new)] == ["gets_food"]


def test_an_added_question(tmp_path: Path):
    catalogue = load(tmp_path)
    home = catalogue.instruments["hemtjanst"]
    (added,) = question_differences(home, home.with_supplements(catalogue.supplements["mat"]))
    assert (added.change, added.old_ref, added.new_ref) == (Change.ADDED, None, "mat:warm_food@1")


def test_an_equal_question_is_the_same_and_a_changed_one_a_break_without_a_bridge(tmp_path: Path):
    old = load(tmp_path / "old").core["is_heard"]
    new = load(tmp_path / "new", (CORE, "Lyssnar de på dig?", "Hör någon på dig?")).core["is_heard"]
    assert comparability(old, old, NO_BRIDGES) is Comparability.SAME
    assert comparability(old, new, NO_BRIDGES) is Comparability.BREAK
    assert comparability(old, new, {"is_heard": Comparability.PARTLY}) is Comparability.PARTLY


def test_a_bridge_cannot_join_two_questions(tmp_path: Path):
    core = load(tmp_path).core
    bridges = {"is_heard": Comparability.SAME, "feels_safe": Comparability.SAME}
    assert comparability(core["is_heard"], core["feels_safe"], bridges) is Comparability.BREAK
