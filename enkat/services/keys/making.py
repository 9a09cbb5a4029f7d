"""Making a round's key pair and handing out its shares. The private key exists only within one call."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from enkat.ballots.key_shares import LARGEST_N, share_mark, split
from enkat.ballots.sealing import new_key_pair
from enkat.clock import Clock
from enkat.records.accounts import Account, AccountState
from enkat.records.keys import KeyHolder
from enkat.records.retention import ProtocolKind
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.writing import writing
from enkat.services.accounts.rights import Right
from enkat.services.accounts.sessions import actor_of
from enkat.services.audit.recording import record
from enkat.services.ballots.rounds import find_round
from enkat.services.faults import ConflictFault, Fault
from enkat.services.keys.protocols import write_protocol


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who is to hold a share: a name, and the account where the person has one."""

    name: str
    account_id: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class IssuedShare:
    """A share to hand over on paper, shown once and never stored; `mark` recognises it later."""

    holder: str
    words: str
    mark: str


def named_holder(session: Session, line: str) -> Holder:
    """Return the holder that a line names; an e-mail address of an account stands for its person.

    Raises
    ------
    Fault
        If the address belongs to no account that may hold a key.
    """
    text = " ".join(line.split())
    if "@" not in text:
        return Holder(text)
    account = session.scalars(select(Account).where(Account.email == text.casefold())).one_or_none()
    if account is None or account.state is AccountState.CLOSED:
        raise Fault(f"Inget konto har adressen {text}. Skriv personens namn, eller bjud in personen först.", "names")
    if not actor_of(account).may(Right.HOLD_KEY):
        raise Fault(f"{account.name} har inte rollen nyckelinnehavare. Ge rollen först.", "names")
    return Holder(account.name, account.id)


def make_keys(
    session: Session, clock: Clock, round_id: int, *, holders: Sequence[Holder], needed: int, account_id: int | None
) -> list[IssuedShare]:
    """Make the key pair of a planned round, store the public key and return one share per holder.

    Made again before the round opens, new keys replace the earlier ones: nothing has been sealed yet.

    Raises
    ------
    ConflictFault
        The round is not planned.
    Fault
        The holders or the number needed make no sense.
    """
    check_holders(holders, needed)
    pair = new_key_pair()
    shares = split(pair.private, needed, len(holders))
    with writing(session):
        survey_round = find_round(session, round_id)
        if survey_round.state is not RoundState.PLANNED:
            raise ConflictFault("Nycklar görs innan omgången öppnar. Byt nyckelhållare i stället.")
        session.execute(
            delete(KeyHolder).where(KeyHolder.round_id == round_id).execution_options(synchronize_session=False)
        )
        survey_round.public_key = pair.public
        issued = add_generation(session, survey_round, holders, shares, generation=1, needed=needed)
        content = key_facts(survey_round, issued, 1)
        write_protocol(session, clock, round_id, ProtocolKind.KEYS, content)
        record(session, clock, account_id=account_id, action="keys.made", subject=f"round:{round_id}", details=content)
    return issued


def check_holders(holders: Sequence[Holder], needed: int) -> None:
    """Refuse holders without a name, twice the same, or a number needed that cannot work."""
    names = [holder.name.strip() for holder in holders]
    if not all(names):
        raise Fault("Varje nyckelhållare behöver ett namn.", "holders")
    if len({name.casefold() for name in names}) != len(names):
        raise Fault("Samma namn står två gånger. En person kan bara ha en del.", "holders")
    if not 1 <= needed <= len(names) <= LARGEST_N:
        raise Fault(f"Ange 1 till {LARGEST_N} nyckelhållare, och högst så många som behövs.", "needed")
    if needed == 1 and len(names) > 1:
        raise Fault("Minst två delar måste behövas när det finns flera nyckelhållare.", "needed")


def add_generation(
    session: Session,
    survey_round: SurveyRound,
    holders: Sequence[Holder],
    shares: Sequence[str],
    *,
    generation: int,
    needed: int,
) -> list[IssuedShare]:
    """Write the holders of a split of the key; inside `writing`."""
    issued = [
        IssuedShare(holder.name.strip(), share, share_mark(share))
        for holder, share in zip(holders, shares, strict=True)
    ]
    session.add_all(
        KeyHolder(
            round_id=survey_round.id,
            account_id=holder.account_id,
            name=share.holder,
            generation=generation,
            share_mark=share.mark,
        )
        for holder, share in zip(holders, issued, strict=True)
    )
    survey_round.key_threshold, survey_round.key_holders = needed, len(issued)
    session.flush()
    return issued


def key_facts(survey_round: SurveyRound, issued: Sequence[IssuedShare], generation: int) -> dict[str, object]:
    """Return what a protocol says about a split: who holds what, never a word of a share."""
    return {
        "round": survey_round.short_name,
        "public_key": survey_round.public_key.hex() if survey_round.public_key else "",
        "generation": generation,
        "needed": survey_round.key_threshold,
        "holders": [{"name": share.holder, "mark": share.mark} for share in issued],
    }
