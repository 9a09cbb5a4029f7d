"""`enkat protect`: a table in, hidden cells and the attacker's ranges out."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from enkat.cli.main import cli

CELLS = {"A|K": 12, "A|M": 3, "A|T": 15, "B|K": 20, "B|M": 9, "B|T": 29, "T|K": 32, "T|M": 12, "T|T": 44}
EQUATIONS = [{"total": f"{row}|T", "parts": [f"{row}|K", f"{row}|M"]} for row in "ABT"]
EQUATIONS += [{"total": f"T|{column}", "parts": [f"A|{column}", f"B|{column}"]} for column in "KMT"]
TABLE = {"threshold": 5, "cells": CELLS, "equations": EQUATIONS}


def protect(folder: Path, table: object, *arguments: str) -> Result:
    path = folder / "table.json"
    path.write_text(table if isinstance(table, str) else json.dumps(table), encoding="utf-8")
    return CliRunner().invoke(cli, ["protect", str(path), *arguments])


def answer(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("method", ["closing", "milp"])
def test_a_table_is_protected(tmp_path: Path, method: str):
    found = answer(protect(tmp_path, TABLE, "--method", method))
    assert (found["threshold"], found["method"]) == (5, method)
    assert found["primary"] == ["A|M"]
    assert found["suppressed"] == ["A|K", "A|M", "B|K", "B|M"]
    assert found["secondary"] == ["A|K", "B|K", "B|M"]
    assert found["given_away"] == []
    assert found["intervals"]["A|M"] == {"lo": 0, "hi": 12}
    assert found["intervals"]["T|T"] == {"lo": 44, "hi": 44}
    assert found["cost"] == 44
    assert (found.get("bound"), found.get("gap")) == ((44, 0.0) if method == "milp" else (None, None))


def test_an_audit_hides_nothing_and_fails_where_a_secret_is_given_away(tmp_path: Path):
    given = tmp_path / "given.json"
    given.write_text('["A|M", "B|M"]', encoding="utf-8")
    result = protect(tmp_path, TABLE, "--audit-only", str(given))
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["suppressed"] == ["A|M", "B|M"]
    assert found["given_away"] == ["A|M"]
    assert found["intervals"]["A|M"] == {"lo": 3, "hi": 3}
    out = tmp_path / "out.json"
    assert protect(tmp_path, TABLE, "-o", str(out)).exit_code == 0
    assert answer(protect(tmp_path, TABLE, "--audit-only", str(out)))["given_away"] == []
    given.write_text('["A|M", "X", ["Y"]]', encoding="utf-8")
    assert 'rutan "X" finns inte i cells' in protect(tmp_path, TABLE, "--audit-only", str(given)).output
    given.write_text("{}", encoding="utf-8")
    assert "suppressed" in protect(tmp_path, TABLE, "--audit-only", str(given)).output


def test_primaries_and_protection_are_the_callers(tmp_path: Path):
    named = answer(protect(tmp_path, TABLE | {"primary": ["B|M"]}))
    assert named["primary"] == ["B|M"]
    assert answer(protect(tmp_path, TABLE | {"primary": []}))["suppressed"] == []
    wide = answer(protect(tmp_path, TABLE | {"protection": {"A|M": {"upper": 20}}}))
    assert wide["intervals"]["A|M"]["hi"] >= 23
    assert answer(protect(tmp_path, TABLE | {"protection": {"B|K": 2}}))["primary"] == ["A|M", "B|K"]
    low = answer(protect(tmp_path, TABLE | {"protection": {"A|M": {"lower": 3}}}))
    assert low["intervals"]["A|M"]["lo"] == 0


def test_an_empty_table_and_one_without_secrets(tmp_path: Path):
    assert answer(protect(tmp_path, {"threshold": 5, "cells": {}, "equations": []}))["intervals"] == {}
    assert answer(protect(tmp_path, TABLE | {"threshold": 0}))["suppressed"] == []
    alone = answer(protect(tmp_path, {"threshold": 5, "cells": {"x": 2}, "equations": []}))
    assert alone["intervals"] == {"x": {"lo": 0, "hi": None}}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"secret": []}, 'nyckeln "secret" är okänd'),
        ({"threshold": -1}, "threshold ska vara ett heltal från 0, inte -1"),
        ({"threshold": True}, "threshold ska vara ett heltal"),
        ({"cells": CELLS | {"A|K": 1.5}}, '"A|K" ska vara ett heltal från 0'),
        ({"cells": [1]}, "cells ska vara ett objekt"),
        ({"cells": CELLS | {"A|K": 13}}, 'Delarna av "A|T" blir 16, men i cells står 15'),
        ({"equations": {}}, "equations ska vara en lista"),
        ({"equations": ["x"]}, "equations, nummer 1: ska vara ett objekt"),
        ({"equations": [{"total": "A|T", "parts": []}]}, "parts ska vara en lista med minst en ruta"),
        ({"equations": [{"total": "A|T"}]}, "equations, nummer 1: nyckeln parts saknas"),
        ({"equations": [{"total": "A|T", "parts": ["C"]}]}, 'rutan "C" finns inte i cells'),
        ({"equations": [{"total": "A|T", "parts": ["A|T"]}]}, "samma ruta står flera gånger"),
        ({"equations": [{"total": "A|T", "parts": ["A|K"], "sum": 1}]}, 'nyckeln "sum" är okänd'),
        ({"primary": ["C"]}, 'primary: rutan "C" finns inte'),
        ({"primary": "A|M"}, "primary ska vara en lista"),
        ({"protection": []}, "protection ska vara ett objekt"),
        ({"protection": {"C": 1}}, 'protection: rutan "C" finns inte'),
        ({"protection": {"A|M": "x"}}, 'protection, "A|M": ska vara ett heltal'),
        ({"protection": {"A|M": {"up": 1}}}, 'nyckeln "up" är okänd'),
    ],
)
def test_every_mistake_is_named(tmp_path: Path, change: dict[str, Any], words: str):
    result = protect(tmp_path, TABLE | change)
    assert result.exit_code == 1
    assert words in result.output


def test_all_mistakes_are_told_at_once_and_no_file_is_left(tmp_path: Path):
    result = protect(tmp_path, {"treshold": 5, "cells": {"a": -1}}, "-o", str(tmp_path / "out.json"))
    assert result.output.count("\n") == 4
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "ett JSON-objekt"),
        ('{"threshold": 5,}', "inte JSON: rad 1"),
        ('{"threshold": 5, "cells": {"a": 1, "a": 2}, "equations": []}', "a står två gånger"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, text: str, words: str):
    result = protect(tmp_path, text)
    assert result.exit_code == 1
    assert words in result.output
