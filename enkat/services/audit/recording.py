"""Adding to the audit log: one chain of digests under a locked head row."""

import hashlib
import json
import secrets
from typing import Any

from sqlalchemy.orm import Session

from enkat.clock import Clock, require_aware
from enkat.records.audit import AuditEntry, lock_head
from enkat.records.writing import writing

SALT = "_salt"
"""Stands among an entry's details, so that what was erased cannot be guessed back from the digest that stays."""


def canonical(value: Any) -> str:
    """Return `value` as JSON in the one form that digests are made of."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of_details(details: dict[str, Any]) -> str:
    """Return the digest of an entry's details, salt included."""
    return hashlib.sha256(canonical(details).encode()).hexdigest()


def digest_of_entry(entry: AuditEntry) -> str:
    """Return the digest that chains an entry to the one before it."""
    parts = [
        entry.sequence,
        entry.happened_at.isoformat(),
        entry.account_id,
        entry.action,
        entry.subject,
        entry.details_digest,
        entry.previous_digest,
    ]
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def record(
    session: Session,
    clock: Clock,
    *,
    account_id: int | None,
    action: str,
    subject: str,
    details: dict[str, Any] | None = None,
) -> AuditEntry:
    """Add an entry; call it last inside `writing`, so that others wait for the head as short as may be.

    Parameters
    ----------
    account_id
        Who acted; None for the system itself.
    action
        What was done, in dotted English: `account.created`, `register.applied`, `results.exported`.
    subject
        What it concerned, as `kind:id`, for example `account:7` or `round:2`.
    details
        Further facts as JSON values. Never an answer, a code, a secret or a respondent's moment.
    """
    with writing(session):
        session.flush()
        head = lock_head(session)
        salted = {**(details or {}), SALT: secrets.token_hex(16)}
        entry = AuditEntry(
            sequence=head.sequence + 1,
            happened_at=require_aware(clock()),
            account_id=account_id,
            action=action,
            subject=subject,
            details=salted,
            details_digest=digest_of_details(salted),
            previous_digest=head.digest,
        )
        entry.digest = digest_of_entry(entry)
        session.add(entry)
        head.sequence, head.digest = entry.sequence, entry.digest
        session.flush()
    return entry
