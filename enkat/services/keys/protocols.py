"""Writing a protocol: plain facts with a checksum, never changed."""

import hashlib
import json
from typing import Any

from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.retention import Protocol, ProtocolKind


def write_protocol(
    session: Session, clock: Clock, round_id: int | None, kind: ProtocolKind, content: dict[str, Any]
) -> Protocol:
    """Add a protocol of a round, or of the whole database; inside `writing`.

    Its SHA-256 is that of its content as canonical JSON.
    """
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    protocol = Protocol(
        round_id=round_id,
        kind=kind,
        written_on=today(clock),
        content=content,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    session.add(protocol)
    session.flush()
    return protocol
