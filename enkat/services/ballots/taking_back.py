"""Taking an answer back, as long as the round is open and with the code that sent it."""

from sqlalchemy import CursorResult, delete
from sqlalchemy.orm import Session

from enkat.ballots.derivation import CodeKeys
from enkat.ballots.drafts import DamagedDraft, decrypt_receipt
from enkat.ballots.vocabulary import Mode
from enkat.clock import Clock, iso_week, today
from enkat.records.ballots import Receipt, SealedBallot
from enkat.records.invitations import add_to_week, find_by_code, mark_open_again
from enkat.records.writing import writing
from enkat.services.ballots.code_entry import CodeRefused
from enkat.services.ballots.rounds import find_round, lock_round, require_open
from enkat.services.faults import Fault


class NotTakenBackFault(Fault):
    """The answer cannot be taken back with this code."""


def take_back(session: Session, clock: Clock, *, round_id: int, keys: CodeKeys) -> None:
    """Delete the sealed ballot and open the invitation again, in one transaction. No time is kept.

    Raises
    ------
    NotTakenBackFault
        Another code sent the answer, none has come, or the receipt is damaged; the sentence names the phone.
    RoundClosedFault
        The round is closed: the answers are locked.
    """
    phone = find_round(session, round_id).phone
    call = f"Ring {phone}, så hjälper vi dig." if phone else "Ring oss, så hjälper vi dig."
    with writing(session):
        require_open(lock_round(session, round_id), clock)
        invitation = find_by_code(session, round_id, keys.lookup)
        if invitation is None:
            raise CodeRefused(f"Koden gäller inte längre. {call}")
        receipt = session.get(Receipt, keys.draft_id)
        if receipt is None:
            raise NotTakenBackFault(f"Det finns inget svar som den här koden kan ta tillbaka. {call}")
        try:
            ballot_id = decrypt_receipt(keys, receipt.content)
        except DamagedDraft as fault:
            raise NotTakenBackFault(f"Svaret kan inte tas tillbaka med den här koden. {call}") from fault
        gone = session.execute(
            delete(SealedBallot)
            .where(SealedBallot.id == ballot_id, SealedBallot.round_id == round_id)
            .execution_options(synchronize_session=False)
        )
        found = isinstance(gone, CursorResult) and gone.rowcount == 1
        if not found or not mark_open_again(session, invitation.id):
            raise NotTakenBackFault(f"Svaret kan inte tas tillbaka. {call}")
        session.delete(receipt)
        add_to_week(session, invitation, iso_week(today(clock)), Mode.WEB, taken_back=1)
