"""Invitations: who is asked and whether an answer has come. Never when, never what."""

import enum
from datetime import date
from typing import Any, Protocol

from sqlalchemy import (
    CheckConstraint,
    CursorResult,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    Update,
    bindparam,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from enkat.ballots.vocabulary import AgeGroup, Mode, Sex
from enkat.instruments.vocabulary import ServiceType
from enkat.records.base import Base, by_value, random_id, table_of
from enkat.records.upserts import add_to


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


def find_by_code(session: Session, round_id: int, lookup: bytes) -> Invitation | None:
    """Return the invitation of a live code, within one round."""
    return session.scalar(
        select(Invitation)
        .join(InvitationCode, InvitationCode.invitation_id == Invitation.id)
        .where(InvitationCode.lookup == lookup, InvitationCode.live, Invitation.round_id == round_id)
    )


_invitation = table_of(Invitation)
_MARK_SENT = (
    update(_invitation)
    .where(
        _invitation.c.id == bindparam("of_invitation"),
        _invitation.c.status.in_(MAY_SEND),
        _invitation.c.unit_id == bindparam("of_unit"),
        _invitation.c.snapshot_sha256 == bindparam("of_snapshot"),
        exists().where(
            InvitationCode.lookup == bindparam("lookup"),
            InvitationCode.invitation_id == bindparam("of_invitation"),
            InvitationCode.live,
        ),
    )
    .values(status=InvitationStatus.SENT)
)


def mark_sent(session: Session, invitation_id: bytes, *, lookup: bytes, unit_id: int, snapshot_sha256: str) -> bool:
    """Mark an invitation sent if it may still send, the code lives and unit and instrument are these; tell whether."""
    values = {"of_invitation": invitation_id, "lookup": lookup, "of_unit": unit_id, "of_snapshot": snapshot_sha256}
    marked: int = session.connection().execute(_MARK_SENT, values).rowcount
    return marked == 1


def mark_open_again(session: Session, invitation_id: bytes) -> bool:
    """Mark a sent invitation open again; tell whether exactly this call did it."""
    return _changed(
        session,
        update(Invitation)
        .where(Invitation.id == invitation_id, Invitation.status == InvitationStatus.SENT)
        .values(status=InvitationStatus.OPEN),
    )


def set_status(session: Session, invitation_id: bytes, old: InvitationStatus, new: InvitationStatus) -> bool:
    """Set an invitation's status if it still is `old`; tell whether. Inside `writing`."""
    statement = update(Invitation).where(Invitation.id == invitation_id, Invitation.status == old).values(status=new)
    return _changed(session, statement)


def _changed(session: Session, statement: Update) -> bool:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return isinstance(result, CursorResult) and result.rowcount == 1


def count_by_status(session: Session, round_id: int) -> dict[InvitationStatus, int]:
    """Return how many invitations of a round stand where."""
    rows = session.execute(
        select(Invitation.status, func.count()).where(Invitation.round_id == round_id).group_by(Invitation.status)
    )
    return {status: n for status, n in rows}  # noqa: C416 - a row is no tuple to the type checker


def sent_by_unit(session: Session, round_id: int) -> dict[int, int]:
    """Return how many invitations of each unit are sent."""
    rows = session.execute(
        select(Invitation.unit_id, func.count())
        .where(Invitation.round_id == round_id, Invitation.status == InvitationStatus.SENT)
        .group_by(Invitation.unit_id)
    )
    return {unit_id: n for unit_id, n in rows}  # noqa: C416 - as above


def response_cells(session: Session, round_id: int) -> list[dict[str, Any]]:
    """Return how the invitations of each cell stand: rows of `response`."""
    cell = (
        Invitation.round_id,
        Invitation.unit_id,
        Invitation.sex,
        Invitation.age_group,
        Invitation.service,
        Invitation.status,
    )
    statement = select(*cell, func.count().label("n")).where(Invitation.round_id == round_id).group_by(*cell)
    return [dict(row._mapping) for row in session.execute(statement)]  # noqa: SLF001 - its public name


class HasPlace(Protocol):
    """What belongs to a unit in a round."""

    @property
    def round_id(self) -> int:
        """The round."""

    @property
    def unit_id(self) -> int:
        """The unit."""


def add_to_week(session: Session, invitation: HasPlace, week: str, mode: Mode, **increments: int) -> None:
    """Add to the weekly counters of an invitation's unit: `accepted`, `taken_back` or `duplicate_refused`."""
    key = {"round_id": invitation.round_id, "unit_id": invitation.unit_id, "week": week, "mode": mode}
    add_to(session, WeeklyCount, key, {"accepted": 0, "taken_back": 0, "duplicate_refused": 0} | increments)
