"""Reissuing: a batch that got stuck in the printer, and a single letter that was lost.

Letters that never left the house must not work if somebody finds them among the waste, so the codes of a jammed batch
die. Where some of them did leave, the whole batch stays alive: a second letter to the same person answers the same
invitation, and the first answer closes all its codes. A single code dies only when its letter is reported lost.
"""

from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.invitations import Invitation
from enkat.records.letters import BatchState, LetterBatch
from enkat.records.letters_queries import kill_codes, kill_codes_of, release_codes, wave_of_batch
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import ConflictFault, NotFoundFault
from enkat.services.letters.erasing import shred
from enkat.services.letters.files import existing_file
from enkat.services.letters.ordering import ShopFile, get_batch, order_letters
from enkat.settings import Settings

JAMMABLE = (BatchState.READY, BatchState.PRINTED, BatchState.ERASED)


def reissue_batch(
    session: Session,
    clock: Clock,
    settings: Settings,
    batch_id: int,
    *,
    some_left: bool = False,
    shop_file: ShopFile = "csv",
    account_id: int | None,
) -> LetterBatch:
    """Order a batch again with new codes for those who still may get a letter.

    Parameters
    ----------
    some_left
        Whether some letters of the batch may have reached people. If not, its codes die.

    Raises
    ------
    ConflictFault
        If the batch is not made yet, or was reissued before.
    """
    with writing(session):
        batch = get_batch(session, batch_id)
        if batch.state not in JAMMABLE or batch.protected:
            raise ConflictFault("Utskicket kan inte göras om. Välj ett som är klart eller utskrivet.")
        path = existing_file(settings, batch)
        batch.state, batch.file_name = BatchState.JAMMED, None
        codes = release_codes(session, batch_id) if some_left else kill_codes(session, batch_id)
        details, subject = {"codes": codes, "dead": not some_left}, f"letter_batch:{batch_id}"
        record(session, clock, account_id=account_id, action="letters.jammed", subject=subject, details=details)
        again = order_letters(
            session,
            clock,
            batch.round_id,
            batch.format,
            district_id=batch.district_id,
            unit_id=batch.unit_id,
            kind=batch.kind,
            shop_file=shop_file,
            questionnaire=batch.questionnaire,
            account_id=account_id,
            replaces_id=batch.id,
            wave=wave_of_batch(session, batch.id),
        )
    if path is not None:
        shred(path)
    return again


def report_lost(session: Session, clock: Clock, invitation_id: bytes, account_id: int | None) -> int:
    """Make the codes of an invitation dead because its letter was lost, and return how many.

    The person is then among those who have no letter. What was begun with a dead code cannot be continued.
    """
    with writing(session):
        invitation = session.get(Invitation, invitation_id)
        if invitation is None:
            raise NotFoundFault("Inbjudan finns inte.")
        if not invitation.status.may_send:
            raise ConflictFault("Ett svar har redan kommit. Koden behöver inte stoppas.")
        count = kill_codes_of(session, invitation_id)
        subject = f"round:{invitation.round_id}"
        record(
            session,
            clock,
            account_id=account_id,
            action="letters.reported_lost",
            subject=subject,
            details={"codes": count},
        )
    return count
