"""The rehearsal count: before a round opens every holder tries the own share on ballots that mean nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from enkat.ballots.sealing import open_ballot, seal
from enkat.clock import Clock, today
from enkat.records.keys import KeyHolder, holders_of
from enkat.records.retention import ProtocolKind
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.ballots.rounds import find_round
from enkat.services.faults import Fault
from enkat.services.keys.combining import combine_shares
from enkat.services.keys.protocols import write_protocol

BALLOTS = 100
_SIZE = 1024


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How a rehearsal went: who tried the own share now, and who is left."""

    ballots: int
    tested: tuple[str, ...]
    untested: tuple[str, ...]


def rehearse(
    session: Session, clock: Clock, round_id: int, shares: Sequence[str], *, account_id: int | None
) -> Rehearsal:
    """Seal ballots to the round's public key, open them with the shares and note whose shares worked.

    Run it as often as needed until every holder has been present once.

    Raises
    ------
    WrongSharesFault
        The shares do not give the key.
    """
    key = combine_shares(session, round_id, shares)
    public = find_round(session, round_id).public_key or b""
    words = [f"övning {number}".encode() for number in range(BALLOTS)]
    opened = [open_ballot(key.private, seal(public, word, _SIZE)) for word in words]
    if opened != words:
        raise Fault("Övningen misslyckades: valsedlarna kom inte ut som de lades i. Gör nya nycklar.")
    with writing(session):
        for holder_id in key.holder_ids:
            holder = session.get_one(KeyHolder, holder_id)
            holder.tested_on = holder.confirmed_on = today(clock)
        session.flush()
        result = Rehearsal(BALLOTS, key.names, tuple(untested_holders(session, round_id)))
        content = {"ballots": BALLOTS, "tested": list(result.tested), "untested": list(result.untested)}
        write_protocol(session, clock, round_id, ProtocolKind.REHEARSAL, content)
        record(
            session, clock, account_id=account_id, action="keys.rehearsed", subject=f"round:{round_id}", details=content
        )
    return result


def untested_holders(session: Session, round_id: int) -> list[str]:
    """Return the names of holders who have not tried their share; empty when the rehearsal is passed."""
    return [holder.name for holder in holders_of(session, round_id) if holder.tested_on is None]
