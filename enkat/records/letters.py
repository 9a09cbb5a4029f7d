"""Batches of letters: files outside the database, made by a job that also makes the codes."""

import enum
from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from enkat.instruments.wording import Face
from enkat.records.base import Base, by_value
from enkat.records.invitations import CodeKind


class LetterFormat(enum.StrEnum):
    """Ready pages, or data for a print shop."""

    PDF = "pdf"
    PRINT_SHOP = "print_shop"


class QuestionnaireKind(enum.StrEnum):
    """How a questionnaire is printed: size of the text and face of the questions."""

    A4 = "a4"
    A4_EASY = "a4_easy"
    LARGE = "large"
    LARGE_EASY = "large_easy"

    @property
    def large(self) -> bool:
        """Whether the text is large."""
        return self in {QuestionnaireKind.LARGE, QuestionnaireKind.LARGE_EASY}

    @property
    def face(self) -> Face:
        """The face of the questions."""
        return Face.EASY if self in {QuestionnaireKind.A4_EASY, QuestionnaireKind.LARGE_EASY} else Face.PLAIN

    @property
    def label(self) -> str:
        """The Swedish name."""
        return ("stor stil" if self.large else "vanlig stil") + (", lättläst" if self.face is Face.EASY else "")


class BatchState(enum.StrEnum):
    """Where a batch stands."""

    ORDERED = "ordered"
    READY = "ready"
    PRINTED = "printed"
    JAMMED = "jammed"
    ERASED = "erased"


class LetterBatch(Base):
    """Letters to the open invitations of a district, a unit or the city."""

    __tablename__ = "letter_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), index=True)
    kind: Mapped[CodeKind] = mapped_column(by_value(CodeKind, "kind"), default=CodeKind.LETTER)
    format: Mapped[LetterFormat] = mapped_column(by_value(LetterFormat, "format"))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    questionnaire: Mapped[QuestionnaireKind | None] = mapped_column(by_value(QuestionnaireKind, "questionnaire"))
    """The form that lies with each letter; None = a letter alone."""
    protected: Mapped[bool] = mapped_column(default=False)
    """A single letter to a person with protected identity, handled by a named role."""
    state: Mapped[BatchState] = mapped_column(by_value(BatchState, "state"), default=BatchState.ORDERED)
    file_name: Mapped[str | None] = mapped_column(String(120))
    letters: Mapped[int] = mapped_column(default=0)
    ordered_on: Mapped[date]
    finished_on: Mapped[date | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("letter_batch.id"), index=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
