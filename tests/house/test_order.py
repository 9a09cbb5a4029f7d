"""The house keeps its order: sizes, names, imports, open ends and addresses that do not belong here."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT, files, functions, name, tree

FILE_LIMITS = {"tests": 600, "": 400}
FUNCTION_LIMITS = {"tests": 60, "": 40}
"""A test may tell a whole journey in one go."""
FORBIDDEN_NAMES = {"models.py", "forms.py", "views.py", "utils.py", "helpers.py"}


def _limit(path: Path) -> int:
    return FILE_LIMITS["tests"] if name(path).startswith("tests/") else FILE_LIMITS[""]


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines from `def` to its end, without the docstring."""
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        total -= (first.end_lineno or first.lineno) - first.lineno + 1
    return total


def test_files_are_short() -> None:
    sizes = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files("*.py")}
    assert {path: size for path, size in sizes.items() if size > _limit(ROOT / path)} == {}


def test_templates_and_scripts_are_short() -> None:
    sizes = {
        name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files("*.html", "*.js", "*.typ")
    }
    assert {path: size for path, size in sizes.items() if size > FILE_LIMITS[""]} == {}


def test_functions_are_short() -> None:
    long = {
        f"{name(path)}:{function.name}": _body_lines(function)
        for path in files("enkat/*.py", "bench/*.py", "tests/*.py")
        for function in functions(path)
        if _body_lines(function) > FUNCTION_LIMITS["tests" if name(path).startswith("tests/") else ""]
    }
    assert long == {}


def test_no_catch_all_files() -> None:
    assert [name(path) for path in files("*.py") if path.name in FORBIDDEN_NAMES] == []


def test_no_imports_inside_functions() -> None:
    late = [
        f"{name(path)}:{node.lineno}"
        for path in files("enkat/*.py")
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert late == []


def test_every_room_says_what_it_is_for() -> None:
    rooms = [path for path in files("enkat/*/__init__.py") if len(path.relative_to(ROOT).parts) == 3]
    assert rooms
    assert [name(path) for path in rooms if not ast.get_docstring(tree(path))] == []


OPEN_ENDS = {
    "note of unfinished work": re.compile(r"\b(" + "TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"),
    "silenced without naming what": re.compile(r"#\s*(type: ignore|noqa)\s*$", re.MULTILINE),
    "skipped test": re.compile(r"pytest\." + r"(skip|xfail)|mark\." + r"(skip|skipif|xfail)\b"),
    "unfinished function": re.compile("raise NotImplemented" + "Error"),
}


@pytest.mark.parametrize("what", sorted(OPEN_ENDS))
def test_nothing_is_left_open(what: str) -> None:
    sources = files("*.py", "*.html", "*.toml", "*.js", "*.css", "*.typ", "*.md", "Makefile", ".ci/*")
    found = [name(path) for path in sources if OPEN_ENDS[what].search(path.read_text(encoding="utf-8"))]
    assert found == []


FOREIGN = re.compile(
    "|".join(
        [
            r"index" + r"-url",
            r"find" + r"-links",
            r"pythonhosted" + r"\.org",
            r"pypi" + r"\.org/simple",
            r"registry\.npm" + r"js",
            r"\.\./" + r"shared",
            r"(?<![\w.])/work" + r"/",
            r"(?<![\w.])/root" + r"/",
        ]
    )
)


def test_no_registry_address_and_no_path_of_one_machine() -> None:
    texts = [path for path in files() if path.suffix not in {".png", ".ttf", ".otf", ".woff2", ".pdf", ".xlsx", ".zip"}]
    found = [name(path) for path in texts if FOREIGN.search(path.read_text(encoding="utf-8", errors="replace"))]
    assert found == []


def test_no_large_files() -> None:
    assert {name(path): path.stat().st_size for path in files() if path.stat().st_size > 1024 * 1024} == {}


def test_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


LOCK_LINE = re.compile(r"^[A-Za-z0-9._-]+(\[[a-z,]+\])?==[^ ]+( ; .+)? \\$")


@pytest.mark.parametrize("lock", ["app.txt", "dev.txt"])
def test_every_package_of_the_lock_is_pinned_and_hashed(lock: str) -> None:
    lines = (ROOT / "requirements" / lock).read_text(encoding="utf-8").splitlines()
    heads = [number for number, line in enumerate(lines) if not line.startswith("    --hash=sha256:")]
    assert [lines[number] for number in heads if not LOCK_LINE.match(lines[number])] == []
    assert [lines[number] for number in heads if not lines[number + 1].startswith("    --hash=")] == []


def _names(path: Path) -> set[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    names = (re.match(r"[A-Za-z0-9._-]+", line) for line in lines if not line.startswith((" ", "-", "#")))
    return {re.sub(r"[-_.]+", "-", match.group()).lower() for match in names if match}


@pytest.mark.parametrize("kind", ["app", "dev"])
def test_the_lock_holds_every_named_package(kind: str) -> None:
    folder = ROOT / "requirements"
    assert _names(folder / f"{kind}.in") - _names(folder / f"{kind}.txt") == set()


def test_the_two_locks_agree() -> None:
    locks = [(ROOT / "requirements" / lock).read_text(encoding="utf-8").splitlines() for lock in ("app.txt", "dev.txt")]
    app, dev = ({line for line in lock if "==" in line} for lock in locks)
    assert app - dev == set()
