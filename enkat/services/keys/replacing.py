"""Replacing a holder while enough others remain: the key is split anew and everybody gets a new share."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from enkat.ballots.key_shares import split
from enkat.clock import Clock, today
from enkat.records.keys import KeyHolder, holders_of, present_generation
from enkat.records.retention import ProtocolKind
from enkat.records.rounds import RoundState
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.ballots.rounds import find_round
from enkat.services.faults import ConflictFault, NotFoundFault
from enkat.services.keys.combining import combine_shares
from enkat.services.keys.making import Holder, IssuedShare, add_generation, check_holders, key_facts
from enkat.services.keys.protocols import write_protocol


def replace_holder(
    session: Session,
    clock: Clock,
    round_id: int,
    *,
    leaving_id: int,
    successor: Holder,
    shares: Sequence[str],
    account_id: int | None,
) -> list[IssuedShare]:
    """Split the key anew for the remaining holders and a successor, and return every holder's new share.

    The old shares still fit each other until they are shredded; the protocol and the destruction of the key count them.

    Raises
    ------
    WrongSharesFault
        The shares given do not make the key.
    NotFoundFault
        The holder who leaves holds no present share.
    ConflictFault
        The round's ballots are counted and destroyed.
    """
    present = holders_of(session, round_id)
    if leaving_id not in {holder.id for holder in present}:
        raise NotFoundFault("Den som ska bytas ut har ingen gällande del. Välj en nyckelhållare i listan.")
    holders = [successor if holder.id == leaving_id else Holder(holder.name, holder.account_id) for holder in present]
    generation = present_generation(session, round_id)
    needed = find_round(session, round_id).key_threshold
    check_holders(holders, needed)
    key = combine_shares(session, round_id, shares)
    new_shares = split(key.private, needed, len(holders))
    with writing(session):
        survey_round = find_round(session, round_id)
        if survey_round.state is RoundState.DESTROYED:
            raise ConflictFault("Urnan är förstörd. Nyckeln behövs inte längre och ska förstöras.")
        if present_generation(session, round_id) != generation:
            raise ConflictFault("Delarna byttes nyss av någon annan. Läs in sidan på nytt.")
        for holder in holders_of(session, round_id, generation):
            holder.replaced_on = today(clock)
        leaving = session.get_one(KeyHolder, leaving_id).name
        issued = add_generation(session, survey_round, holders, new_shares, generation=generation + 1, needed=needed)
        content = key_facts(survey_round, issued, generation + 1) | {
            "replaced": leaving,
            "successor": successor.name.strip(),
            "present": list(key.names),
        }
        write_protocol(session, clock, round_id, ProtocolKind.KEYS, content)
        record(
            session, clock, account_id=account_id, action="keys.replaced", subject=f"round:{round_id}", details=content
        )
    return issued
