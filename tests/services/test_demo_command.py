"""`enkat demo` as it is typed: builds once, keeps the city, begins anew when interrupted, is thrown away on demand."""

import re
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from enkat.cli import demo as command
from enkat.demo.place import DemoPlace, Login, Notes

SEED = "JBSWY3DPEHPK3PXP" * 2
LOGIN = Login("analys@example.org", "Anja", "analyst", "grön vagn rullar mot havet", SEED, [])


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stand in for the slow parts and note what was built."""
    made: list[str] = []

    def build(place: DemoPlace, city: object, **_rest: object) -> Notes:
        del city
        made.append(place.folder.name)
        return Notes(city=place.folder.name, finished=True, logins=[LOGIN], open_round="bu")

    monkeypatch.setattr(command, "build", build)
    monkeypatch.setattr(command, "_write_summary", lambda place, *_: place.summary.write_text("Tabellen\n"))
    monkeypatch.setattr(command, "fresh_codes", lambda *_: [("3000 0000 0000 0001", "hemtjänst från Björken")])
    return made


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command.demo, ["--dir", str(folder), "--no-serve", *arguments])


def test_the_second_run_keeps_the_city_and_makes_codes(tmp_path: Path, built: list[str]):
    first, second = run(tmp_path), run(tmp_path)
    assert built == ["kommun14"]
    assert "Staden är klar." in first.output
    assert "Staden finns redan" in second.output
    for done in (first, second):
        assert done.exit_code == 0, done.output
        assert "Tabellen" in done.output
        assert "3000 0000 0000 0001   hemtjänst från Björken" in done.output
        assert re.search(r"analys@example\.org +grön vagn rullar mot havet +\d{6} ", done.output)


def test_an_interrupted_city_is_built_anew(tmp_path: Path, built: list[str], monkeypatch: pytest.MonkeyPatch):
    real = command.build
    monkeypatch.setattr(command, "build", lambda *_, **__: 1 / 0)
    assert run(tmp_path).exit_code == 1
    monkeypatch.setattr(command, "build", real)
    again = run(tmp_path)
    assert "Den byggs om från början." in again.output
    assert built == ["kommun14"]


def test_both_cities_lie_side_by_side(tmp_path: Path, built: list[str]):
    run(tmp_path)
    run(tmp_path, "--city", "stad110")
    assert built == ["kommun14", "stad110"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kommun14", "stad110"]


def test_a_reset_takes_demos_and_nothing_else(tmp_path: Path, built: list[str]):
    run(tmp_path)
    (tmp_path / "annat").mkdir()
    assert run(tmp_path, "--reset").output == "Borttaget: kommun14.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["annat"]
    assert run(tmp_path, "--reset").output == f"Det finns ingen demo i {tmp_path}.\n"
    assert built == ["kommun14"]


def test_a_login_code_is_shown_for_known_logins_only(tmp_path: Path, built: list[str]):
    run(tmp_path)
    assert re.fullmatch(r"\d{6}\n", run(tmp_path, "--login-code", LOGIN.email).output)
    unknown = run(tmp_path, "--login-code", "okand@example.org")
    assert unknown.exit_code == 1
    assert "Det finns ingen inloggning okand@example.org" in unknown.output
    assert built == ["kommun14"]


def test_a_busy_port_is_told_before_anything_is_built(tmp_path: Path, built: list[str]):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        done = CliRunner().invoke(command.demo, ["--dir", str(tmp_path), "--port", str(port)])
    assert done.exit_code == 1
    assert f"Port {port} är upptagen. Välj en annan: make demo PORT={port + 1}" in done.output
    assert built == []
