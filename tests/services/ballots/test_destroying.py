import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import make_url, select, update
from sqlalchemy.orm import Session

from enkat.records.ballots import SealedBallot, box_size
from enkat.records.retention import BackupRecord
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.writing import writing
from enkat.services.ballots import wiping
from enkat.services.ballots.answering import send
from enkat.services.ballots.counting import count
from enkat.services.ballots.destroying import destroy_box, verified_backup
from enkat.services.ballots.wiping import wipe
from enkat.services.faults import ConflictFault, Fault
from enkat.settings import Secrets
from tests.clocks import FixedClock
from tests.databases import Database
from tests.factories.ballots import OpenRound, add_round, an_answer, settings_of


@pytest.fixture
def made(session: Session, clock: FixedClock) -> OpenRound:
    made = add_round(session, clock, (8,))
    for keys in made.keys:
        send(session, clock, round_id=made.round_id, keys=keys, answering=an_answer())
    with writing(session):
        session.execute(update(SurveyRound).values(state=RoundState.CLOSED))
    return made


@pytest.fixture
def secrets(tmp_path: Path, made: OpenRound) -> Secrets:
    _, secrets = settings_of(tmp_path)
    secrets.create(f"round_{made.round_id}")
    return secrets


def count_now(session: Session, clock: FixedClock, made: OpenRound) -> None:
    count(session, clock, made.round_id, private=made.pair.private, present=["Ada", "Bo"], account_id=None)


def add_backup(session: Session, clock: FixedClock, answers: int, *, verified: bool = True) -> None:
    with writing(session):
        session.add(
            BackupRecord(
                made_at=clock(),
                file_name="enkat-2026.backup",
                sha256="a" * 64,
                restored_at=clock() if verified else None,
                verified=verified,
                row_counts={"answer": answers},
            )
        )


def test_the_box_goes_after_a_verified_backup_of_the_answers(
    session: Session, clock: FixedClock, made: OpenRound, secrets: Secrets
):
    count_now(session, clock, made)
    add_backup(session, clock, 8)
    content = destroy_box(session, clock, secrets, made.round_id, account_id=None).content
    assert (content["ballots_deleted"], content["box_destroyed"], content["key_destroyed"]) == (8, True, False)
    assert box_size(session, made.round_id) == 0
    assert not secrets.exists(f"round_{made.round_id}")
    assert session.get_one(SurveyRound, made.round_id).state is RoundState.DESTROYED
    assert content["wiped"] is (session.get_bind().dialect.name == "sqlite")
    with pytest.raises(ConflictFault, match="redan förstörd"):
        destroy_box(session, clock, secrets, made.round_id, account_id=None)


@pytest.mark.parametrize(("answers", "verified"), [(7, True), (8, False)])
def test_without_a_backup_that_holds_the_answers_the_box_stays(
    session: Session, clock: FixedClock, made: OpenRound, secrets: Secrets, answers: int, *, verified: bool
):
    count_now(session, clock, made)
    add_backup(session, clock, answers, verified=verified)
    assert verified_backup(session) is None
    with pytest.raises(Fault, match="säkerhetskopia"):
        destroy_box(session, clock, secrets, made.round_id, account_id=None)
    assert box_size(session, made.round_id) == 8
    assert secrets.exists(f"round_{made.round_id}")


def test_an_uncounted_box_stays(session: Session, clock: FixedClock, made: OpenRound, secrets: Secrets):
    add_backup(session, clock, 8)
    with pytest.raises(ConflictFault, match="inte räknad"):
        destroy_box(session, clock, secrets, made.round_id, account_id=None)


def test_nothing_of_the_box_stays_in_the_files_of_sqlite(
    session: Session, clock: FixedClock, made: OpenRound, secrets: Secrets, database: Database
):
    if database.kind != "sqlite":
        return
    contents = list(session.scalars(select(SealedBallot.content)))
    count_now(session, clock, made)
    add_backup(session, clock, 8)
    path = Path(str(make_url(database.url).database))

    def raw() -> bytes:
        return b"".join(file.read_bytes() for file in path.parent.iterdir())

    assert all(content[:64] in raw() for content in contents)
    destroy_box(session, clock, secrets, made.round_id, account_id=None)
    assert not any(content[:64] in raw() for content in contents)


def test_a_reader_in_the_way_makes_the_protocol_say_not_wiped(
    session: Session, clock: FixedClock, made: OpenRound, database: Database, monkeypatch: pytest.MonkeyPatch
):
    if database.kind != "sqlite":
        return
    monkeypatch.setattr(wiping, "PATIENCE_SECONDS", 0.01)
    session.commit()
    reader = sqlite3.connect(str(make_url(database.url).database), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM sealed_ballot").fetchone()
    with writing(session):
        session.execute(update(SurveyRound).values(title="ny"))
    outcome = wipe(session)
    reader.close()
    assert not outcome.wiped
    assert outcome.sentence.startswith("Inte rensat")
    assert wipe(session).wiped
