"""Large files as jobs: kept masked, checked with progress, applied whole or not at all, also after an interruption."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enkat.records.clients import Client
from enkat.records.imports import ImportBatch, ImportKind, ImportRow, ImportState, RowState, row_counts
from enkat.records.jobs import JobState
from enkat.services.faults import Fault
from enkat.services.jobs.context import JobContext
from enkat.services.register import applying, staging
from enkat.services.register.queueing import apply_queued, check_queued, queue_check, running_job
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.register import PERSON, csv_of, fill_register

Told = list[tuple[int, int]]


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture
def context(session: Session, clock: FixedClock, app_settings: Settings, told: Told) -> Callable[[int], JobContext]:
    def make(batch_id: int) -> JobContext:
        return JobContext(
            session=session,
            clock=clock,
            settings=app_settings,
            secrets=Secrets(app_settings),
            job_id=1,
            arguments={"batch_id": batch_id},
            account_id=None,
            progress=lambda done, total, _sentence: told.append((done, total)),
        )

    return make


@pytest.fixture
def kept(session: Session, clock: FixedClock) -> ImportBatch:
    fill_register(session, clock)
    people = [PERSON.replace("T1", f"T{number}") for number in range(2_500)]
    people[3] = people[3].replace("Påhittad Persson", "19450312-1234").replace(";1941;", ";41;")
    return staging.stage_file(
        session,
        clock,
        kind=ImportKind.CLIENTS,
        file_name="stor.csv",
        content=csv_of(*people),
        account_id=None,
        unchecked_from=2_500,
    )


def new_people(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).where(Client.reference.startswith("T"))) or 0


def test_rows_are_kept_masked_and_hidden_until_they_are_checked(
    session: Session, kept: ImportBatch, context: Callable[[int], JobContext], told: Told
):
    assert kept.state is ImportState.READING
    rows = session.scalars(select(ImportRow).where(ImportRow.batch_id == kept.id)).all()
    assert all(row.protected for row in rows)
    assert not any("19450312" in cell for row in rows for cell in row.cells.values())
    check_queued(context(kept.id))
    assert told == [(0, 2_500), (1_000, 2_500), (2_000, 2_500), (2_500, 2_500)]
    assert kept.state is ImportState.STAGED
    counts = row_counts(session, kept.id)
    assert (counts[RowState.NEW], counts[RowState.FAULTY]) == (2_499, 1)


def test_a_check_that_was_interrupted_is_done_from_the_start(
    session: Session, kept: ImportBatch, context: Callable[[int], JobContext], monkeypatch: pytest.MonkeyPatch
):
    stored = staging._store
    monkeypatch.setattr(staging, "_store", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        check_queued(context(kept.id))
    assert kept.state is ImportState.READING
    monkeypatch.setattr(staging, "_store", stored)
    check_queued(context(kept.id))
    assert kept.state is ImportState.STAGED


def test_applying_is_whole_or_nothing_and_is_not_done_twice(
    session: Session,
    clock: FixedClock,
    kept: ImportBatch,
    context: Callable[[int], JobContext],
    monkeypatch: pytest.MonkeyPatch,
):
    check_queued(context(kept.id))
    with pytest.raises(Fault, match="Rad 5"):
        apply_queued(context(kept.id))
    assert new_people(session) == 0
    staging.leave_out(session, clock, kept.id, 5)

    monkeypatch.setattr(applying, "forget_rows", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        apply_queued(context(kept.id))
    assert new_people(session) == 2_499
    assert apply_queued(context(kept.id)) == {"batch_id": kept.id}
    assert new_people(session) == 2_499
    assert session.scalar(select(func.count()).where(ImportRow.batch_id == kept.id)) == 0


def test_the_job_of_a_file_is_found_while_it_works(session: Session, clock: FixedClock, kept: ImportBatch):
    assert running_job(session, kept.id) is None
    job = queue_check(session, clock, kept.id, None)
    assert running_job(session, kept.id + 1) is None
    assert running_job(session, kept.id) == job
    job.state = JobState.DONE
    session.commit()
    assert running_job(session, kept.id) is None
