"""Scales: answer options with stable codes, a rule of what is positive and of what leaves the denominator."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from enkat.instruments.missing import Missing
from enkat.instruments.wording import Face, Wording, find_wording


@dataclass(frozen=True)
class Option:
    """One answer option.

    Attributes
    ----------
    id
        Stable name, used in conditions.
    code
        Stored answer: 1–99, or the (negative) code of `missing`.
    texts
        Face → language → label. A face without an own label uses the plain one.
    missing
        Set for options such as "Vet inte".
    picture
        Name of a picture that can stand beside the label; it carries no meaning of its own.
    """

    id: str
    code: int
    texts: Mapping[Face, Mapping[str, str]] = field(hash=False)
    missing: Missing | None = None
    picture: str | None = None

    def label(self, lang: str, face: Face = Face.PLAIN) -> Wording:
        """Return the option's label; a face without an own label has the plain one, which is no fallback."""
        return find_wording(self.texts, lang, face if face in self.texts else Face.PLAIN)


@dataclass(frozen=True)
class Scale:
    """Answer options in the order they are shown.

    Attributes
    ----------
    positive
        Codes that count as positive.
    outside
        Codes that leave the denominator (always reported beside it).
    """

    id: str
    version: int
    options: tuple[Option, ...]
    positive: frozenset[int]
    outside: frozenset[int]

    @property
    def ref(self) -> str:
        """`freq5@1`."""
        return f"{self.id}@{self.version}"

    @cached_property
    def codes(self) -> tuple[int, ...]:
        """All codes a respondent can choose, in order."""
        return tuple(option.code for option in self.options)

    @cached_property
    def base(self) -> tuple[int, ...]:
        """Codes that stay in the denominator, in order."""
        return tuple(code for code in self.codes if code not in self.outside)

    @cached_property
    def _by_code(self) -> dict[int, Option]:
        return {option.code: option for option in self.options}

    @cached_property
    def offers_not_knowing(self) -> bool:
        """Whether "vet inte" can be chosen: the interval then moves one client outward."""
        return Missing.DOES_NOT_KNOW in self._by_code

    def option(self, code: int) -> Option:
        """Return the option with a code; KeyError where the scale has none."""
        return self._by_code[code]

    def label(self, code: int, lang: str, face: Face = Face.PLAIN) -> Wording:
        """Return the label of a code; KeyError where the scale has none."""
        return self._by_code[code].label(lang, face)
