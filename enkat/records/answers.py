"""What the count writes: answers and tallies by kept class. No time, no running number, no person."""

import enum
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, Row, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from enkat.ballots.vocabulary import AgeGroup, KeptLevel, KeptWho, Sex
from enkat.instruments.vocabulary import ServiceType
from enkat.records.base import Base, by_value, random_id
from enkat.records.invitations import InvitationStatus


class KeptClass(Base):
    """A class of at least five ballots: all that remains known about who gave an answer."""

    __tablename__ = "kept_class"
    __table_args__ = (
        CheckConstraint("n >= 5", name="n"),
        CheckConstraint("(level = 'unit') = (unit_id IS NOT NULL)", name="unit"),
        CheckConstraint("level <> 'district' OR district_id IS NOT NULL", name="district"),
        Index("ix_kept_class_round_id_unit_id", "round_id", "unit_id"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, default=random_id)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"))
    level: Mapped[KeptLevel] = mapped_column(by_value(KeptLevel, "level"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"), index=True)
    snapshot_sha256: Mapped[str] = mapped_column(ForeignKey("instrument_snapshot.sha256"), index=True)
    services: Mapped[list[str]] = mapped_column(JSON)
    sexes: Mapped[list[str]] = mapped_column(JSON)
    age_groups: Mapped[list[str]] = mapped_column(JSON)
    who: Mapped[KeptWho] = mapped_column(by_value(KeptWho, "who"))
    n: Mapped[int]


class ClassMargin(Base):
    """Respondents of a kept class by sex and age group, counted from the opened ballots, for calibration."""

    __tablename__ = "class_margin"
    __table_args__ = ({"sqlite_with_rowid": False},)

    kept_class_id: Mapped[bytes] = mapped_column(ForeignKey("kept_class.id"), primary_key=True)
    sex: Mapped[Sex] = mapped_column(by_value(Sex, "sex"), primary_key=True)
    age_group: Mapped[AgeGroup] = mapped_column(by_value(AgeGroup, "age_group"), primary_key=True)
    n: Mapped[int]


class Answer(Base):
    """One counted ballot: option codes in the order of the instrument's choice questions, as signed bytes."""

    __tablename__ = "answer"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, default=random_id)
    kept_class_id: Mapped[bytes] = mapped_column(ForeignKey("kept_class.id"), index=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class Tally(Base):
    """How many in a kept class chose an option (or left it, by typed missing)."""

    __tablename__ = "tally"
    __table_args__ = (CheckConstraint("n > 0", name="n"), {"sqlite_with_rowid": False})

    kept_class_id: Mapped[bytes] = mapped_column(ForeignKey("kept_class.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    code: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int]


class CollectionDimension(enum.StrEnum):
    """How an answer came, told only in tallies apart from the answers."""

    MODE = "mode"
    LANGUAGE = "language"
    HELPER = "helper"
    INTERVIEWER = "interviewer"


class CollectionTally(Base):
    """Answers by mode, language, helper or interviewer; groups under five are joined."""

    __tablename__ = "collection_tally"
    __table_args__ = (
        CheckConstraint("n > 0", name="n"),
        Index("ix_collection_tally_round_id", "round_id"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, default=random_id)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    """None: units that are too small, joined."""
    dimension: Mapped[CollectionDimension] = mapped_column(by_value(CollectionDimension, "dimension"))
    category: Mapped[str] = mapped_column(String(80))
    """One value, or several joined by "+"."""
    question_id: Mapped[str] = mapped_column(String(60))
    code: Mapped[int]
    n: Mapped[int]


class Response(Base):
    """How the invitations of a cell ended: the response rate's source."""

    __tablename__ = "response"
    __table_args__ = (CheckConstraint("n > 0", name="n"), {"sqlite_with_rowid": False})

    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    sex: Mapped[Sex] = mapped_column(by_value(Sex, "sex"), primary_key=True)
    age_group: Mapped[AgeGroup] = mapped_column(by_value(AgeGroup, "age_group"), primary_key=True)
    service: Mapped[ServiceType] = mapped_column(by_value(ServiceType, "service"), primary_key=True)
    status: Mapped[InvitationStatus] = mapped_column(by_value(InvitationStatus, "status"), primary_key=True)
    n: Mapped[int]


class FreeTextState(enum.StrEnum):
    """What the named reader decided."""

    UNREAD = "unread"
    RELEASED = "released"
    WITHHELD = "withheld"
    WORRYING = "worrying"


class FreeText(Base):
    """A free text, apart from its ballot; seen by nobody but the named reader until released."""

    __tablename__ = "free_text"
    __table_args__ = (Index("ix_free_text_round_id_state", "round_id", "state"), {"sqlite_with_rowid": False})

    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, default=random_id)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    question_id: Mapped[str] = mapped_column(String(60))
    content: Mapped[str] = mapped_column(Text)
    masked: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[FreeTextState] = mapped_column(by_value(FreeTextState, "state"), default=FreeTextState.UNREAD)


def kept_classes_of(session: Session, round_id: int) -> Sequence[KeptClass]:
    """Return a round's kept classes."""
    return session.scalars(select(KeptClass).where(KeptClass.round_id == round_id)).all()


def tally_of(session: Session, round_ids: Collection[int]) -> Sequence[Row[bytes, str, int, int]]:
    """Return (kept class, question, option code, n) of some rounds, in one pass."""
    return session.execute(
        select(Tally.kept_class_id, Tally.question_id, Tally.code, Tally.n)
        .join(KeptClass, KeptClass.id == Tally.kept_class_id)
        .where(KeptClass.round_id.in_(round_ids))
    ).all()


def classes_with_margins(session: Session, round_ids: Collection[int]) -> Sequence[Row[KeptClass, Sex, AgeGroup, int]]:
    """Return (kept class, sex, age group, respondents) of some rounds, in one statement."""
    return session.execute(
        select(KeptClass, ClassMargin.sex, ClassMargin.age_group, ClassMargin.n)
        .join(ClassMargin, ClassMargin.kept_class_id == KeptClass.id)
        .where(KeptClass.round_id.in_(round_ids))
    ).all()


def response_of(
    session: Session, round_ids: Collection[int]
) -> Sequence[Row[int, int, Sex, AgeGroup, ServiceType, InvitationStatus, int]]:
    """Return (round, unit, sex, age group, service, status, n) of some rounds' invitations."""
    key = (Response.unit_id, Response.sex, Response.age_group, Response.service, Response.status)
    return session.execute(select(Response.round_id, *key, Response.n).where(Response.round_id.in_(round_ids))).all()


def status_totals(session: Session, round_id: int) -> dict[InvitationStatus, int]:
    """Return how a round's invitations ended, all units together."""
    rows = session.execute(
        select(Response.status, func.sum(Response.n)).where(Response.round_id == round_id).group_by(Response.status)
    )
    return {status: int(n) for status, n in rows}


def vectors_of(session: Session, round_id: int, snapshot_sha256: str) -> Sequence[bytes]:
    """Return the answer vectors given to one instrument of a round, in no order that means anything."""
    return session.scalars(
        select(Answer.vector)
        .join(KeptClass, KeptClass.id == Answer.kept_class_id)
        .where(KeptClass.round_id == round_id, KeptClass.snapshot_sha256 == snapshot_sha256)
        .order_by(Answer.id)
    ).all()


def stream_answers(session: Session, round_id: int) -> Iterator[tuple[bytes, bytes]]:
    """Give (kept class, vector) of every row of a round, a thousand at a time, ordered by their random ids."""
    statement = (
        select(Answer.kept_class_id, Answer.vector)
        .join(KeptClass, KeptClass.id == Answer.kept_class_id)
        .where(KeptClass.round_id == round_id)
        .order_by(Answer.id)
        .execution_options(yield_per=1000)
    )
    for row in session.execute(statement):
        yield row[0], row[1]
