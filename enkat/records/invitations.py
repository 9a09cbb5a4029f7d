"""Invitations: who is asked and whether an answer has come. Never when, never what."""

import enum
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from enkat.ballots.vocabulary import AgeGroup, Mode, Sex
from enkat.instruments.vocabulary import ServiceType
from enkat.records.base import Base, by_value, random_id


class InvitationStatus(enum.StrEnum):
    """Where an invitation stands; moments are never kept."""

    OPEN = "open"
    PAPER_RECEIVED = "paper_received"
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"
    REFUSED = "refused"
    UNABLE = "unable"
    OPTED_OUT = "opted_out"
    DECEASED = "deceased"
    MOVED = "moved"
    NO_LONGER_CLIENT = "no_longer_client"
    NEVER_ELIGIBLE = "never_eligible"
    DUPLICATE_PERSON = "duplicate_person"

    @property
    def ineligible(self) -> bool:
        """Whether the person stands outside the population."""
        return self in INELIGIBLE

    @property
    def may_send(self) -> bool:
        """Whether an answer may still be sent."""
        return self in MAY_SEND


INELIGIBLE = frozenset(
    {
        InvitationStatus.DECEASED,
        InvitationStatus.MOVED,
        InvitationStatus.NO_LONGER_CLIENT,
        InvitationStatus.NEVER_ELIGIBLE,
        InvitationStatus.DUPLICATE_PERSON,
    }
)
MAY_SEND = frozenset(
    {
        InvitationStatus.OPEN,
        InvitationStatus.UNDELIVERABLE,
        InvitationStatus.OPTED_OUT,
        InvitationStatus.REFUSED,
        InvitationStatus.UNABLE,
    }
)


class CodeKind(enum.StrEnum):
    """What a code was made for."""

    LETTER = "letter"
    REMINDER = "reminder"
    PHONE = "phone"
    FORM = "form"


class Invitation(Base):
    """One asked person (and service, where the round asks per service), with unit and class frozen."""

    __tablename__ = "invitation"
    __table_args__ = (
        Index("ix_invitation_round_id_unit_id_status", "round_id", "unit_id", "status"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, default=random_id)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"))
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"), index=True)
    """Emptied when the register is erased."""
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    service: Mapped[ServiceType] = mapped_column(by_value(ServiceType, "service"))
    sex: Mapped[Sex] = mapped_column(by_value(Sex, "sex"))
    age_group: Mapped[AgeGroup] = mapped_column(by_value(AgeGroup, "age_group"))
    snapshot_sha256: Mapped[str] = mapped_column(ForeignKey("instrument_snapshot.sha256"), index=True)
    status: Mapped[InvitationStatus] = mapped_column(
        by_value(InvitationStatus, "status"), default=InvitationStatus.OPEN
    )
    protected: Mapped[bool] = mapped_column(default=False)


class InvitationCode(Base):
    """A code as its look-up id: any number per invitation, live or dead."""

    __tablename__ = "invitation_code"
    __table_args__ = ({"sqlite_with_rowid": False},)

    lookup: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    invitation_id: Mapped[bytes] = mapped_column(ForeignKey("invitation.id"), index=True)
    kind: Mapped[CodeKind] = mapped_column(by_value(CodeKind, "kind"))
    live: Mapped[bool] = mapped_column(default=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("letter_batch.id"), index=True)


class InvitationCorrection(Base):
    """A correction of the frame during field work, with its reason."""

    __tablename__ = "invitation_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[bytes] = mapped_column(ForeignKey("invitation.id"), index=True)
    corrected_on: Mapped[date]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    old_status: Mapped[InvitationStatus | None] = mapped_column(by_value(InvitationStatus, "old_status"))
    new_status: Mapped[InvitationStatus | None] = mapped_column(by_value(InvitationStatus, "new_status"))
    old_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    new_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)


class WeeklyCount(Base):
    """Accepted, taken-back and refused-duplicate answers per unit, week and mode; counters apart from invitations."""

    __tablename__ = "weekly_count"
    __table_args__ = (CheckConstraint("accepted >= 0 AND taken_back >= 0 AND duplicate_refused >= 0", name="n"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    week: Mapped[str] = mapped_column(String(8), primary_key=True)
    mode: Mapped[Mode] = mapped_column(by_value(Mode, "mode"), primary_key=True)
    accepted: Mapped[int] = mapped_column(default=0)
    taken_back: Mapped[int] = mapped_column(default=0)
    duplicate_refused: Mapped[int] = mapped_column(default=0)
