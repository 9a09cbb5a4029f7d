"""What an analysis gives: rows of plain values, each undefined one with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from enkat.services.analysis.columns import plain

Label = str | int | float

HIDDEN: Final = "dold: för få svar, eller skyddar en annan siffra"
NO_ANSWERS: Final = "ingen svarade"
UNEQUAL: Final = "intervallet räknas på antal svar, men svaren väger olika"
NO_POPULATION: Final = "intervallet behöver antalet i ramen (N), som inte är känt för gruppen"
NO_SE: Final = "skillnaden har gränser men inget medelfel (MOVER)"
NO_INTERVAL: Final = "måttet har inget intervall"
REASONS: Final = {
    "nobody answered": NO_ANSWERS,
    "the denominator is 0": "nämnaren är 0",
    "no degrees of freedom": "för få svar för att räkna ut osäkerheten",
    "every stratum has one primary unit": "varje stratum har ett enda svar",
    "the limit lies outside the answers": "gränsen ligger utanför svaren",
    "all answers are equal": "alla svar är lika",
}
"""Swedish words for the reasons of the statistics."""
NOT_DEFINED: Final = "intervallet är inte definierat här"
REASON_WORDS: Final = (
    HIDDEN,
    NO_ANSWERS,
    UNEQUAL,
    NO_POPULATION,
    NO_INTERVAL,
    NO_SE,
    NOT_DEFINED,
    *REASONS.values(),
)
"""Everything that may stand as a reason."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a figure rests on, known even where it is hidden.

    Attributes
    ----------
    answers, positive : int
        Answers, and positive ones among them.
    sent, asked : int
        Those who sent the questionnaire, and those asked: the response rate.
    shift : int
        Clients by which a limit in whole clients was moved outward.
    groups : tuple
        Groups of `by` that a figure across groups rests on.
    """

    answers: int = 0
    positive: int = 0
    sent: int = 0
    asked: int = 0
    shift: int = 0
    groups: tuple[tuple[Label, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One figure; None where it is undefined or does not belong to what was asked."""

    by: tuple[Label, ...]
    name: str
    estimate: float | None = None
    se: float | None = None
    lo: float | None = None
    hi: float | None = None
    n: int | None = None
    population: float | None = None
    df: float | None = None
    method: str = ""
    p: float | None = None
    p_adjusted: float | None = None
    word: str | None = None
    reason: str | None = None
    basis: Basis = field(default=Basis(), compare=False)

    def values(self) -> dict[str, object]:
        """Return what stands beside the columns of `by`."""
        fixed: dict[str, object] = {
            "name": self.name,
            "estimate": self.estimate,
            "se": self.se,
            "lo": self.lo,
            "hi": self.hi,
            "n": self.n,
            "N": None if self.population is None else plain(self.population),
            "df": None if self.df is None else plain(self.df),
            "method": self.method,
            "p": self.p,
            "p_adjusted": self.p_adjusted,
            "word": self.word,
        }
        return fixed if self.reason is None else fixed | {"reason": self.reason}


@dataclass(frozen=True, slots=True)
class Result:
    """The rows of one analysis."""

    id: str
    by: Sequence[str]
    rows: Sequence[Row]
