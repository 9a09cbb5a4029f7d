"""What those who ask have done in a round: from counters only, never from answers."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.languages import sv_key
from enkat.records.accounts import Account
from enkat.records.calls import CallOutcome, InterviewerProfile, outcome_counts


@dataclass(frozen=True, slots=True)
class InterviewerLine:
    """One interviewer's calls in a round, by how they ended."""

    name: str
    organisation: str
    outcomes: dict[CallOutcome, int]

    @property
    def calls(self) -> int:
        """All calls and visits."""
        return sum(self.outcomes.values())

    @property
    def interviewed(self) -> int:
        """How many answered."""
        return self.outcomes.get(CallOutcome.INTERVIEWED, 0)


def interviewer_report(session: Session, round_id: int) -> list[InterviewerLine]:
    """Return a line per interviewer, by name."""
    counts = outcome_counts(session, round_id)
    query = (
        select(Account.id, Account.name, InterviewerProfile.organisation)
        .outerjoin(InterviewerProfile, InterviewerProfile.account_id == Account.id)
        .where(Account.id.in_({account_id for account_id, _ in counts}))
    )
    lines = [
        InterviewerLine(
            name, organisation or "", {outcome: n for (number, outcome), n in counts.items() if number == account_id}
        )
        for account_id, name, organisation in session.execute(query)
    ]
    return sorted(lines, key=lambda line: sv_key(line.name))
