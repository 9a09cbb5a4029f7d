from datetime import timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from enkat.ballots.key_shares import share_mark, split
from enkat.cli._rounds_count import COMMANDS
from enkat.records.answers import Answer
from enkat.records.ballots import SealedBallot
from enkat.records.invitations import Invitation, InvitationStatus
from enkat.records.jobs import Job, JobState
from enkat.records.keys import KeyHolder
from enkat.records.retention import BackupRecord
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.writing import writing
from enkat.services.ballots import count_process
from enkat.services.ballots.answering import send
from enkat.services.ballots.count_process import INTERRUPTED, SILENCE, newest_count, run_job, start_count
from enkat.services.ballots.counting import count
from enkat.services.faults import ConflictFault
from enkat.services.keys.combining import WrongSharesFault
from enkat.settings import Environment, Settings
from tests.clocks import FixedClock
from tests.databases import Database
from tests.factories.ballots import OpenRound, add_round, an_answer


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return Settings(environment=Environment.TEST, database_url=database.url, data_dir=tmp_path)


@pytest.fixture
def made(session: Session, clock: FixedClock) -> OpenRound:
    made = add_round(session, clock, (9,))
    for keys in made.keys:
        send(session, clock, round_id=made.round_id, keys=keys, answering=an_answer())
    return made


@pytest.fixture
def shares(session: Session, made: OpenRound) -> list[str]:
    words = split(made.pair.private, 2, 3)
    with writing(session):
        session.execute(update(SurveyRound).values(state=RoundState.CLOSED))
        session.add_all(
            KeyHolder(round_id=made.round_id, name=name, share_mark=share_mark(share))
            for name, share in zip(("Ada", "Bo", "Cy"), words, strict=True)
        )
    return words


def started(session: Session, clock: FixedClock, settings: Settings, made: OpenRound, shares: list[str]) -> Job:
    job = start_count(session, clock, settings, made.round_id, shares=shares, account_id=None)
    assert count_process._children[-1].wait(timeout=60) == 0
    session.expire_all()
    return session.get_one(Job, job.id)


def test_the_count_runs_in_a_process_that_gets_the_key_by_a_pipe(
    session: Session, clock: FixedClock, settings: Settings, made: OpenRound, shares: list[str]
):
    job = started(session, clock, settings, made, shares[:2])
    assert (job.state, job.progress, job.total) == (JobState.DONE, 9, 9)
    assert job.result["protocol"]
    assert made.pair.private.hex() not in str(vars(job))
    assert session.scalar(select(func.count()).select_from(Answer)) == 9
    with pytest.raises(ConflictFault, match="redan räknad"):
        start_count(session, clock, settings, made.round_id, shares=shares[:2], account_id=None)


def test_wrong_shares_start_nothing(
    session: Session, clock: FixedClock, settings: Settings, made: OpenRound, shares: list[str]
):
    with pytest.raises(WrongSharesFault):
        start_count(session, clock, settings, made.round_id, shares=shares[:1], account_id=None)
    assert newest_count(session, clock, made.round_id) is None


@pytest.mark.one_database
def test_a_fault_in_the_process_stands_in_the_job(
    session: Session, clock: FixedClock, made: OpenRound, shares: list[str]
):
    with writing(session):
        ballot = session.scalars(select(SealedBallot)).first()
        assert ballot is not None
        ballot.content = b"damaged"
        arguments = {"round_id": made.round_id, "accept_unreadable": 0, "present": ["Ada"]}
        result = {"heartbeat": clock().isoformat()}
        job = Job(
            kind="count", arguments=arguments, state=JobState.RUNNING, message="", queued_at=clock(), result=result
        )
        session.add(job)
    run_job(session, clock, job.id, made.pair.private)
    assert job.state is JobState.FAILED
    assert "1 valsedlar går inte att läsa" in job.message
    assert job.result == {"unreadable": 1}


@pytest.fixture
def no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(count_process, "_spawn", lambda *_: None)


