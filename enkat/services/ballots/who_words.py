"""The words about who answers and what is asked about, the same on every face of a survey.

Every function is handed the `gettext` of the reader's language, so that pages and paper say the same.
"""

from collections.abc import Callable

from enkat.ballots.vocabulary import Helper, Respondent
from enkat.instruments.vocabulary import ServiceType

Gettext = Callable[[str], str]


def about(gettext: Gettext, service: ServiceType, unit_name: str) -> str:
    """Return the sentence that says what the questions are about; no name of a person."""
    sentences = {
        ServiceType.HOME_CARE: gettext("Frågorna gäller hemtjänst från %(unit)s."),
        ServiceType.ESCORT_SERVICE: gettext("Frågorna gäller ledsagning från %(unit)s."),
        ServiceType.RESPITE_CARE: gettext("Frågorna gäller avlösning från %(unit)s."),
        ServiceType.SAFETY_ALARM: gettext("Frågorna gäller trygghetslarm från %(unit)s."),
        ServiceType.CARE_HOME: gettext("Frågorna gäller boendet %(unit)s."),
        ServiceType.RELATIVES: gettext("Frågorna gäller stödet till anhöriga från %(unit)s."),
        ServiceType.STAFF: gettext("Frågorna gäller ditt arbete i %(unit)s."),
        ServiceType.OFFICIALS: gettext("Frågorna gäller hur det går att arbeta med %(unit)s."),
    }
    return sentences[service] % {"unit": unit_name}


def who_answers(gettext: Gettext) -> dict[Respondent, str]:
    """Return the choices of who answers, in the order they are shown."""
    return {
        Respondent.SELF: gettext("Jag svarar själv"),
        Respondent.SELF_HELPED: gettext("Jag svarar själv. Någon hjälper mig att läsa eller skriva"),
        Respondent.PROXY: gettext("Jag svarar åt den som fick brevet"),
    }


def helpers(gettext: Gettext, service: ServiceType) -> dict[Helper, str]:
    """Return the choices of who helps, in the order they are shown; the provider's staff are always among them."""
    staff = {
        ServiceType.HOME_CARE: gettext("Personal från hemtjänsten"),
        ServiceType.ESCORT_SERVICE: gettext("Personal som är ledsagare"),
        ServiceType.RESPITE_CARE: gettext("Personal som är avlösare"),
        ServiceType.SAFETY_ALARM: gettext("Personal som svarar på larm"),
        ServiceType.CARE_HOME: gettext("Personal på boendet"),
        ServiceType.RELATIVES: gettext("Personal som ger stödet"),
        ServiceType.STAFF: gettext("Någon jag arbetar med"),
        ServiceType.OFFICIALS: gettext("Någon från enheten"),
    }
    return {
        Helper.RELATIVE: gettext("Anhörig eller vän"),
        Helper.GUARDIAN: gettext("God man eller förvaltare"),
        Helper.ASSISTANT: gettext("Frågeassistent"),
        Helper.PROVIDER_STAFF: staff[service],
        Helper.OTHER: gettext("Någon annan"),
    }
