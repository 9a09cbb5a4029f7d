"""What must be put right, and told, after a restore."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from enkat.records.invitations import Invitation, InvitationCode, InvitationStatus
from enkat.records.jobs import Job, JobState
from enkat.records.outbox import MessageState, OutboxMessage
from enkat.records.rounds import RoundState, SurveyRound
from enkat.settings import Secrets

REASON = "Inte utfört: databasen återlästes från en säkerhetskopia."


@dataclass(frozen=True)
class OpenRound:
    """A round that was open or waiting for its count when the backup was made."""

    short_name: str
    state: RoundState
    codes: int
    sent: int
    secret_missing: bool

    def sentences(self, made_at: datetime) -> list[str]:
        """Say what the restore means for this round and what to do."""
        day = f"{made_at:%Y-%m-%d %H:%M} UTC"
        if self.state is not RoundState.OPEN:
            told = [f"Omgång {self.short_name} är stängd men inte räknad. Urnan är återläst med {self.sent} svar."]
        else:
            told = [
                f"Omgång {self.short_name} är öppen. Den har {self.codes} koder och {self.sent} mottagna svar.",
                f"Brev som gjordes efter {day} har koder som inte fungerar. Gör de breven på nytt.",
                f"Svar som kom efter {day} är borta, fast de som svarade fick ett tack.",
                "De som svarade då har öppna inbjudningar igen. Skriv till alla som är öppna och be dem svara på nytt.",
            ]
        if self.secret_missing:
            told.append(
                f"Kodhemligheten för omgång {self.short_name} saknas. Ingen kod fungerar förrän den är återställd."
            )
        return told


@dataclass(frozen=True)
class Aftermath:
    """What was stopped, and what people must know."""

    jobs_stopped: int
    messages_stopped: int
    rounds: tuple[OpenRound, ...]
    made_at: datetime

    @property
    def sentences(self) -> list[str]:
        """Everything there is to know and do, a sentence each."""
        told = [sentence for one in self.rounds for sentence in one.sentences(self.made_at)]
        if self.jobs_stopped:
            told.append(f"{self.jobs_stopped} jobb som väntade har stoppats. Beställ det som behövs på nytt.")
        if self.messages_stopped:
            told.append(f"{self.messages_stopped} mejl som väntade skickas inte. Bjud in dem det gäller på nytt.")
        return told

    def as_content(self) -> dict[str, Any]:
        """Return the facts for the protocol."""
        return {
            "jobs_stopped": self.jobs_stopped,
            "messages_stopped": self.messages_stopped,
            "rounds": [one.short_name for one in self.rounds],
            "consequences": self.sentences,
        }


def _changed(result: Any) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0


def _open_round(session: Session, secrets: Secrets, one: SurveyRound) -> OpenRound:
    in_round = Invitation.round_id == one.id
    codes = session.scalar(
        select(func.count())
        .select_from(InvitationCode)
        .join(Invitation, Invitation.id == InvitationCode.invitation_id)
        .where(in_round, InvitationCode.live)
    )
    sent = session.scalar(
        select(func.count()).select_from(Invitation).where(in_round, Invitation.status == InvitationStatus.SENT)
    )
    return OpenRound(one.short_name, one.state, codes or 0, sent or 0, not secrets.exists(f"round_{one.id}"))


def put_right(session: Session, secrets: Secrets, made_at: datetime) -> Aftermath:
    """Stop jobs and messages that may have been done since the backup, and tell what open rounds lost."""
    unfinished = (JobState.QUEUED, JobState.RUNNING)
    jobs = session.execute(
        update(Job)
        .where(Job.state.in_(unfinished))
        .values(state=JobState.FAILED, message=REASON, leased_until=None)
        .execution_options(synchronize_session=False)
    )
    messages = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state == MessageState.WAITING)
        .values(state=MessageState.FAILED, fault=REASON)
        .execution_options(synchronize_session=False)
    )
    living = select(SurveyRound).where(SurveyRound.state.in_((RoundState.OPEN, RoundState.CLOSED)))
    rounds = session.scalars(living.order_by(SurveyRound.id)).all()
    return Aftermath(
        _changed(jobs), _changed(messages), tuple(_open_round(session, secrets, one) for one in rounds), made_at
    )
