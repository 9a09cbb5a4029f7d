"""The commands that keep a house: from nothing to a tried backup, each in one sentence and with an exit code."""

import sqlite3
import stat
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result

from enkat.cli.main import cli
from enkat.records.migrating import head_revision
from enkat.settings import Settings
from enkat.web.app import create_app
from tests.page_checks import faults

pytestmark = pytest.mark.one_database


class House:
    """An empty folder and the commands that are given in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(cli, list(arguments), catch_exceptions=False)

    def done(self, *arguments: str) -> str:
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.output


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setenv("ENKAT_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("ENKAT_ENVIRONMENT", "test")
    monkeypatch.setenv("ENKAT_SCRYPT_LOG2_N", "10")
    return House(tmp_path)


@pytest.fixture
def ready(house: House) -> House:
    house.done("secrets", "init")
    house.done("db", "upgrade")
    return house


def test_from_an_empty_folder_to_the_first_administrators_link(house: House) -> None:
    assert house.run("secrets", "check").exit_code == 1
    assert "gjord" in house.done("secrets", "init")
    assert "fanns redan" in house.done("secrets", "init")
    house.done("secrets", "check")
    assert "inget schema" in house.done("db", "current")
    assert house.run("doctor").exit_code == 1
    house.done("db", "upgrade")
    told = house.done("accounts", "create", "--email", "a@b.se", "--name", "Ada Alm", "--role", "administrator")
    link = urlsplit(told.split()[-1])
    app = create_app(Settings())
    page = app.test_client().get(link.path)
    assert page.status_code == 200
    assert faults(page.text) == []
    assert "Ada Alm" in page.text
    assert stat.S_IMODE((house.folder / "var" / "enkat.sqlite").stat().st_mode) == 0o600


def test_a_backup_is_made_tried_and_restored(ready: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ready.done("accounts", "create", "--email", "a@b.se", "--name", "Ada", "--role", "analyst", "--mail")
    file = ready.done("backup").splitlines()[0]
    assert "håller" in ready.done("restore", "--verify", file)
    assert "gick att återläsa" in ready.done("doctor")
    again = ready.run("restore", file)
    assert again.exit_code == 1
    assert "inte tom" in again.output
    assert "Traceback" not in again.output
    monkeypatch.setenv("ENKAT_DATABASE_URL", f"sqlite:///{ready.folder / 'new.sqlite'}")
    restored = ready.done("restore", file)
    assert "mejl som väntade skickas inte" in restored
    assert "a@b.se" in ready.done("accounts", "list")


def test_only_the_newest_backups_are_kept(ready: House) -> None:
    folder = ready.folder / "var" / "backups"
    folder.mkdir(parents=True)
    old = [folder / f"enkat-2020010{day}T000000Z.zip" for day in (1, 2)]
    for path in old:
        path.touch()
    other = folder / "annat.zip"
    other.touch()
    assert "enkat-20200101T000000Z.zip" in ready.done("backup", "--keep", "2")
    assert [path.exists() for path in (*old, other)] == [False, True, True]


def test_a_changed_log_ends_the_check_with_a_code(ready: House) -> None:
    ready.done("accounts", "create", "--email", "a@b.se", "--name", "Ada", "--role", "analyst")
    assert "hel" in ready.done("audit", "verify")
    assert "account.created" in ready.done("audit", "list", "--action", "account")
    with sqlite3.connect(ready.folder / "var" / "enkat.sqlite") as connection:
        connection.execute("UPDATE audit_entry SET subject = 'account:9'")
    connection.close()
    result = ready.run("audit", "verify")
    assert result.exit_code == 1
    assert "Post 1 har ändrats" in result.output
    assert ready.run("doctor", "--quiet").exit_code == 1


def test_accounts_are_invited_anew_and_closed(ready: House) -> None:
    ready.done("accounts", "create", "--email", "a@b.se", "--name", "Ada", "--role", "analyst")
    assert "/stad/inbjudan/" in ready.done("accounts", "invite", "A@b.se")
    assert "stängt" in ready.done("accounts", "close", "a@b.se")
    assert "stängt" in ready.done("accounts", "list")
    unknown = ready.run("accounts", "close", "b@b.se")
    assert unknown.exit_code == 1
    assert "Det finns inget konto" in unknown.output
    twice = ready.run("accounts", "create", "--email", "a@b.se", "--name", "Ada", "--role", "analyst")
    assert "redan ett konto" in twice.output


def test_a_schema_goes_down_only_when_it_is_meant(ready: House) -> None:
    assert ready.run("db", "downgrade", "base").exit_code == 1
    assert "inget" in ready.done("db", "downgrade", "base", "--yes")
    assert head_revision() in ready.done("db", "upgrade")
