"""What may be said of a difference. Never ranks, never "better": higher or lower, or that nothing certain is seen."""

from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from enkat.statistics.comparisons.differences import Difference
from enkat.statistics.intervals.basis import FloatArray

RELEVANT: Final = 0.05
"""The smallest difference that gets a word: 5 percentage points."""
SIGNIFICANT: Final = 0.05


class Word(StrEnum):
    """What is said of a difference."""

    NONE = "none"
    HIGHER = "higher"
    LOWER = "lower"
    NOT_CERTAIN = "not_certain"
    SMALL = "small"


WORDS: Final = tuple(Word)
"""Order of the codes in arrays of words."""


class Against(StrEnum):
    """What a share is compared with."""

    REST = "rest"
    OTHERS = "others"
    GROUP = "group"
    MUNICIPAL = "municipal"
    ROUND = "round"

    @property
    def label(self) -> str:
        """The Swedish words that follow "högre än"."""
        return {
            Against.REST: "övriga enheter",
            Against.OTHERS: "övriga",
            Against.GROUP: "jämförelsegruppen",
            Against.MUNICIPAL: "egen regi",
            Against.ROUND: "förra omgången",
        }[self]


def phrase(word: Word, against: Against = Against.REST, *, relevant: float = RELEVANT, of_shares: bool = True) -> str:
    """Say a word in Swedish; empty where nothing was compared.

    Parameters
    ----------
    word : Word
    against : Against
    relevant : float
        The smallest relevant difference, as a share.
    of_shares : bool
        Whether shares were compared, whose differences are told in percentage points.
    """
    least = f"{relevant * 100:.3g} procentenheter" if of_shares else f"{relevant:.3g}"
    return {
        Word.NONE: "",
        Word.HIGHER: f"högre än {against.label}",
        Word.LOWER: f"lägre än {against.label}",
        Word.NOT_CERTAIN: "ingen säker skillnad",
        Word.SMALL: f"skillnad mindre än {least.replace('.', ',')}",
    }[word]


def words(
    difference: Difference, p_adjusted: FloatArray, *, relevant: float = RELEVANT, significant: float = SIGNIFICANT
) -> npt.NDArray[np.int8]:
    """Choose the word for each difference.

    A difference is certain only where its interval leaves out 0 and its corrected p-value is below ``significant``. One
    that is certain and measured as smaller than ``relevant`` is called small. Where a side is empty nothing is said.

    Returns
    -------
    int8 array
        Indices into `WORDS`.
    """
    gap = difference.difference
    certain = difference.sure & (p_adjusted < significant)
    chosen = np.where(gap > 0, WORDS.index(Word.HIGHER), WORDS.index(Word.LOWER))
    # A difference of exactly the relevant size counts; shares carry a last-digit error.
    chosen = np.where(np.abs(gap) < relevant - 1e-12, WORDS.index(Word.SMALL), chosen)
    chosen = np.where(certain, chosen, WORDS.index(Word.NOT_CERTAIN))
    return np.where(np.isnan(gap) | np.isnan(p_adjusted), WORDS.index(Word.NONE), chosen).astype(np.int8)
