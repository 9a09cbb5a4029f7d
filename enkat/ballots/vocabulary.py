"""The closed word lists of an answer: how it came, who answered, who helped, and what the frame knew."""

from datetime import date
from enum import StrEnum


class Mode(StrEnum):
    """The way an answer came in."""

    WEB = "web"
    PHONE = "phone"
    INTERVIEWER = "interviewer"
    PAPER = "paper"

    @property
    def label(self) -> str:
        """The Swedish name."""
        return _MODE_LABELS[self]


class Respondent(StrEnum):
    """Who answered: the person asked, the same with help, or somebody in the person's place."""

    SELF = "self"
    SELF_HELPED = "self_helped"
    PROXY = "proxy"

    @property
    def label(self) -> str:
        """The Swedish name."""
        return _RESPONDENT_LABELS[self]


class Helper(StrEnum):
    """Who helped or answered in the person's place; ``ASSISTANT`` is the city's frågeassistent."""

    NONE = "none"
    RELATIVE = "relative"
    GUARDIAN = "guardian"
    ASSISTANT = "assistant"
    PROVIDER_STAFF = "provider_staff"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The Swedish name."""
        return _HELPER_LABELS[self]


class Sex(StrEnum):
    """Sex as the register states it."""

    WOMAN = "woman"
    MAN = "man"
    NOT_STATED = "not_stated"
    """Asked without a register that tells it."""

    @property
    def label(self) -> str:
        """The Swedish name."""
        return _SEX_LABELS[self]


class AgeGroup(StrEnum):
    """Age groups in rising order; joining "the next age group" follows this order."""

    UNDER_65 = "0-64"
    FROM_65 = "65-79"
    FROM_80 = "80-89"
    FROM_90 = "90+"
    NOT_STATED = "not_stated"
    """Asked without a register that tells it."""

    @property
    def label(self) -> str:
        """The Swedish name."""
        return _AGE_LABELS[self]


class KeptLevel(StrEnum):
    """Where a class of answers keeps its place: a unit, a district's small units, or the city's."""

    UNIT = "unit"
    DISTRICT = "district"
    CITY = "city"


class KeptWho(StrEnum):
    """Who answered, as far as a kept class tells."""

    SELF = "self"
    PROXY = "proxy"
    SELF_OR_PROXY = "self_or_proxy"
    WITH_STAFF = "with_staff"


def kept_who(respondent: Respondent, helper: Helper) -> KeptWho:
    """Return who answered as the kept class states it: the provider's staff outweigh everything else."""
    if helper is Helper.PROVIDER_STAFF:
        return KeptWho.WITH_STAFF
    return KeptWho.PROXY if respondent is Respondent.PROXY else KeptWho.SELF


_MODE_LABELS = {Mode.WEB: "webb", Mode.PHONE: "telefon", Mode.INTERVIEWER: "intervjuare", Mode.PAPER: "papper"}
_RESPONDENT_LABELS = {
    Respondent.SELF: "svarade själv",
    Respondent.SELF_HELPED: "svarade själv med hjälp",
    Respondent.PROXY: "någon annan svarade åt personen",
}
_HELPER_LABELS = {
    Helper.NONE: "ingen",
    Helper.RELATIVE: "anhörig eller vän",
    Helper.GUARDIAN: "god man eller förvaltare",
    Helper.ASSISTANT: "frågeassistent",
    Helper.PROVIDER_STAFF: "personal från utföraren",
    Helper.OTHER: "någon annan",
}
_SEX_LABELS = {Sex.WOMAN: "kvinnor", Sex.MAN: "män", Sex.NOT_STATED: "kön ej känt"}
_AGE_LABELS = {
    AgeGroup.UNDER_65: "under 65 år",
    AgeGroup.FROM_65: "65–79 år",
    AgeGroup.FROM_80: "80–89 år",
    AgeGroup.FROM_90: "90 år eller äldre",
    AgeGroup.NOT_STATED: "ålder ej känd",
}
REGISTER_SEXES = (Sex.WOMAN, Sex.MAN)
"""What a register states."""
REGISTER_AGES = tuple(one for one in AgeGroup if one is not AgeGroup.NOT_STATED)
_LOWEST_AGES = ((90, AgeGroup.FROM_90), (80, AgeGroup.FROM_80), (65, AgeGroup.FROM_65))


def age_group(birth_year: int, reference_date: date) -> AgeGroup:
    """Return the age group by the age a person reaches in the year of the reference date.

    Parameters
    ----------
    birth_year : int
        Year of birth, four digits.
    reference_date : datetime.date
        The round's reference date.

    Raises
    ------
    ValueError
        If the person is born after the reference year.
    """
    age = reference_date.year - birth_year
    if age < 0:
        raise ValueError(f"födelseår {birth_year} ligger efter referensdatumet {reference_date}")
    return next((group for lowest, group in _LOWEST_AGES if age >= lowest), AgeGroup.UNDER_65)
