"""Documentation holds: its commands run and print what it shows, its links lead somewhere.

A `console` block is run line by line in a folder of the document's own, with a copy of `surveys/` and of the scripts
beside the document in it; what stands under a command must be printed by it (a line of `…` stands for anything). Lines
that begin with `>` continue a command. Other blocks are only read.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT, files, name

BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def _steps(text: str) -> list[tuple[str, list[str]]]:
    """Return the commands of a document with the lines that each must print."""
    steps: list[tuple[str, list[str]]] = []
    for block in BLOCK.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith("$ "):
                steps.append((line[2:], []))
            elif line.startswith("> "):
                command, expected = steps.pop()
                steps.append((f"{command}\n{line[2:]}", expected))
            elif line.strip() and line.strip() != "…":
                steps[-1][1].append(line.strip())
    return steps


def _environment(folder: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ENKAT_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ours = {"ENKAT_ENVIRONMENT": "demo", "ENKAT_DATA_DIR": str(folder / "var"), "ENKAT_SCRYPT_LOG2_N": "10"}
    return kept | {"PATH": path} | ours


DOCUMENTS = [path for path in files("*.md") if _steps(path.read_text(encoding="utf-8"))]


@pytest.mark.timeout(900)  # every step of the tutorial starts the program anew
@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_command_of_a_document_works(document: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "surveys", tmp_path / "surveys")
    for script in document.parent.glob("*.py"):
        shutil.copy(script, tmp_path)
    for command, expected in _steps(document.read_text(encoding="utf-8")):
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env=_environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
        printed = done.stdout + done.stderr
        assert done.returncode == 0, f"{command}\n{printed}"
        assert [line for line in expected if line not in printed] == [], f"{command}\n{printed}"


def test_every_link_leads_somewhere() -> None:
    lost = [
        f"{name(path)}: {target}"
        for path in files("*.md")
        for target in LINK.findall(path.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists()
    ]
    assert lost == []


def test_the_tutorial_is_run() -> None:
    assert any(name(path).startswith("docs/tutorial/") for path in DOCUMENTS)


def test_every_test_that_a_document_names_exists() -> None:
    named = {found for path in files("*.md") for found in TEST.findall(path.read_text(encoding="utf-8"))}
    there = {name(path): path.read_text(encoding="utf-8") for path in files("tests/*.py")}
    assert sorted((path, test) for path, test in named if f"def {test}(" not in there.get(path, "")) == []
    assert named, "no document names a test"
