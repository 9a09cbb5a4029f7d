"""Survey rounds: whom they ask, with which instruments, under which formal particulars."""

import enum
from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from enkat.ballots.vocabulary import AgeGroup, Sex
from enkat.instruments.comparability import Comparability
from enkat.instruments.vocabulary import ServiceType
from enkat.records.base import Base, by_value
from enkat.records.organisations import OperatingForm, Provider
from enkat.records.round_kinds import RULES, RoundKind


class RoundState(enum.StrEnum):
    """The life of a round."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"
    DESTROYED = "destroyed"


class FormPer(enum.StrEnum):
    """One form per person, or one per person and listed service."""

    PERSON = "person"
    SERVICE = "service"


class Design(enum.StrEnum):
    """Everybody is asked, or a stratified sample per unit."""

    CENSUS = "census"
    SAMPLE = "sample"


class SurveyRound(Base):
    """A round of a survey (undersökningsomgång)."""

    __tablename__ = "survey_round"
    __table_args__ = (
        CheckConstraint("closes_on >= opens_on", name="period"),
        CheckConstraint("threshold_internal >= 5 AND threshold_public >= threshold_internal", name="thresholds"),
        CheckConstraint("key_threshold >= 1 AND key_holders >= key_threshold", name="key_shares"),
        CheckConstraint("interval_years >= 1", name="interval_years"),
        CheckConstraint(f"kind <> 'staff' OR threshold_internal >= {RULES[RoundKind.STAFF].least}", name="least"),
        CheckConstraint("(kind = 'provider_own') = (provider_id IS NOT NULL)", name="provider"),
        CheckConstraint("loose_codes OR kind IN ('user_survey', 'relatives')", name="loose"),
        CheckConstraint("NOT loose_codes OR kind <> 'user_survey'", name="register"),
        CheckConstraint("second_keying_percent >= 0 AND second_keying_percent <= 100", name="second_keying"),
        CheckConstraint("keying_error_permille >= 0 AND keying_error_permille <= 1000", name="keying_error"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    short_name: Mapped[str] = mapped_column(String(20), unique=True)
    """Stands in letters and addresses: /o/<short_name>."""
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[RoundState] = mapped_column(by_value(RoundState, "state"), default=RoundState.PLANNED)
    kind: Mapped[RoundKind] = mapped_column(by_value(RoundKind, "kind"), default=RoundKind.USER_SURVEY)
    loose_codes: Mapped[bool] = mapped_column(default=False)
    """Codes are handed out per unit and belong to nobody; otherwise the register says who is asked."""
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"), index=True)
    """Whose own survey it is."""
    practice: Mapped[bool] = mapped_column(default=False)
    reference_date: Mapped[date]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    interval_years: Mapped[int] = mapped_column(default=4)
    form_per: Mapped[FormPer] = mapped_column(by_value(FormPer, "form_per"), default=FormPer.PERSON)
    design: Mapped[Design] = mapped_column(by_value(Design, "design"), default=Design.CENSUS)
    sample_seed: Mapped[int | None]
    frame_hash: Mapped[str | None] = mapped_column(String(64))
    minimum_age: Mapped[int | None]
    maximum_age: Mapped[int | None]
    include_only_alarm: Mapped[bool] = mapped_column(default=False)
    """Whether people whose only service is the safety alarm are asked."""
    languages: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["sv"])
    faces: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["plain", "easy", "proxy"])
    staff_may_help: Mapped[bool] = mapped_column(default=True)
    bookable_assistant: Mapped[str] = mapped_column(Text, default="")
    """How a frågeassistent is booked; needed where staff may not help."""
    codes_in_messages: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether e-mail and SMS carry a code; whoever reads the message could then answer in the person's place."""
    threshold_internal: Mapped[int] = mapped_column(default=5)
    threshold_public: Mapped[int] = mapped_column(default=7)
    release_plan: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Fixed before the count: {"breakdowns": ["sex", "operating_form", "without_proxies"], "protection": "closing"}."""
    supplements: Mapped[list[str]] = mapped_column(JSON, default=list)
    previous_round_id: Mapped[int | None] = mapped_column(ForeignKey("survey_round.id"), index=True)

    responsible_board: Mapped[str] = mapped_column(String(200), default="")
    frame_source: Mapped[str] = mapped_column(String(200), default="")
    legal_basis: Mapped[str] = mapped_column(Text, default="")
    dpo_contact: Mapped[str] = mapped_column(String(200), default="")
    registry_number: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    phone_hours: Mapped[str] = mapped_column(String(100), default="")
    urgent_phone: Mapped[str] = mapped_column(String(40), default="")
    complaint_phone: Mapped[str] = mapped_column(String(40), default="")
    complaint_address: Mapped[str] = mapped_column(String(200), default="")
    results_month: Mapped[str] = mapped_column(String(40), default="")
    return_address: Mapped[str] = mapped_column(Text, default="")
    """Where questionnaires on paper are sent back to; some lines."""
    second_keying_percent: Mapped[int] = mapped_column(default=10)
    """How many of a batch's sheets are keyed a second time, blind; 0 = none."""
    keying_error_permille: Mapped[int] = mapped_column(default=5)
    """A batch whose share of wrong fields is surely above this is keyed again."""

    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    key_threshold: Mapped[int] = mapped_column(default=2)
    key_holders: Mapped[int] = mapped_column(default=3)
    scrypt_log2_n: Mapped[int | None]
    promise: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The promise to respondents, frozen with the round's first code."""

    instruments: Mapped[list["RoundInstrument"]] = relationship(order_by="RoundInstrument.position")
    bridges: Mapped[list["RoundBridge"]] = relationship()
    provider: Mapped[Provider | None] = relationship()

    @property
    def series(self) -> tuple[RoundKind, int | None]:
        """What rounds must share to be compared: their kind and, of providers' own surveys, the provider."""
        return self.kind, self.provider_id

    @property
    def label(self) -> str:
        """What stands on every page and paper of a provider's own survey; empty for the city's rounds."""
        if self.provider is None:
            return ""
        return f"{self.kind.label.capitalize()}: {self.provider.name}"


