"""`enkat results`: files on the command line."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.cli.main import cli
from enkat.records.releases import Release
from enkat.records.rounds import RoundState
from enkat.services.results import releases
from enkat.services.results.release_audits import DisclosureFault
from enkat.settings import Settings
from tests.factories.counted import UnitCase, add_counted_round

Run = Callable[..., Result]
UNITS = [UnitCase(60, 40), UnitCase(40, 30), UnitCase(5, 3)]


@pytest.fixture
def run(app_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("ENKAT_DATABASE_URL", app_settings.resolved_database_url)
    monkeypatch.setenv("ENKAT_DATA_DIR", str(app_settings.data_dir))
    monkeypatch.setenv("ENKAT_ENVIRONMENT", "test")
    monkeypatch.setenv("ENKAT_SCRYPT_LOG2_N", "10")
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(cli, ["results", *arguments])


def ok(result: Result) -> None:
    assert result.exit_code == 0, result.output


def test_internal_is_the_default_and_a_release(run: Run, session: Session, tmp_path: Path):
    add_counted_round(session, UNITS)
    ok(run("ht26", "-o", "a.xlsx"))
    assert "Enheter" in openpyxl.load_workbook(tmp_path / "a.xlsx", read_only=True).sheetnames
    session.rollback()
    assert session.scalars(select(Release.level)).one().value == "internal"
    assert sorted(path.name for path in tmp_path.glob("a.xlsx*")) == ["a.xlsx"]


@pytest.mark.parametrize("file_format", ["csv", "csv-sv", "json"])
def test_analyst_files_are_no_releases(run: Run, session: Session, tmp_path: Path, file_format: str):
    add_counted_round(session, UNITS)
    ok(run("ht26", "--level", "analyst", "--format", file_format, "-o", "a"))
    assert (tmp_path / "a").stat().st_size > 1000
    session.rollback()
    assert session.scalars(select(Release)).all() == []


def test_the_answer_file(run: Run, session: Session, tmp_path: Path):
    add_counted_round(session, UNITS)
    ok(run("ht26", "--answers", "--level", "analyst", "--format", "csv", "-o", "a.csv"))
    assert len((tmp_path / "a.csv").read_text().splitlines()) == 1 + 70
    refused = run("ht26", "--answers", "--format", "csv", "-o", "b.csv")
    assert refused.exit_code == 2
    assert "--level analyst" in refused.output


def test_reports_are_written_into_a_folder(run: Run, session: Session, tmp_path: Path):
    add_counted_round(session, UNITS)
    ok(run("ht26", "--reports", "rapporter"))
    names = sorted(path.name for path in (tmp_path / "rapporter").iterdir())
    assert len(names) == 2 * len(UNITS)
    assert names[1] == "Enhet 1 E001 rapport.pdf"
    session.rollback()
    assert session.scalars(select(Release.format)).all() == ["zip"]


def test_a_file_or_a_folder_and_reports_below_analyst_level(run: Run, session: Session):
    add_counted_round(session, UNITS)
    assert "--reports" in run("ht26").output
    assert run("ht26", "--reports", "a", "-o", "b").exit_code == 2
    assert run("ht26", "--reports", "a", "--level", "analyst").exit_code == 2


def test_faults_are_one_sentence_and_leave_no_file(run: Run, session: Session, tmp_path: Path):
    add_counted_round(session, UNITS, state=RoundState.OPEN)
    locked = run("ht26", "-o", "a.xlsx")
    assert locked.exit_code == 1
    assert "Svaren öppnas 2026-10-01" in locked.output
    unknown = run("ht99", "-o", "a.xlsx")
    assert "ht99" in unknown.output
    assert list(tmp_path.glob("a.xlsx*")) == []
    assert run("ht26", "--level", "secret", "-o", "a.xlsx").exit_code == 2


@pytest.mark.parametrize(
    ("nearest", "advice"),
    [(("sex", "operating_form"), "--by sex --by operating_form."), ((), "--by none."), (None, "")],
)
def test_a_refusal_says_how_the_nearest_table_is_asked_for(
    run: Run, session: Session, monkeypatch: pytest.MonkeyPatch, nearest: tuple[str, ...] | None, advice: str
):
    def refuse(*_args: object) -> None:
        raise DisclosureFault("Filen lämnas inte ut.", nearest)

    add_counted_round(session, UNITS)
    monkeypatch.setattr(releases, "audit_release", refuse)
    refused = run("ht26", "-o", "a.xlsx")
    assert refused.exit_code == 1
    assert refused.output.strip().endswith(f"Filen lämnas inte ut.{advice and f' Lägg till {advice}'}")


def test_a_plan_with_a_search_is_searched_before_the_first_file(run: Run, session: Session, tmp_path: Path):
    add_counted_round(session, UNITS, release_plan={"breakdowns": ["sex"], "protection": "milp"})
    first = run("ht26", "--format", "csv", "-o", "a.csv")
    ok(first)
    assert "Söker det mönster som döljer minst" in first.output
    again = run("ht26", "--format", "csv", "-o", "b.csv")
    assert "Söker" not in again.output
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    session.rollback()
    assert {one.audit["protection"]["method"] for one in session.scalars(select(Release))} == {"milp"}