@pytest.mark.one_database
def test_one_count_at_a_time_and_a_silent_one_is_interrupted(
    session: Session, clock: FixedClock, settings: Settings, made: OpenRound, shares: list[str], *, no_process: None
):
    start_count(session, clock, settings, made.round_id, shares=shares[:2], account_id=None)
    with pytest.raises(ConflictFault, match="pågår redan"):
        start_count(session, clock, settings, made.round_id, shares=shares[:2], account_id=None)
    clock.now += SILENCE + timedelta(seconds=1)
    job = newest_count(session, clock, made.round_id)
    assert job is not None
    assert (job.state, job.message) == (JobState.FAILED, INTERRUPTED)
    start_count(session, clock, settings, made.round_id, shares=shares[:2], account_id=None)


@pytest.mark.one_database
def test_a_count_that_died_after_its_result_was_written_is_told_as_done(
    session: Session, clock: FixedClock, settings: Settings, made: OpenRound, shares: list[str], *, no_process: None
):
    started = start_count(session, clock, settings, made.round_id, shares=shares[:2], account_id=None)
    protocol = count(session, clock, made.round_id, private=made.pair.private, present=["Ada"], account_id=None)
    clock.now += SILENCE + timedelta(seconds=1)
    job = newest_count(session, clock, made.round_id)
    assert job is not None
    assert (job.id, job.state, job.result) == (started.id, JobState.DONE, {"protocol": protocol.id})


class Terminal:
    """Runs the commands as a person would, against the test's database."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.group = click.Group("round", {command.name or "": command for command in COMMANDS})
        self.environment = {
            "ENKAT_ENVIRONMENT": "test",
            "ENKAT_DATABASE_URL": database.url,
            "ENKAT_DATA_DIR": str(folder),
        }

    def __call__(self, *arguments: str, typed: str = "") -> str:
        result = CliRunner().invoke(
            self.group, list(arguments), input=typed, env=self.environment, catch_exceptions=False
        )
        assert result.exit_code == 0, result.output
        return result.output


@pytest.mark.one_database
def test_from_keys_to_destruction_at_the_terminal(
    session: Session, clock: FixedClock, made: OpenRound, database: Database, tmp_path: Path
):
    terminal = Terminal(database, tmp_path)
    name = session.get_one(SurveyRound, made.round_id).short_name
    with writing(session):
        session.execute(update(SurveyRound).values(state=RoundState.PLANNED))
        session.execute(delete(SealedBallot))
    session.commit()
    folder = tmp_path / "delar"
    terminal("keys", name, "--holder", "Ada", "--holder", "Bo", "--holder", "Cy", "--out", str(folder))
    files = sorted(folder.iterdir())
    assert [path.stat().st_mode & 0o777 for path in files] == [0o600] * 3
    output = terminal("rehearse", name, typed="\n".join(path.read_text() for path in files[:2]))
    assert "Kvar att pröva: Cy" in output
    assert files[0].read_text().split()[5] not in output.split()
    options = [part for path in files for part in ("--share-file", str(path))]
    new = tmp_path / "nya"
    terminal("replace-holder", name, "--leaving", "bo", "--successor", "Di", *options, "--out", str(new))
    options = [part for path in sorted(new.iterdir()) for part in ("--share-file", str(path))]
    assert "Övningen är godkänd" in terminal("rehearse", name, *options)
    with writing(session):
        session.execute(update(SurveyRound).values(state=RoundState.CLOSED))
        session.execute(update(Invitation).values(status=InvitationStatus.OPEN))
    assert "Skickade: 0. I urnan: 0" in terminal("count", name, *options)
    with writing(session):
        session.add(
            BackupRecord(
                made_at=clock(),
                file_name="x",
                sha256="a" * 64,
                restored_at=clock(),
                verified=True,
                row_counts={"answer": 0},
            )
        )
    assert "valsedlar är raderade" in terminal("destroy", name)
    session.expire_all()
    marks = session.scalars(select(KeyHolder.share_mark)).all()
    shredded = [part for mark in marks for part in ("--shredded", mark)]
    assert "Nyckeln kan ännu finnas" in terminal("destroy", name, *shredded[:2])
    assert "Nyckeln är förstörd" in terminal("destroy", name, *shredded)
