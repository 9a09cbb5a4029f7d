"""A round whose questionnaires come back on paper: a desk with a scanner, openers and keyers."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from enkat.ballots.ballot import Ballot
from enkat.ballots.sealing import open_ballot
from enkat.records.accounts import Role
from enkat.records.ballots import SealedBallot
from enkat.records.invitations import Invitation, InvitationStatus
from enkat.records.paper import PaperBatch
from enkat.records.paper_queries import find_batch, positions
from enkat.records.rounds import SurveyRound
from enkat.records.writing import writing
from enkat.services.paper.key_strokes import KeyField
from enkat.services.paper.keying import OpenSheet, adjudicate, find_sheet, key_sheet
from enkat.services.paper.opening import Opened, hand_over, open_sheet
from enkat.services.paper.scanning import Desk
from tests.clocks import FixedClock
from tests.factories.accounts import make_account
from tests.factories.ballots import SECRET, OpenRound, add_round, settings_of

ANSWERED = "10543"
"""A sheet of the small instrument: self, nobody helps, answers 5, 4 and 3."""


def as_written(text: str) -> str:
    """The Swedish reader's gettext."""
    return text


@dataclass
class PaperRoom:
    """What a test does with sheets, one line each."""

    session: Session
    clock: FixedClock
    made: OpenRound
    desk: Desk
    opener: int
    keyers: list[int]
    pauses: list[float] = field(default_factory=list)

    @property
    def round(self) -> SurveyRound:
        return self.session.get_one(SurveyRound, self.made.round_id, populate_existing=True)

    def set_up(self, **values: Any) -> None:
        with writing(self.session):
            self.session.execute(update(SurveyRound).values(**values))
        self.session.expire_all()

    def scan(self, person: int, *, blank: bool = False, by: int | None = None) -> Opened:
        return self.open(self.made.codes[person], blank=blank, by=by)

    def open(self, typed: str, *, blank: bool = False, by: int | None = None) -> Opened:
        account_id = by or self.opener
        return open_sheet(self.session, self.clock, self.desk, typed=typed, blank=blank, account_id=account_id)

    def pile(self, *people: int) -> PaperBatch:
        """Open the sheets of people and hand them over to keying."""
        for person in people:
            self.scan(person)
        number, _sheets = hand_over(self.session, round_id=self.made.round_id, account_id=self.opener)
        return self.batch(number)

    def batch(self, number: int) -> PaperBatch:
        self.session.expire_all()
        found = find_batch(self.session, self.made.round_id, number)
        assert found is not None
        return found

    def sheet(self, person: int, keyer: int = 0) -> OpenSheet:
        keys, account_id = self.made.keys[person], self.keyers[keyer]
        return find_sheet(self.session, as_written, round_id=self.made.round_id, keys=keys, account_id=account_id)

    def key(self, person: int, typed: str = ANSWERED, keyer: int = 0, **texts: str) -> list[KeyField]:
        sheet, account_id = self.sheet(person, keyer), self.keyers[keyer]
        return key_sheet(self.session, self.clock, sheet, typed=typed, texts=texts, account_id=account_id)

    def decide(self, person: int, keyer: int = 1, **right: str) -> None:
        sheet, account_id = self.sheet(person, keyer), self.keyers[keyer]
        numbers = {name.removeprefix("q"): key for name, key in right.items()}
        adjudicate(self.session, self.clock, sheet, right=numbers, account_id=account_id)

    def places(self, batch: PaperBatch, *states: Any) -> list[int]:
        return positions(self.session, batch.id, *states)

    def statuses(self) -> list[InvitationStatus]:
        self.session.expire_all()
        return [self.session.get_one(Invitation, one).status for one in self.made.invitation_ids]

    def box(self) -> list[Ballot]:
        contents = self.session.scalars(select(SealedBallot.content)).all()
        return [Ballot.from_bytes(open_ballot(self.made.pair.private, content)) for content in contents]


def paper_room(session: Session, clock: FixedClock, folder: Path, *unit_sizes: int) -> PaperRoom:
    """Return a round with real codes, one opener and three keyers."""
    made = add_round(session, clock, unit_sizes or (6,), real_codes=True)
    settings, secrets = settings_of(folder)
    secrets.create("throttle")
    (folder / "secrets" / f"round_{made.round_id}").write_text("demo-" + SECRET.hex())
    opener = make_account(session, clock, Role.OPENER).id
    keyers = [make_account(session, clock, Role.KEYER).id for _ in range(3)]
    pauses: list[float] = []
    short_name = session.get_one(SurveyRound, made.round_id).short_name
    desk = Desk(made.round_id, short_name, settings, secrets, "192.0.2.1", pauses.append)
    return PaperRoom(session, clock, made, desk, opener, keyers, pauses)
