"""A whole demo city, built small: everything goes through the services, and what it prints holds."""

import io
import re
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session, sessionmaker

import tests.factories.accounts  # noqa: F401 - cheap password hashes
from enkat.ballots.vocabulary import Mode
from enkat.cli import demo as command
from enkat.cli._demo_browser import browsers
from enkat.clock import today
from enkat.demo.building import build, simulated
from enkat.demo.cities import LATER, YEARS
from enkat.demo.letters import codes_by_number
from enkat.demo.place import DemoPlace, MovingClock, Notes
from enkat.demo.references import NATIONAL_YEARS, TARGETS
from enkat.demo.reporting import coverage, fresh_codes, login_table, unit_table, write_workbook
from enkat.demo.rounds import current, yearly
from enkat.demo.staff_round import SHORT_NAME
from enkat.records.answers import Answer
from enkat.records.ballots import Draft
from enkat.records.clients import Client
from enkat.records.external_series import series_with_extent
from enkat.records.invitations import InvitationCode, InvitationStatus, WeeklyCount, count_by_status
from enkat.records.letters import LetterBatch, LetterFormat
from enkat.records.migrating import head_revision
from enkat.records.organisations import UnitSuccession
from enkat.records.paper import PaperBatch, PaperBatchState, PaperSheet
from enkat.records.releases import ReleaseLevel
from enkat.records.rounds import RoundState, SurveyRound
from enkat.services.ballots.code_entry import EntryState, enter_code
from enkat.services.letters.files import existing_file
from enkat.services.results.exporting import view_results
from enkat.services.results.groups import GroupKind
from enkat.services.targets.judging import judge_view
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.rounds import catalogue
from tests.factories.small_city import tiny_city

Built = tuple[DemoPlace, Notes, list[str]]


@pytest.fixture
def built(app_settings: Settings, engine: Engine, sessions: sessionmaker[Session], clock: FixedClock) -> Built:
    with engine.begin() as connection:  # a backup tells which schema it was made from
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head_revision()})
    place = DemoPlace(app_settings.data_dir, app_settings, Secrets(app_settings), engine, sessions)
    shown: list[str] = []
    notes = build(place, tiny_city(), now=clock, browsers=browsers, show=shown.append)
    return place, notes, shown


def round_named(session: Session, short_name: str) -> SurveyRound:
    return session.scalars(select(SurveyRound).where(SurveyRound.short_name == short_name)).one()


def test_a_city_is_built_whole(built: Built, clock: FixedClock, capsys: pytest.CaptureFixture[str]):
    place, notes, shown = built
    truth = simulated(tiny_city(), catalogue())
    with place.sessions() as session:
        states = [round_named(session, yearly(year).short_name).state for year in YEARS]
        assert states == [RoundState.DESTROYED, RoundState.DESTROYED]
        running = round_named(session, current(today(clock)).short_name)
        assert (running.state, (running.closes_on - today(clock)).days) == (RoundState.OPEN, 30)
        assert count_by_status(session, running.id)[InvitationStatus.SENT] >= 1
        assert session.scalar(select(func.count()).select_from(Draft)) == 3
        _check_register(session)
        _check_paper(session)
        _check_rounds(session, truth)
        _check_references(session)
        _check_staff(session)
        _check_letters(place, session, running)
        _check_tables(place, session, truth, clock)
        _check_codes(place, session, notes, clock)
        command._write_summary(place, session, tiny_city())
        command._report(place, session, notes)
    printed = capsys.readouterr().out
    assert "Hur trygg är du med den hjälp du får?" in printed
    assert printed.count("täcker den sanna andelen.") == 2
    assert len(re.findall(r"\d{4} \d{4} \d{4} \d{4}", printed)) == 3
    assert len(notes.logins) == 17
    assert any(sentence.endswith("9 vill bli frågade i telefon eller hemma.") for sentence in shown)
    assert notes.shares.keys() == {notes.open_round}
    assert "analys@example.org" in login_table(notes.logins, MovingClock(clock()))
    assert any("har svarat." in sentence for sentence in shown)


def _check_register(session: Session) -> None:
    assert session.scalar(select(func.count()).select_from(UnitSuccession)) == 2
    assert session.scalar(select(func.count()).select_from(Client).where(Client.left_on.is_not(None))) > 10


