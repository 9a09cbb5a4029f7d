"""From the shares that holders bring to the round's private key, for one call and never stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from enkat.ballots.key_shares import WrongShares, combine, share_mark
from enkat.ballots.sealing import DamagedBallot, public_of
from enkat.records.keys import KeyHolder, all_holders, holders_of, present_generation
from enkat.services.ballots.rounds import find_round
from enkat.services.faults import Fault


@dataclass(frozen=True, slots=True, repr=False)
class HeldKey:
    """The private key and who brought it together.

    Attributes
    ----------
    private
        The key, 32 bytes. Hand it on and forget it.
    holder_ids, names
        The holders whose shares were given.
    """

    private: bytes
    holder_ids: tuple[int, ...]
    names: tuple[str, ...]


class WrongSharesFault(Fault):
    """The shares do not give the round's key; the sentence says which one and why."""


def combine_shares(session: Session, round_id: int, shares: Sequence[str]) -> HeldKey:
    """Return the round's private key from the shares of at least as many holders as are needed.

    Empty shares are left out, so that a form may have a field per holder.

    Raises
    ------
    WrongSharesFault
        A share is misspelt, replaced, foreign or given twice, or there are too few.
    """
    given = [share for share in shares if share.strip()]
    survey_round = find_round(session, round_id)
    if survey_round.public_key is None:
        raise WrongSharesFault("Omgången har inga nycklar än. Gör dem först.")
    try:
        private = combine(given)
        present = _holders(session, round_id, [share_mark(share) for share in given])
        public = public_of(private)
    except (WrongShares, DamagedBallot) as fault:
        raise WrongSharesFault(str(fault), "shares") from fault
    if public != survey_round.public_key:
        raise WrongSharesFault("Delarna hör till en annan omgång. Ta fram delarna för den här omgången.", "shares")
    return HeldKey(private, tuple(holder.id for holder in present), tuple(holder.name for holder in present))


def _holders(session: Session, round_id: int, marks: Sequence[str]) -> list[KeyHolder]:
    """Return the holders of marks, in their order; a replaced or unknown share is refused."""
    current = {holder.share_mark: holder for holder in holders_of(session, round_id)}
    replaced = {holder.share_mark: holder for holder in all_holders(session, round_id)}
    present = []
    for number, mark in enumerate(marks, start=1):
        if mark not in current:
            if mark in replaced:
                raise WrongShares(
                    f"Del {number} är ersatt av en nyare. {replaced[mark].name} ska ha fått en ny del "
                    f"(omgång {present_generation(session, round_id)} av delarna)."
                )
            raise WrongShares(f"Del {number} hör inte till den här omgången. Ta fram rätt papper.")
        present.append(current[mark])
    return present
