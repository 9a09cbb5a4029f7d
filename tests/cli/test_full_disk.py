"""A command on a disk that takes no more: a Swedish sentence, nothing left half done, and it works afterwards."""

import os
import resource
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from enkat.clock import system_clock
from enkat.records.engine import make_engine, make_sessions
from enkat.services.audit.recording import record
from enkat.settings import Environment, Secrets, Settings

LIMIT = 100_000
"""Bytes that a file may grow to: the system refuses to write more, as on a full disk."""
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))


@pytest.fixture
def run(tmp_path: Path) -> Run:
    environment = os.environ | {
        "ENKAT_ENVIRONMENT": "test",
        "ENKAT_DATA_DIR": str(tmp_path),
        "ENKAT_DATABASE_URL": f"sqlite:///{tmp_path / 'enkat.sqlite'}",
    }

    def run(*words: str, full: bool = False) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", "from enkat.cli.main import cli; cli()", *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=_limit if full else None,
        )

    return run


def test_a_backup_that_does_not_fit_leaves_no_file(run: Run, tmp_path: Path) -> None:
    assert run("db", "upgrade").returncode == 0
    settings = Settings(environment=Environment.TEST, data_dir=tmp_path)
    Secrets(settings).create("session")
    engine = make_engine(settings.resolved_database_url)
    with make_sessions(engine)() as session:
        details = {str(number): secrets.token_hex(200) for number in range(1_000)}
        record(session, system_clock, account_id=None, action="prov", subject="prov:1", details=details)
    engine.dispose()
    refused = run("backup", full=True)
    assert refused.returncode == 1
    assert "disken är full" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert list((tmp_path / "backups").iterdir()) == []
    assert run("backup").returncode == 0
    assert len(list((tmp_path / "backups").glob("*.zip"))) == 1


def test_a_database_that_cannot_grow_is_told(run: Run, tmp_path: Path) -> None:
    refused = run("db", "upgrade", full=True)
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert "Databasen" in refused.stderr
    assert "enkat doctor" in refused.stderr
    assert run("db", "upgrade").returncode == 0
