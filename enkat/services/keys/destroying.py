"""When the private key is gone: enough holders of every split have confirmed that they shredded their shares."""

from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.keys import KeyHolder, all_holders
from enkat.records.retention import ProtocolKind
from enkat.records.rounds import RoundState
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.ballots.rounds import find_round
from enkat.services.faults import ConflictFault, NotFoundFault
from enkat.services.keys.protocols import write_protocol


@dataclass(frozen=True, slots=True)
class KeyRemains:
    """What is left of a key.

    Attributes
    ----------
    destroyed
        Whether fewer shares than needed can remain, in every split.
    missing
        Confirmations still needed, per split that is not yet gone.
    """

    destroyed: bool
    missing: dict[int, int]


def key_remains(session: Session, round_id: int) -> KeyRemains:
    """Tell whether the key may still exist, replaced shares included."""
    needed = find_round(session, round_id).key_threshold
    missing = {}
    holders = all_holders(session, round_id)
    for generation, members in groupby(holders, key=lambda holder: holder.generation):
        split = list(members)
        lacking = len(split) - needed + 1 - sum(holder.shredded_on is not None for holder in split)
        if lacking > 0:
            missing[generation] = lacking
    return KeyRemains(bool(holders) and not missing, missing)


def confirm_shredded(session: Session, clock: Clock, holder_id: int, *, account_id: int | None) -> KeyRemains:
    """Note that a holder shredded a share; write the protocol when with it the key is destroyed.

    Raises
    ------
    ConflictFault
        The round's box is not destroyed yet and the share is not a replaced one: it may still be needed.
    """
    with writing(session):
        holder = session.get(KeyHolder, holder_id)
        if holder is None:
            raise NotFoundFault("Nyckelhållaren finns inte. Välj en i listan.")
        survey_round = find_round(session, holder.round_id)
        if survey_round.state is not RoundState.DESTROYED and holder.replaced_on is None:
            raise ConflictFault("Delen behövs ännu. Förstör den när rösterna är räknade och urnan är förstörd.")
        before = key_remains(session, survey_round.id).destroyed
        holder.shredded_on = holder.shredded_on or today(clock)
        session.flush()
        remains = key_remains(session, survey_round.id)
        if remains.destroyed and not before and survey_round.state is RoundState.DESTROYED:
            confirmed = [
                {"name": each.name, "generation": each.generation, "on": each.shredded_on.isoformat()}
                for each in all_holders(session, survey_round.id)
                if each.shredded_on is not None
            ]
            content = {"key_destroyed": True, "confirmed": confirmed}
            write_protocol(session, clock, survey_round.id, ProtocolKind.DESTRUCTION, content)
        record(
            session,
            clock,
            account_id=account_id,
            action="keys.shredded",
            subject=f"round:{survey_round.id}",
            details={"holder": holder.name, "generation": holder.generation},
        )
    return remains
