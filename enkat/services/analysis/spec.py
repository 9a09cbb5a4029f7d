"""The shape of a specification: pydantic models, exported as JSON Schema. Meaning is checked elsewhere."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from enkat.statistics.intervals import IntervalName
from enkat.statistics.microdata.design import Lonely

Code = Annotated[int | float | str, Field(union_mode="smart")]


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


Names = Annotated[list[str], BeforeValidator(_listed, json_schema_input_type=str | list[str])]
"""One name, or several."""
Codes = Annotated[list[Code], BeforeValidator(_listed, json_schema_input_type=Code | list[Code])]
_CONDITION_SCHEMA = {
    "type": "object",
    "description": (
        "{ all = […] }, { any = […] }, { not = … }, { in = { column = …, values = […] } }, { answered = kolumn } "
        "eller kort { kolumn = värde eller [värden] }"
    ),
}
ConditionTable = Annotated[dict[str, Any], WithJsonSchema(_CONDITION_SCHEMA)]
"""A condition as it was written; `enkat.services.analysis.conditions` gives it its meaning."""


class Verb(StrEnum):
    """What an analysis asks."""

    MEAN = "mean"
    SHARE = "share"
    TOTAL = "total"
    RATIO = "ratio"
    DISTRIBUTION = "distribution"
    QUANTILE = "quantile"
    VARIANCE = "variance"
    DIFFERENCE = "difference"
    CONTRAST = "contrast"
    STANDARDISED = "standardised"
    TEST = "test"
    ALPHA = "alpha"
    INDEX = "index"


ACROSS: Final = frozenset({Verb.DIFFERENCE, Verb.CONTRAST, Verb.TEST})
"""Verbs that set the groups of `by` against each other: their rows are about no single group."""
INTERVAL_SYNONYMS: Final = {
    "midp": IntervalName.MID_P,
    "wilson_fpc": IntervalName.WILSON_FINITE,
    "wald": IntervalName.MEAN,
}
"""Other names that mean the same interval."""


def _interval_name(value: object) -> object:
    name = value.lower().replace("-", "_").replace(" ", "_") if isinstance(value, str) else value
    return INTERVAL_SYNONYMS.get(name, name) if isinstance(name, str) else name


IntervalChoice = Annotated[IntervalName, Field(strict=False), BeforeValidator(_interval_name)]


class Section(BaseModel):
    """Base: unknown keys are refused and nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)


class DataSection(Section):
    """`[data]`: how the file is read, where that is not seen in the file itself."""

    separator: str | None = None
    sheet: str | None = None


class DesignSection(Section):
    """`[design]`: what the columns mean, and how the draw counts."""

    unit: str | None = None
    district: str | None = None
    stratum: str | None = None
    weight: str | None = None
    population: Annotated[str | None, Field(alias="N")] = None
    cluster: str | None = None
    person: str | None = None
    responded: str | None = None
    fpc: bool | None = None
    lonely: Annotated[Lonely, Field(strict=False)] = Lonely.FAIL
    weights: "str | WeightsSection | None" = None
    level: float | None = None
    df: str | float | None = None


class MissingSection(Section):
    """Codes that stand for no answer, by reason; a list in place of the table means "not answered"."""

    not_shown: Codes = []
    not_answered: Codes = []
    does_not_know: Codes = []
    will_not_say: Codes = []
    unreadable: Codes = []


def _as_missing(value: object) -> object:
    return value if isinstance(value, Mapping | MissingSection) else {"not_answered": value}


MissingCodes = Annotated[
    MissingSection, BeforeValidator(_as_missing, json_schema_input_type=MissingSection | Code | list[Code])
]


class VariableSection(Section):
    """`[variables.NAME]`: what the codes of a column mean."""

    positive: Codes = []
    missing: MissingCodes = MissingSection()


class DerivedSection(Section):
    """`[derived.NAME]`: a column made from others."""

    kind: Literal["indicator", "sum", "index", "ratio"]
    of: Names = []
    values: Codes = []
    where: ConditionTable | None = None
    numerator: str | None = None
    denominator: str | None = None
    scale: list[float] | None = None
    minimum: float = 0.5


class WeightsSection(Section):
    """`[weights.NAME]`: a way to weigh, made from the start weights."""

    start: Literal["none", "N/r", "given"] | None = None
    method: Literal["post-stratify", "rake", "calibrate"] | None = None
    margins: Names = []
    numeric: Names = []
    totals: dict[str, float | dict[str, float]] = {}
    calfun: Literal["linear", "raking"] = "linear"
    bounds: list[float] | None = None
    trim: list[float] | None = None


class DisclosureSection(Section):
    """`[disclosure]`: how many answers a figure needs to be shown; 0 hides nothing."""

    threshold: int = 5


class AnalysisSection(Section):
    """`[[analysis]]`: one question put to the data."""

    id: str
    verb: Annotated[Verb, Field(strict=False)]
    variables: Names
    by: Names = []
    where: ConditionTable | None = None
    weights: str | WeightsSection | None = None
    interval: IntervalChoice | None = None
    level: float | None = None
    df: str | float | None = None
    fpc: bool | None = None
    positive: Codes = []
    compare: str | list[str] | None = None
    target: float | str | None = None
    earlier: str | None = None
    smallest: float | None = None
    adjust: Literal["BH", "holm", "none"] = "BH"
    quantiles: list[float] = [0.5]
    of: Literal["mean", "share", "total"] | None = None
    groups: list[str] = []
    coefficients: dict[str, float] = {}
    contrast: Literal["linear", "ratio"] = "linear"
    criteria: dict[str, Names] = {}
    standardise: Names = []
    population: dict[str, float] = {}
    scale: list[float] | None = None
    minimum: float = 0.5


class Spec(Section):
    """A whole specification."""

    data: DataSection = DataSection()
    design: DesignSection = DesignSection()
    missing: MissingCodes = MissingSection()
    variables: dict[str, VariableSection] = {}
    derived: dict[str, DerivedSection] = {}
    weights: dict[str, WeightsSection] = {}
    disclosure: DisclosureSection = DisclosureSection()
    analysis: list[AnalysisSection]
