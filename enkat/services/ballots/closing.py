"""What the ballot box forgets when a round closes."""

from sqlalchemy import CursorResult, delete
from sqlalchemy.orm import Session

from enkat.records.ballots import Draft, Receipt


def forget_drafts_and_receipts(session: Session, round_id: int) -> tuple[int, int]:
    """Delete a round's drafts and receipts and return how many of each; inside the `writing` that closes the round.

    From then on nobody can take an answer back or find the ballot of a code.
    """
    counts = []
    for model in (Draft, Receipt):
        result = session.execute(
            delete(model).where(model.round_id == round_id).execution_options(synchronize_session=False)
        )
        counts.append(result.rowcount if isinstance(result, CursorResult) else 0)
    return counts[0], counts[1]
