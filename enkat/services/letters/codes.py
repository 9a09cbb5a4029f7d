"""Making codes: the single place where a code's row is written. The code itself is returned and kept nowhere."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import insert
from sqlalchemy.orm import Session

from enkat.ballots.codes import new_code
from enkat.ballots.derivation import derive
from enkat.records.invitations import CodeKind, InvitationCode
from enkat.records.letters_queries import known_lookups
from enkat.records.rounds import SurveyRound
from enkat.records.writing import writing
from enkat.services.faults import ConflictFault
from enkat.services.rounds.opening import secret_name
from enkat.settings import Secrets

WORKERS = 2
"""scrypt leaves Python's lock, so threads use further cores; each holds 8 MiB at the production cost."""
TRIES = 5


def _derived(secret: bytes, log2_n: int, count: int) -> list[tuple[str, bytes]]:
    codes = [new_code() for _ in range(count)]
    if count == 1:
        return [(codes[0], derive(codes[0], secret, log2_n).lookup)]
    with ThreadPoolExecutor(WORKERS) as pool:
        lookups = list(pool.map(lambda code: derive(code, secret, log2_n).lookup, codes))
    return list(zip(codes, lookups, strict=True))


def fresh_codes(session: Session, secrets: Secrets, round_: SurveyRound, count: int) -> list[tuple[str, bytes]]:
    """Return so many codes that nobody has, each with its look-up id; slow, so outside `writing`, and not yet written.

    Raises
    ------
    ConflictFault
        Before the round is opened.
    """
    if round_.promise is None or round_.scrypt_log2_n is None:
        raise ConflictFault("Koder görs först när omgången är öppnad.")
    secret, log2_n = secrets.get(secret_name(round_.id)), round_.scrypt_log2_n
    for _ in range(TRIES):
        made = _derived(secret, log2_n, count)
        lookups = [lookup for _, lookup in made]
        if len(set(lookups)) == count and not known_lookups(session, lookups):
            break
    return made


def make_codes(
    session: Session,
    secrets: Secrets,
    round_: SurveyRound,
    invitation_ids: Sequence[bytes],
    kind: CodeKind,
    *,
    batch_id: int | None = None,
) -> list[str]:
    """Make one code per invitation, in one short write; the slow derivation happens before it.

    Parameters
    ----------
    invitation_ids
        At most some hundreds at a time, so that nobody waits for the write.
    batch_id
        The batch of letters the codes belong to.

    Returns
    -------
    list of str
        16 digits each, in the order of `invitation_ids`. They stand nowhere else.
    """
    made = fresh_codes(session, secrets, round_, len(invitation_ids))
    rows = [
        {"lookup": lookup, "invitation_id": invitation_id, "kind": kind, "live": True, "batch_id": batch_id}
        for (_, lookup), invitation_id in zip(made, invitation_ids, strict=True)
    ]
    if rows:
        with writing(session):
            session.execute(insert(InvitationCode), rows)
    return [code for code, _ in made]


def make_code(
    session: Session, secrets: Secrets, round_: SurveyRound, invitation_id: bytes, kind: CodeKind = CodeKind.LETTER
) -> str:
    """Make one further live code of an invitation and return its 16 digits; see `make_codes`."""
    return make_codes(session, secrets, round_, [invitation_id], kind)[0]
