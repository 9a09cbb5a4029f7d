"""How hard a text is to read: LIX, words and sentences."""

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d+")
_SENTENCE_END = re.compile(r"[.!?:]+(?:\s|$)")
_LONG = 7


def words(text: str) -> list[str]:
    """Return the words of a text."""
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, without the empty ones."""
    return [part for part in _SENTENCE_END.split(text) if words(part)]


def lix(texts: Iterable[str]) -> float:
    """Return Björnsson's readability index over texts.

    Parameters
    ----------
    texts
        Each text ends its last sentence itself.

    Returns
    -------
    float
        Words per sentence plus the percentage of words longer than six letters; 0 without words. Below 30 is very
        easy, as children's books. Source: C. H. Björnsson, Läsbarhet (1968).
    """
    texts = list(texts)
    counted = [word for text in texts for word in words(text)]
    if not counted:
        return 0.0
    spans = sum(len(sentences(text)) for text in texts)
    long_words = sum(1 for word in counted if len(word) >= _LONG)
    return len(counted) / spans + 100 * long_words / len(counted)
