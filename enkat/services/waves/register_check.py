"""The check against the register before each wave: nobody is written to who has died, moved or lost the help.

A check only sets what the register says, as a correction with its reason; a person who comes back into the register
stands where they stood. An answer that has come stays.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from enkat.clock import Clock, local_date, today
from enkat.records.clients import LeavingReason
from enkat.records.invitations import InvitationCorrection, InvitationStatus, set_status
from enkat.records.waves_queries import (
    invitations_that_came_back,
    invitations_that_left,
    protect_invitations,
    register_read_at,
    waiting_at_closed_units,
)
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.rounds.correcting import STATUS_WORDS

NOTE = "Kontroll mot registret:"
FRESH_DAYS = 7
"""A register read longer ago than this does not know who has died or moved since."""
CHUNK = 200
STATUS_OF = {
    LeavingReason.DECEASED: InvitationStatus.DECEASED,
    LeavingReason.MOVED: InvitationStatus.MOVED,
    LeavingReason.ENDED: InvitationStatus.NO_LONGER_CLIENT,
    None: InvitationStatus.NO_LONGER_CLIENT,
}
Change = tuple[bytes, InvitationStatus, InvitationStatus]


def _apply(session: Session, day: date, changes: Sequence[Change], reason: str) -> Counter[InvitationStatus]:
    """Set statuses where they still are what they were; a row of correction each, some hundred at a time."""
    done: Counter[InvitationStatus] = Counter()
    for start in range(0, len(changes), CHUNK):
        with writing(session):
            for invitation_id, old, new in changes[start : start + CHUNK]:
                if not set_status(session, invitation_id, old, new):
                    continue
                done[new] += 1
                session.add(
                    InvitationCorrection(
                        invitation_id=invitation_id,
                        corrected_on=day,
                        old_status=old,
                        new_status=new,
                        reason=f"{NOTE} {reason or STATUS_WORDS[new]}.",
                    )
                )
    return done


def check_register(session: Session, clock: Clock, round_id: int) -> dict[str, Any]:
    """Take out who has left the register, take back who is there again, and return what was found, as plain values."""
    day = today(clock)
    left = [(one, old, STATUS_OF[reason]) for one, old, reason in invitations_that_left(session, round_id)]
    gone = _apply(session, day, left, "")
    back = invitations_that_came_back(session, round_id, NOTE)
    returned = _apply(session, day, back, "personen finns i registret igen")
    with writing(session):
        protected = protect_invitations(session, round_id)
        found = {
            "left": {status.value: number for status, number in sorted(gone.items())},
            "back": returned.total(),
            "protected": protected,
            "closed_units": [list(row) for row in waiting_at_closed_units(session, round_id, day)],
            "register_read_on": _read_on(session),
        }
        details = {name: value for name, value in found.items() if name != "closed_units"}
        record(
            session,
            clock,
            account_id=None,
            action="round.register_checked",
            subject=f"round:{round_id}",
            details=details,
        )
    return found


def _read_on(session: Session) -> str | None:
    read = register_read_at(session)
    return local_date(read).isoformat() if read else None


def stale_register(checked: dict[str, Any], day: date) -> str | None:
    """Return what to say of a register that was read too long ago; None while it is fresh."""
    read_on = checked.get("register_read_on")
    if read_on is None:
        return "Ingen fil med brukare har lästs in. Läs in ett uttag och bygg om listan, eller bekräfta den som den är."
    age = (day - date.fromisoformat(read_on)).days
    if age <= FRESH_DAYS:
        return None
    return (
        f"Registret lästes in {read_on}, för {age} dagar sedan. Någon kan ha avlidit eller flyttat sedan dess. "
        "Läs in ett nytt uttag och bygg om listan, eller bekräfta den som den är."
    )
