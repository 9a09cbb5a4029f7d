"""Openers and keyers at once, and a process killed in the middle of accepting: nothing doubled, nothing lost."""

import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from enkat.records.base import table_of
from enkat.records.invitations import InvitationStatus, WeeklyCount
from enkat.records.paper import PaperBallot, PaperBatchState, PaperSheet
from enkat.services.faults import Fault
from enkat.services.paper.keying import find_sheet, key_sheet
from enkat.services.paper.opening import Outcome, open_sheet
from tests.clocks import FixedClock
from tests.databases import Database
from tests.factories.paper import ANSWERED, PaperRoom, as_written, paper_room
from tests.house.sources import ROOT

KILLED = """
import os, signal, sys
from datetime import datetime
from enkat.ballots.derivation import CodeKeys
from enkat.records import metadata
from enkat.records.engine import make_engine, make_sessions
from enkat.services.paper import accepting
from enkat.services.paper.keying import find_sheet, key_sheet

url, round_id, keys, account_id, moment, after = sys.argv[1:]
honest = accepting.into_the_box

def killed(session, batch):
    if after == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    honest(session, batch)
    session.flush()
    os.kill(os.getpid(), signal.SIGKILL)

accepting.into_the_box = killed
with make_sessions(make_engine(url))() as session:
    held = CodeKeys.from_bytes(bytes.fromhex(keys))
    sheet = find_sheet(session, str, round_id=int(round_id), keys=held, account_id=int(account_id))
    clock = lambda: datetime.fromisoformat(moment)
    key_sheet(session, clock, sheet, typed="10543", texts={}, account_id=int(account_id))
"""


@pytest.fixture
def room(session: Session, clock: FixedClock, tmp_path: Path) -> PaperRoom:
    made = paper_room(session, clock, tmp_path, 12)
    made.set_up(second_keying_percent=0)
    return made


def _at_once(*tasks: Callable[[], Any]) -> list[Any]:
    """Run tasks in threads that start together; return what each gave, a fault's sentence where it was refused."""
    start = threading.Barrier(len(tasks))
    found: list[Any] = [None] * len(tasks)

    def run(place: int) -> None:
        start.wait()
        try:
            found[place] = tasks[place]()
        except Fault as fault:
            found[place] = fault.sentence

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def _count(session: Session, model: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table_of(model))) or 0


def test_openers_with_the_same_sheet_register_it_once(room: PaperRoom, sessions: sessionmaker[Session]) -> None:
    def scan(account_id: int) -> Outcome:
        with sessions() as own:
            code = room.made.codes[0]
            return open_sheet(own, room.clock, room.desk, typed=code, blank=False, account_id=account_id).outcome

    openers = [room.opener, *room.keyers]
    found = _at_once(*(lambda account_id=account_id: scan(account_id) for account_id in openers))
    assert Counter(found) == {Outcome.REGISTERED: 1, Outcome.AGAIN: 3}
    assert _count(room.session, PaperSheet) == 1


def _keying(room: PaperRoom, sessions: sessionmaker[Session], keyer: int, people: list[int]) -> list[str]:
    refused = []
    account_id = room.keyers[keyer]
    with sessions() as own:
        for person in people:
            try:
                keys = room.made.keys[person]
                sheet = find_sheet(own, as_written, round_id=room.made.round_id, keys=keys, account_id=account_id)
                key_sheet(own, room.clock, sheet, typed=ANSWERED, texts={}, account_id=account_id)
            except Fault as fault:
                refused.append(fault.sentence)
    return refused


def test_keyers_in_one_batch_key_every_sheet_once_and_it_is_accepted_once(
    room: PaperRoom, sessions: sessionmaker[Session]
) -> None:
    room.pile(*range(12))
    room.session.rollback()
    everybody = list(range(12))
    refused = _at_once(
        lambda: _keying(room, sessions, 0, everybody),
        lambda: _keying(room, sessions, 1, everybody[::-1]),
        lambda: _keying(room, sessions, 2, everybody[6:] + everybody[:6]),
    )
    assert sum(len(sentences) for sentences in refused) == 24
    assert len(room.box()) == 12
    assert room.statuses() == [InvitationStatus.SENT] * 12
    assert (room.batch(1).state, room.batch(1).accepted) == (PaperBatchState.ACCEPTED, 12)
    assert room.session.scalars(select(WeeklyCount.accepted)).all() == [12]
    assert (_count(room.session, PaperSheet), _count(room.session, PaperBallot)) == (0, 0)


@pytest.mark.parametrize("after", ["before", "inside"])
def test_killed_in_the_middle_of_accepting_nothing_is_sent_and_the_sheet_is_keyed_again(
    room: PaperRoom, database: Database, after: str
) -> None:
    room.pile(0, 1, 2)
    room.key(0)
    room.key(1)
    room.session.rollback()
    moment = room.clock().isoformat()
    arguments = [str(room.made.round_id), room.made.keys[2].to_bytes().hex(), str(room.keyers[0]), moment, after]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, database.url, *arguments], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert room.box() == []
    assert room.statuses()[:3] == [InvitationStatus.PAPER_RECEIVED] * 3
    assert (_count(room.session, PaperSheet), _count(room.session, PaperBallot)) == (3, 2)
    room.key(2)
    assert len(room.box()) == 3
    assert room.statuses()[:3] == [InvitationStatus.SENT] * 3
    assert room.session.scalars(select(WeeklyCount.accepted)).all() == [3]
