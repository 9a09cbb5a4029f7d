"""Opening the ballot box in memory: every sealed ballot becomes a ballot or is counted as unreadable."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from enkat.ballots.ballot import Ballot, UnreadableBallot
from enkat.ballots.sealing import DamagedBallot, open_ballot
from enkat.instruments.instrument import Instrument
from enkat.records.ballots import ballots_after

BATCH = 500

Progress = Callable[[int, int, str], None]
"""Called as `progress(done, total, sentence)`."""


@dataclass
class OpenedBox:
    """What came out of the box.

    Attributes
    ----------
    ballots
        The readable ballots, in the order of random ids.
    unreadable
        How many could not be opened or say something that the round does not know.
    """

    ballots: list[Ballot] = field(default_factory=list)
    unreadable: int = 0

    @property
    def rows(self) -> int:
        """How many ballots the box held."""
        return len(self.ballots) + self.unreadable

    def opened_by_unit(self) -> Counter[int]:
        """Return the readable ballots per unit."""
        return Counter(int(ballot.unit_id) for ballot in self.ballots)


def open_box(
    session: Session,
    round_id: int,
    private: bytes,
    *,
    total: int,
    instruments: Mapping[str, Instrument],
    districts: Mapping[str, str],
    progress: Progress,
) -> OpenedBox:
    """Open every ballot of a round, outside any write lock.

    Parameters
    ----------
    instruments
        The round's instruments by hash.
    districts
        The round's districts by unit, ids as text: a ballot must name a unit of the round and its district.
    """
    box = OpenedBox()
    last = b""
    while batch := ballots_after(session, round_id, last, BATCH):
        session.rollback()
        for _, sealed in batch:
            ballot = _read(private, sealed, instruments, districts)
            if ballot is None:
                box.unreadable += 1
            else:
                box.ballots.append(ballot)
        last = batch[-1][0]
        progress(box.rows, total, f"{box.rows} av {total} valsedlar är öppnade.")
    return box


def _read(
    private: bytes, sealed: bytes, instruments: Mapping[str, Instrument], districts: Mapping[str, str]
) -> Ballot | None:
    try:
        ballot = Ballot.from_bytes(open_ballot(private, sealed))
    except (DamagedBallot, UnreadableBallot):
        return None
    instrument = instruments.get(ballot.instrument_hash)
    if instrument is None or len(ballot.vector) != len(instrument.choice_questions):
        return None
    return ballot if districts.get(ballot.unit_id) == ballot.district_id else None
