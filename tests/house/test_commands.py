"""The command line starts light, lists itself and answers mistakes in one sentence."""

import json
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from enkat.cli.main import LazyCommands, cli, sentence
from tests.house.sources import ROOT

HEAVY = ["flask", "sqlalchemy", "pydantic_settings", "enkat.settings", "enkat.records", "enkat.web"]


def _loaded(arguments: list[str]) -> set[str]:
    script = (
        "import json, sys\n"
        "from click.testing import CliRunner\n"
        "from enkat.cli.main import cli\n"
        f"result = CliRunner().invoke(cli, {arguments!r})\n"
        "print(json.dumps([result.exit_code, sorted(sys.modules)]))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    code, modules = json.loads(done.stdout.splitlines()[-1])
    assert code == 0
    return set(modules)


def test_instruments_need_no_app_settings_or_database() -> None:
    assert _loaded(["instruments", "check", "surveys"]) & set(HEAVY) == set()


def test_the_list_names_every_group_file() -> None:
    group = cli
    assert isinstance(group, LazyCommands)
    context = click.Context(group)
    missing = [name for name in group.list_commands(context) if group.get_command(context, name) is None]
    assert missing == []


def test_an_unknown_command_is_named() -> None:
    result = CliRunner().invoke(cli, ["nosuchthing"])
    assert result.exit_code == 2
    assert "nosuchthing" in result.output


class _OwnError(ValueError):
    __module__ = "enkat.somewhere"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (_OwnError("Rundan finns inte."), "Rundan finns inte."),
        (FileNotFoundError(2, "No such file", "register.csv"), "register.csv: finns inte. Kontrollera sökvägen."),
        (OSError(28, "No space left", "kopia.zip"), "kopia.zip: disken är full."),
        (OSError(5, "Input/output error", "kopia.zip"), "kopia.zip: går inte att använda (Input/output error)."),
        (KeyError("x"), "Ett fel i programmet: KeyError"),
    ],
)
def test_errors_become_one_sentence(error: Exception, expected: str) -> None:
    assert sentence(error).startswith(expected)
    assert "Traceback" not in sentence(error)
