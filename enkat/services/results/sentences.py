"""Each figure as a plain Swedish sentence: the one place where it is decided how a figure is said."""

import math
from typing import Final

from enkat.documents.numbers import decimal, whole
from enkat.records.organisations import OperatingForm
from enkat.records.releases import ReleaseLevel
from enkat.services.results.figures import Figure
from enkat.services.results.groups import Group, GroupKind
from enkat.services.results.reading import AskedQuestion
from enkat.statistics.disclosure.marks import Mark

NUMBER: Final = "{n}"
WHOLES: Final = {
    GroupKind.CITY: "hela staden",
    GroupKind.DISTRICT: "hela stadsdelen",
    GroupKind.OPERATING_FORM: "regiformen",
    GroupKind.UNIT: "hela enheten",
    GroupKind.SMALL_UNITS: "de små enheterna",
}
FEW: Final = ("ingen", "en")
"""The questions' own words are in the plural."""
_FORMS: Final = {
    OperatingForm.MUNICIPAL: "enheter i egen regi",
    OperatingForm.CONTRACTED: "enheter på entreprenad",
    OperatingForm.PRIVATE_CHOICE: "privata enheter",
}


FILTER = "Frågan avgör bara vilka frågor som följer: svaren redovisas som fördelning."
PROXIES = "Frågan ställs bara till dem som svarar åt någon annan: svaren redovisas som fördelning."


def spread_only(asked: AskedQuestion) -> str:
    """Return why a question's answers are told as a distribution only."""
    return FILTER if asked.question.is_filter else PROXIES


def positive_words(asked: AskedQuestion, number: str) -> str:
    """Say that so many are positive, in the question's own words: "känner sig 38 trygga".

    A question without such words names the options: "valde 38 ”Mycket trygg” eller ”Ganska trygg”".
    """
    words = asked.question.positive.get("sv")
    if words is None:
        scale = asked.scale
        options = " eller ".join(f"”{scale.label(code, 'sv')}”" for code in scale.codes if code in scale.positive)
        words = f"valde {NUMBER} {options}"
    return words.replace(NUMBER, number)


def sentence(figure: Figure, level: ReleaseLevel = ReleaseLevel.INTERNAL) -> str:
    """Return what a figure says, and how sure it is; where there is no figure, why.

    Counts are said where the answers were not weighted and the level shows counts; otherwise percent.
    """
    if not figure.shown:
        return _instead(figure)
    return " ".join(part for part in (_answers(figure, level), _certainty(figure)) if part)


def clients_sentence(figure: Figure) -> str:
    """Return the interval in whole clients: "Det är mellan 38 och 44 av 46 brukare."; empty where there is none."""
    if figure.lo_clients < 0:
        return ""
    if figure.lo_clients == figure.hi_clients:
        return f"Det är {whole(figure.lo_clients)} av {whole(figure.population)} brukare."
    lo, hi = whole(figure.lo_clients), whole(figure.hi_clients)
    return f"Det är mellan {lo} och {hi} av {whole(figure.population)} brukare."


def place_words(group: Group) -> str:
    """Return where a group is, with its preposition: "I hela staden", "Hos Björken"."""
    if group.kind is GroupKind.CITY:
        return "I hela staden"
    if group.kind is GroupKind.OPERATING_FORM:
        return f"I {_FORMS[OperatingForm(group.key.partition(':')[2])]}"
    return f"Hos {group.name}" if group.kind is GroupKind.UNIT else f"I {group.name}"


def _instead(figure: Figure) -> str:
    if figure.mark is Mark.TOO_FEW_POSITIVE:
        return f"Av dem som svarade {positive_words(figure.asked, 'få eller inga')}."
    if figure.mark is Mark.NOT_ASKED:
        return "Frågan ställdes inte här."
    if figure.mark is Mark.TOO_UNCERTAIN:
        return "Siffran är för osäker för att säga något."
    if figure.mark is Mark.NOT_APPLICABLE:
        return "Här finns inga brukare i omgången."
    return "För få har svarat för att vi ska kunna visa en siffra."


def _answers(figure: Figure, level: ReleaseLevel) -> str:
    if figure.asked.only_spread:
        said = "; ".join(f"{option.label} {_percent(option.share)} procent" for option in figure.options)
        return f"Så fördelar sig svaren: {said}." if said else spread_only(figure.asked)
    if figure.known_clients is None:
        return f"Av dem som svarade {positive_words(figure.asked, f'{_percent(figure.share)} procent')}."
    unit = figure.group.kind is GroupKind.UNIT
    if figure.lo_clients < 0 and not (unit and level is ReleaseLevel.PUBLIC):
        estimated = f"uppskattningsvis {_percent(figure.share)} procent"
        return f"{place_words(figure.group)} {positive_words(figure.asked, estimated)}."
    if level is ReleaseLevel.PUBLIC:
        return f"Av dem som svarade {positive_words(figure.asked, f'{_percent(figure.share)} procent')}."
    positive = sum(option.count for option in figure.options if option.positive)
    if positive < len(FEW):
        return f"Av de {whole(figure.answered)} som svarade är {FEW[positive]} positiv."
    number = "alla" if positive == figure.answered else whole(positive)
    return f"Av de {whole(figure.answered)} som svarade {positive_words(figure.asked, number)}."


def _certainty(figure: Figure) -> str:
    """Say where the share of all clients lies."""
    if math.isnan(figure.lo) or math.isnan(figure.hi):
        return ""
    whole_of = WHOLES[figure.group.kind]
    lo, hi = _percent(figure.lo), _percent(figure.hi)
    if figure.lo_clients >= 0 and figure.lo_clients == figure.hi_clients:
        return f"Alla har svarat på frågan, så siffran gäller {whole_of}."
    if lo == hi:
        return f"För {whole_of} är andelen ungefär {lo} procent."
    return f"För {whole_of} ligger andelen mellan {lo} och {hi} procent."


def _percent(share: float) -> str:
    return decimal(100 * share, 0)
