"""The method description: every section has an example, and every example's figures are worked out again."""

import doctest
import re
from pathlib import Path

METHODS = Path(__file__).parents[3] / "docs" / "explanation" / "methods.md"


def test_every_example_gives_the_figures_that_stand_there():
    found = doctest.testfile(str(METHODS), module_relative=False, encoding="utf-8")
    assert found.attempted > 0
    assert found.failed == 0


def test_every_section_has_an_example():
    sections = re.split(r"^### ", METHODS.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert [section.splitlines()[0] for section in sections if ">>> " not in section] == []
