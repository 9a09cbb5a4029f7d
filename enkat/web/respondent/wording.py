"""The words of respondents' pages that depend on a service, a helper or a fault."""

from markupsafe import Markup

from enkat.ballots.codes import CodeFaultKind
from enkat.ballots.vocabulary import Helper, Respondent
from enkat.instruments.vocabulary import ServiceType
from enkat.services.ballots import who_words
from enkat.services.ballots.code_entry import CodeRefused
from enkat.web.shared.languages import gettext as _
from enkat.web.shared.languages import noop as _l

_CODE_FAULTS = {
    CodeFaultKind.PERSONNUMMER: _l(
        "Det ser ut som ett personnummer. Vi behöver det inte och har inte sparat det. Skriv koden från brevet."
    ),
    CodeFaultKind.LENGTH: _l("Koden har 16 siffror i fyra grupper. Jämför en grupp siffror i taget med brevet."),
    CodeFaultKind.CHARACTERS: _l("Koden har bara siffror. Skriv de 16 siffrorna från brevet."),
}


def about(service: ServiceType, unit_name: str) -> str:
    """Return the sentence that says what the questions are about; no name of a person."""
    return who_words.about(_, service, Markup("<bdi>{}</bdi>").format(unit_name))


def who_answers() -> list[tuple[str, str]]:
    """Return the choices of who answers."""
    return [(who.value, text) for who, text in who_words.who_answers(_).items()]


def who_answered(who: Respondent | None) -> str:
    """Return who answers, for the review."""
    return who_words.who_answers(_)[who] if who else ""


def helpers(service: ServiceType) -> list[tuple[str, str]]:
    """Return the choices of who helps; the provider's staff are always among them."""
    return [(helper.value, text) for helper, text in who_words.helpers(_, service).items()]


def helped_by(helper: Helper | None, service: ServiceType) -> str:
    """Return who helps, for the review."""
    return who_words.helpers(_, service).get(helper, "") if helper else ""


def code_fault(refused: CodeRefused) -> str:
    """Return the sentence for what was typed instead of a code."""
    if refused.kind in _CODE_FAULTS:
        return _(_CODE_FAULTS[refused.kind])
    return _("Koden stämmer inte. Jämför en grupp siffror i taget med brevet, eller ring oss.")


SERVICE_SENTENCES = (
    _l("Ditt svar är inte skickat. Svaren är kvar. Försök igen om en stund."),
    _l("Undersökningen är inte klar för svar. Ring oss, så hjälper vi dig."),
    _l("Enheten finns inte i undersökningen. Ring oss, så hjälper vi dig."),
    _l("Frågorna finns inte i undersökningen. Ring oss, så hjälper vi dig."),
    _l("Dina sparade svar går inte att läsa. Börja om, eller ring oss."),
    _l("Texten är för lång. Korta den och försök igen."),
    _l("Texten är för lång. Korta den och skicka igen."),
    _l("Svaret är inte sparat. Försök igen."),
)
"""Sentences that services raise in Swedish; here so that they are translated where they are shown."""
