"""`enkat register`: files from the command line, whole or not at all."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enkat.cli.register import register
from enkat.records.clients import Client
from enkat.records.imports import ImportRow
from tests.databases import Database
from tests.factories.register import DATA, FAULTY, PEOPLE, PERSON, UNITS, csv_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def run(database: Database, monkeypatch: pytest.MonkeyPatch) -> "Run":
    monkeypatch.setenv("ENKAT_DATABASE_URL", database.url)
    return Run()


class Run:
    """Runs the command against the test's database."""

    def __call__(self, *arguments: str, answer: str | None = None) -> Result:
        return CliRunner().invoke(register, arguments, input=answer)


def people(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Client).where(Client.left_on.is_(None))) or 0


def test_units_and_people_come_in_and_are_listed(run: Run, session: Session) -> None:
    assert "Klart: 5 nya" in run("import", str(DATA / UNITS), "--kind", "units").output
    assert "Klart: 40 nya" in run("import", str(DATA / PEOPLE), "--kind", "clients").output
    assert "Klart: 0 nya, 0 ändrade, 40 oförändrade" in run("import", str(DATA / PEOPLE), "--kind", "personer").output
    listed = run("units").output
    assert "Kålgårdens boende" in listed
    assert people(session) == 40


def test_a_faulty_file_is_told_and_changes_nothing(run: Run, session: Session) -> None:
    run("import", str(DATA / UNITS), "--kind", "units")
    checked = run("check", str(DATA / FAULTY), "--kind", "clients")
    assert checked.exit_code == 1
    assert "Rad 4, Kön: Kön ska vara K eller M." in checked.output
    assert "30 rader (utf-8), 12 med fel." in checked.output
    refused = run("import", str(DATA / FAULTY), "--kind", "clients")
    assert refused.exit_code == 1
    assert "12 rader har fel. Inget är ändrat" in refused.output
    assert people(session) == 0
    assert session.scalar(select(func.count()).select_from(ImportRow)) == 0
    taken = run("import", str(DATA / FAULTY), "--kind", "clients", "--leave-out-faulty")
    assert "Klart: 18 nya" in taken.output
    assert "12 rader utanför" in taken.output


def test_a_complete_list_asks_before_people_leave(run: Run, session: Session, tmp_path: Path) -> None:
    run("import", str(DATA / UNITS), "--kind", "units")
    run("import", str(DATA / PEOPLE), "--kind", "clients")
    file = tmp_path / "fil.csv"
    file.write_bytes(csv_of(PERSON))
    no = run("import", str(file), "--kind", "clients", "--complete", answer="n\n")
    assert "40 saknas i filen" in no.output
    assert people(session) == 40
    yes = run("import", str(file), "--kind", "clients", "--complete", "--yes")
    assert "40 har lämnat registret" in yes.output
    assert people(session) == 1


def test_missing_columns_and_wrong_files_get_a_sentence(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "fil.csv"
    file.write_bytes(b"Personref;Namn\nA;B\n")
    assert "Filen saknar kolumnen Adress, Postnr" in run("import", str(file), "--kind", "clients").output
    assert "Filen saknar kolumnen Adress, Postnr" in run("check", str(file), "--kind", "clients").output
    file.write_bytes(b"%PDF-1.4")
    assert "Filen är en PDF" in run("check", str(file), "--kind", "clients").output
