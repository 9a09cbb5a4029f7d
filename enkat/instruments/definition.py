"""The shape of the TOML files: pydantic models, exported as JSON Schema for editors. Meaning is checked elsewhere."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from enkat.instruments.vocabulary import Criterion, ServiceType
from enkat.instruments.wording import Face

LangTexts = Annotated[dict[str, str], Field(description="Språk (sv, en …) och text")]
FaceChoice = Annotated[Face, Field(strict=False)]
ServiceChoice = Annotated[ServiceType, Field(strict=False)]
CriterionChoice = Annotated[Criterion, Field(strict=False)]


class Definition(BaseModel):
    """Base: unknown keys are refused and nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)


class InDefinition(Definition):
    """`in = { question = "…", options = ["…"] }`."""

    question: str
    options: list[str]


class ConditionDefinition(Definition):
    """Exactly one of the five; checked with the other conditions."""

    all: list["ConditionDefinition"] | None = None
    any: list["ConditionDefinition"] | None = None
    not_: Annotated["ConditionDefinition | None", Field(alias="not")] = None
    in_: Annotated[InDefinition | None, Field(alias="in")] = None
    answered: str | None = None


class OptionDefinition(Definition):
    """An answer option: `code` for a real answer, `missing` for "vet inte" and the like."""

    id: str
    code: int | None = None
    missing: Literal["does_not_know", "will_not_say"] | None = None
    picture: str | None = None
    text: LangTexts
    easy: LangTexts = {}
    proxy: LangTexts = {}


class ScaleDefinition(Definition):
    """`[[scale]]`. `positive` and `leaves_base` hold option ids; the latter may be empty but is never left out."""

    id: str
    version: int
    positive: list[str]
    leaves_base: list[str]
    option: list[OptionDefinition]


class HistoryDefinition(Definition):
    """`[[history]]`: what changed with a version, and who was consulted; nobody is said by an empty list."""

    version: int
    date: dt.date
    consulted: list[str]
    changed: str


class MediaDefinition(Definition):
    """`[question.media]`: files beside the question's own file; sound and sign language in each language."""

    picture: str | None = None
    sound: LangTexts = {}
    film: LangTexts = {}


class QuestionDefinition(Definition):
    """`[[question]]` with its own wording."""

    id: str
    version: int
    kind: Literal["choice", "text"] = "choice"
    asked_of: Annotated[Literal["everyone", "proxy"], Field(description="proxy = bara den som svarar åt någon")] = (
        "everyone"
    )
    filter: Annotated[bool, Field(description="true = avgör bara vilka frågor som följer, mäter inget")] = False
    scale: str | None = None
    criteria: list[CriterionChoice] = []
    max_length: int | None = None
    text: LangTexts
    easy: LangTexts = {}
    proxy: LangTexts = {}
    interviewer: LangTexts = {}
    hint: LangTexts = {}
    positive: Annotated[dict[str, str], Field(description="Vad de positiva svaren betyder, med {n} för antalet")] = {}
    media: MediaDefinition = MediaDefinition()
    when: ConditionDefinition | None = None
    history: list[HistoryDefinition] = []


class ReferenceDefinition(Definition):
    """`[[question]]` that refers to a core question and adds nothing."""

    ref: str


class ProxyViewsDefinition(Definition):
    """`[proxy_views]`: questions that whoever answers for another answers twice; `text` asks for the own view."""

    questions: list[str]
    text: LangTexts


class HeaderDefinition(Definition):
    """What stands above the questions of an instrument or a supplement."""

    id: str
    version: int
    service: ServiceChoice | None = None
    languages: list[str]
    faces: list[FaceChoice]
    title: LangTexts
    history: list[HistoryDefinition]
    proxy_views: ProxyViewsDefinition | None = None


class InstrumentFile(HeaderDefinition):
    """instrument.toml."""

    question: list[ReferenceDefinition | QuestionDefinition]
    scale: list[ScaleDefinition] = []


class SupplementFile(HeaderDefinition):
    """supplements/<id>.toml."""

    question: list[QuestionDefinition]
    scale: list[ScaleDefinition] = []


class CoreQuestionsFile(Definition):
    """core/questions.toml."""

    languages: list[str]
    faces: list[FaceChoice]
    question: list[QuestionDefinition]


class LanguageHeaderDefinition(Definition):
    """What stands first in a file of a further language."""

    language: str
    version: int
    history: list[HistoryDefinition]


class QuestionTextsDefinition(Definition):
    """`[question."core:feels_safe@1"]` in a file of a further language; an empty text waits for its translation."""

    text: str | None = None
    easy: str | None = None
    proxy: str | None = None
    interviewer: str | None = None
    hint: str | None = None
    positive: str | None = None
    sound: str | None = None
    film: str | None = None


class ScaleTextsDefinition(Definition):
    """`[scale."core:freq5@1".text]` in a file of a further language: the option's id and its label."""

    text: dict[str, str] = {}
    easy: dict[str, str] = {}
    proxy: dict[str, str] = {}


class LanguageFile(LanguageHeaderDefinition):
    """languages/<code>.toml."""

    title: dict[str, str] = {}
    scale: dict[str, ScaleTextsDefinition] = {}
    question: dict[str, QuestionTextsDefinition] = {}


class ScalesFile(Definition):
    """core/scales.toml."""

    scale: list[ScaleDefinition]
