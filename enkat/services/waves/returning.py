"""What comes back: e-mail that found no mailbox, and letters that the post returned.

A bounce is a report on delivery (RFC 3464) that quotes one of our Message-IDs. It only says that this address does not
work: the person may still be reached by letter. A letter in return makes the invitation undeliverable.
"""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.invitations import InvitationStatus
from enkat.records.waves import RecipientState, WaveRecipient
from enkat.records.writing import writing
from enkat.services.rounds.correcting import correct_invitation
from enkat.settings import Settings

IDENTITY = re.compile(rb"<enkat-([0-9a-f]{32})@")
STATUS = re.compile(r"5\.\d{1,3}\.\d{1,3}")
MOST_BYTES = 1 << 20
BOUNCED = "Mejlet kom i retur ({status})."
RETURNED = "brevet kom i retur"


def returned_mail(settings: Settings) -> list[Path]:
    """Return the files in the folder of returned mail, its `new` of a Maildir too; [] without one."""
    folder = settings.bounce_dir
    if folder is None or not folder.is_dir():
        return []
    places = [folder, folder / "new"]
    return sorted(path for place in places if place.is_dir() for path in place.iterdir() if path.is_file())


def _status_of(message: EmailMessage) -> str | None:
    """Return the status of a failed delivery that a message reports for good; None where it reports none."""
    if message.get_content_type() != "multipart/report":
        return None
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            for block in part.get_payload():
                if isinstance(block, EmailMessage) and str(block["Action"] or "").strip().casefold() == "failed":
                    found = STATUS.fullmatch(str(block["Status"] or "").strip())
                    return found[0] if found else None
    return None


def _bounces(settings: Settings) -> Iterator[tuple[Path, bytes, str]]:
    """Yield each bounce with the identity of our message and the status; what is none is left where it lies."""
    for path in returned_mail(settings):
        if path.stat().st_size > MOST_BYTES:
            continue
        content = path.read_bytes()
        parsed = email.message_from_bytes(content, policy=email.policy.default)
        named = IDENTITY.search(content)
        if named is not None and isinstance(parsed, EmailMessage) and (status := _status_of(parsed)):
            yield path, bytes.fromhex(named[1].decode()), status


def read_bounces(session: Session, settings: Settings) -> int:
    """Note the e-mail that came back, and delete the reports, which hold addresses; return how many they were."""
    noted = 0
    for path, identity, status in _bounces(settings):
        with writing(session):
            row = session.get(WaveRecipient, identity)
            if row is not None and row.state in {RecipientState.HANDED, RecipientState.UNCERTAIN}:
                row.state, row.fault = RecipientState.BOUNCED, BOUNCED.format(status=status)
                noted += 1
        path.unlink()
    return noted


def note_returned_letter(session: Session, clock: Clock, invitation_id: bytes, account_id: int | None) -> bool:
    """Note that the post returned a person's letter; tell whether it changed anything: an answer may have come."""
    return correct_invitation(
        session,
        clock,
        invitation_id,
        new_status=InvitationStatus.UNDELIVERABLE,
        reason=RETURNED,
        account_id=account_id,
    )
