"""The log: whatever is changed, added or taken away shows, and writers at once make one chain."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from enkat.records.audit import AuditEntry, AuditHead
from enkat.records.writing import writing
from enkat.services.audit.reading import LogFilter, actions, read_log, verify
from enkat.services.audit.recording import record
from tests.clocks import FixedClock
from tests.factories.accounts import make_account

WRITERS, EACH = 6, 8


def test_writers_at_once_make_one_chain(sessions: sessionmaker[Session], clock: FixedClock) -> None:
    start = threading.Barrier(WRITERS)
    broken: list[BaseException] = []

    def write(number: int) -> None:
        try:
            with sessions() as own:
                start.wait(20)
                for turn in range(EACH):
                    record(own, clock, account_id=None, action="prov", subject=f"prov:{number}", details={"t": turn})
        except BaseException as error:  # noqa: BLE001  # told below
            broken.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    with sessions() as session:
        checked = verify(session)
        assert checked.faults == ()
        assert checked.entries == WRITERS * EACH
        assert session.scalar(select(func.count(AuditEntry.digest.distinct()))) == WRITERS * EACH


@pytest.fixture
def chain(session: Session, clock: FixedClock) -> Session:
    for number in range(1, 6):
        record(session, clock, account_id=None, action="prov", subject=f"prov:{number}", details={"n": number})
        clock.advance(minutes=1)
    return session


CHANGES = {
    "another subject": update(AuditEntry).where(AuditEntry.sequence == 3).values(subject="prov:9"),
    "another moment": update(AuditEntry)
    .where(AuditEntry.sequence == 3)
    .values(happened_at=FixedClock().now - timedelta(days=1)),
    "other details": update(AuditEntry).where(AuditEntry.sequence == 3).values(details={"n": 4}),
    "one taken away": delete(AuditEntry).where(AuditEntry.sequence == 3),
    "the last taken away": delete(AuditEntry).where(AuditEntry.sequence == 5),
    "the head set back": update(AuditHead).values(sequence=4),
    "no head": delete(AuditHead),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_shows(chain: Session, change: str) -> None:
    assert verify(chain).faults == ()
    with writing(chain):
        chain.execute(CHANGES[change])
    chain.expire_all()
    assert verify(chain).faults != ()


def test_equal_details_have_unequal_digests(chain: Session, clock: FixedClock) -> None:
    entries = [record(chain, clock, account_id=None, action="prov", subject="a:1", details={"n": 1}) for _ in range(2)]
    assert entries[0].details_digest != entries[1].details_digest


def test_an_entry_stands_or_falls_with_the_change_around_it(session: Session, clock: FixedClock) -> None:
    with pytest.raises(RuntimeError), writing(session):  # noqa: PT012  # the block is what is tested
        record(session, clock, account_id=None, action="prov", subject="prov:1")
        raise RuntimeError
    assert verify(session).entries == 0


def test_the_log_is_filtered(chain: Session, clock: FixedClock) -> None:
    who = make_account(chain, clock, name="Åsa 100% Ek")
    record(chain, clock, account_id=who.id, action="account.created", subject="account:7")

    def found(wanted: LogFilter) -> list[int]:
        return [row.entry.sequence for row in read_log(chain, wanted)[0]]

    assert found(LogFilter()) == [6, 5, 4, 3, 2, 1]
    assert found(LogFilter(action="account")) == [6]
    assert found(LogFilter(account_id=who.id)) == [6]
    assert found(LogFilter(text="100%")) == [6]
    assert found(LogFilter(text="prov:2")) == [2]
    assert found(LogFilter(first_day=clock().date() + timedelta(days=1))) == []
    assert found(LogFilter(last_day=clock().date())) == [6, 5, 4, 3, 2, 1]
    rows, total = read_log(chain, LogFilter(), page=2, size=4)
    assert ([row.entry.sequence for row in rows], total) == ([2, 1], 6)
    assert rows[0].details == {"n": 2}
    assert rows[0].who == "Systemet"
    assert list(actions(chain)) == ["account.created", "prov"]