class InstrumentSnapshot(Base):
    """The canonical text of an instrument as a round asked it; never changed."""

    __tablename__ = "instrument_snapshot"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    instrument_id: Mapped[str] = mapped_column(String(60))
    content: Mapped[str] = mapped_column(Text)


class RoundInstrument(Base):
    """The instrument that a round uses for a service; the order decides which one a person with several gets."""

    __tablename__ = "round_instrument"

    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), primary_key=True)
    service: Mapped[ServiceType] = mapped_column(by_value(ServiceType, "service"), primary_key=True)
    position: Mapped[int]
    instrument_id: Mapped[str] = mapped_column(String(60))
    snapshot_sha256: Mapped[str | None] = mapped_column(ForeignKey("instrument_snapshot.sha256"), index=True)
    """Set when the round opens."""


class RoundBridge(Base):
    """How a core question compares with the earlier round's: declared, with a reason."""

    __tablename__ = "round_bridge"

    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    comparability: Mapped[Comparability] = mapped_column(by_value(Comparability, "comparability"))
    reason: Mapped[str] = mapped_column(Text)


class RoundSample(Base):
    """How many a sampled unit is to be asked; units without a row are asked whole."""

    __tablename__ = "round_sample"
    __table_args__ = (CheckConstraint("size >= 1", name="size"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    size: Mapped[int]


class RoundHandout(Base):
    """How many loose codes a unit hands out, and to how many people; without `people` nobody knows how many."""

    __tablename__ = "round_handout"
    __table_args__ = (CheckConstraint("codes >= 1 AND (people IS NULL OR people >= 1)", name="n"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    codes: Mapped[int]
    people: Mapped[int | None]


class RoundUnit(Base):
    """A unit as it was on the round's reference date: results name this provider for ever."""

    __tablename__ = "round_unit"

    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    name: Mapped[str] = mapped_column(String(200))
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    provider_name: Mapped[str] = mapped_column(String(200))
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    district_name: Mapped[str] = mapped_column(String(100))
    operating_form: Mapped[OperatingForm] = mapped_column(by_value(OperatingForm, "operating_form"))


class FrameCount(Base):
    """How many the frame holds in a cell, asked or not."""

    __tablename__ = "frame_count"
    __table_args__ = (CheckConstraint("n >= 0", name="n"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    service: Mapped[ServiceType] = mapped_column(by_value(ServiceType, "service"), primary_key=True)
    sex: Mapped[Sex] = mapped_column(by_value(Sex, "sex"), primary_key=True)
    age_group: Mapped[AgeGroup] = mapped_column(by_value(AgeGroup, "age_group"), primary_key=True)
    n: Mapped[int]


class HistoricRound(Base):
    """An earlier survey of which only aggregates are known."""

    __tablename__ = "historic_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    year: Mapped[int]
    source: Mapped[str] = mapped_column(Text)


class HistoricFigure(Base):
    """A share from an earlier survey: of the city, a district or a unit. Without n it shows a level only."""

    __tablename__ = "historic_figure"
    __table_args__ = (
        CheckConstraint("share >= 0 AND share <= 1", name="share"),
        CheckConstraint("district_id IS NULL OR unit_id IS NULL", name="level"),
        Index("ix_historic_figure_historic_round_id", "historic_round_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    historic_round_id: Mapped[int] = mapped_column(ForeignKey("historic_round.id"))
    question_id: Mapped[str] = mapped_column(String(60))
    question_version: Mapped[int | None]
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    share: Mapped[float]
    n: Mapped[int | None]
    population: Mapped[int | None]