def _check_paper(session: Session) -> None:
    by_paper = select(func.sum(WeeklyCount.accepted)).where(WeeklyCount.mode == Mode.PAPER)
    assert session.scalar(by_paper) >= 2
    assert session.scalar(select(func.count()).select_from(PaperSheet)) == 0
    assert set(session.scalars(select(PaperBatch.state))) == {PaperBatchState.ACCEPTED}


def _check_references(session: Session) -> None:
    view = view_results(session, None, yearly(LATER).short_name, ReleaseLevel.INTERNAL)
    found = judge_view(session, view)
    assert {question for _group, question in found.shares} == {view.question_index[name] for name in TARGETS}
    assert found.response
    [(_series, number, first, last)] = series_with_extent(session)
    assert (number > 0, first, last) == (True, NATIONAL_YEARS[0], NATIONAL_YEARS[-1])


def _check_staff(session: Session) -> None:
    view = view_results(session, None, SHORT_NAME, ReleaseLevel.ANALYST)
    units = [view.figure(index, 0) for index, _group in view.groups(GroupKind.UNIT)]
    assert sorted((one.clients, one.answered) for one in units) == [(-1, 11), (18, 13), (24, 18)]
    assert {round_.short_name for round_ in session.scalars(select(SurveyRound)) if round_.loose_codes} == {SHORT_NAME}


def _check_rounds(session: Session, truth: dict) -> None:
    for year in YEARS:
        round_ = round_named(session, yearly(year).short_name)
        sent = count_by_status(session, round_.id)[InvitationStatus.SENT]
        weeks = session.scalars(select(WeeklyCount.week).where(WeeklyCount.round_id == round_.id)).all()
        assert len(set(weeks)) >= 4
        assert all(week.startswith(str(year)) for week in weeks)
        willing = truth[year].turnout.answers
        assert 20 < sent <= willing.sum()
    answers = session.scalar(select(func.count()).select_from(Answer))
    assert answers > 40


def _check_letters(place: DemoPlace, session: Session, running: SurveyRound) -> None:
    batches = session.scalars(select(LetterBatch).where(LetterBatch.round_id == running.id)).all()
    assert {batch.format for batch in batches} == {LetterFormat.PDF, LetterFormat.PRINT_SHOP}
    shop = next(batch for batch in batches if batch.format is LetterFormat.PRINT_SHOP)
    path = existing_file(place.settings, shop)
    assert len(codes_by_number(path)) == shop.letters
    codes = session.scalar(select(func.count()).select_from(InvitationCode))
    assert codes > shop.letters


def _check_tables(place: DemoPlace, session: Session, truth: dict, clock: FixedClock) -> None:
    table = unit_table(session, LATER)
    assert table.startswith("Brukarundersökning 2026: Hur trygg är du med den hjälp du får?")
    assert all(unit.name in table for unit in tiny_city().in_year(LATER))
    assert "för få svar" in table
    found = coverage(session, LATER, truth[LATER])
    assert found.units >= 10
    assert found.units_hit / found.units > 0.7
    assert found.city_hit <= found.city
    path = write_workbook(place, session, clock, LATER)
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=True)
    rows = list(book["Enheter"].iter_rows(values_only=True))
    column = rows[0].index("Enhet")
    assert {row[column] for row in rows[1:]} == {unit.code for unit in tiny_city().in_year(LATER)}


def _check_codes(place: DemoPlace, session: Session, notes: Notes, clock: FixedClock) -> None:
    running = round_named(session, notes.open_round)
    first, second = (fresh_codes(place, session, notes.open_round) for _ in range(2))
    assert len({code for code, _ in first + second}) == 6
    for code, about in first:
        entry = enter_code(
            session,
            clock,
            settings=place.settings,
            secrets=place.secrets,
            round_id=running.id,
            typed=code,
            address="127.0.0.1",
        )
        assert entry.state is EntryState.OPEN
        assert " från " in about


def test_notes_come_back_and_a_reset_takes_only_demos(tmp_path: Path):
    settings = Settings(data_dir=tmp_path)
    place = DemoPlace(tmp_path, settings, Secrets(settings), None, None)
    assert place.read_notes() is None
    place.write_notes(Notes(city="pytteby", finished=True, shares={"bu": ["ett två"]}))
    assert place.read_notes() == Notes(city="pytteby", finished=True, shares={"bu": ["ett två"]})
    assert (tmp_path / "demo.json").stat().st_mode & 0o777 == 0o600
