"""The closed word lists of instruments: services, those asked beside the clients, and the criteria of questions."""

from enum import StrEnum


class ServiceType(StrEnum):
    """A service that a person in the frame has, or a group asked without a register.

    `label` is the Swedish name, as register files write it. Only `CLIENT_SERVICES` stand in a register.
    """

    HOME_CARE = "home_care"
    ESCORT_SERVICE = "escort_service"
    RESPITE_CARE = "respite_care"
    SAFETY_ALARM = "safety_alarm"
    CARE_HOME = "care_home"
    RELATIVES = "relatives"
    STAFF = "staff"
    OFFICIALS = "officials"

    @property
    def label(self) -> str:
        """The Swedish name in lower case."""
        return _SERVICE_LABELS[self]


_SERVICE_LABELS = {
    ServiceType.HOME_CARE: "hemtjänst",
    ServiceType.ESCORT_SERVICE: "ledsagning",
    ServiceType.RESPITE_CARE: "avlösning",
    ServiceType.SAFETY_ALARM: "trygghetslarm",
    ServiceType.CARE_HOME: "vård- och omsorgsboende",
    ServiceType.RELATIVES: "anhörigstöd",
    ServiceType.STAFF: "personal",
    ServiceType.OFFICIALS: "beställare",
}
CLIENT_SERVICES = tuple(one for one in ServiceType if one not in {ServiceType.STAFF, ServiceType.OFFICIALS})
"""The services that clients have and units give."""


PICTURES = frozenset(
    {*(f"face-{step}" for step in range(1, 6)), *(f"amount-{step}" for step in range(5)), "yes", "no", "unsure"}
)
"""Pictures that can stand beside an option: a face from sad (1) to glad (5), a disc filled by quarters, and signs."""


class Criterion(StrEnum):
    """A goal of the city that a question answers to, spelled as in the city's decisions."""

    TRYGGHET = "trygghet"
    SJALVBESTAMMANDE = "självbestämmande"
    INTEGRITET = "integritet"
    SAKERHET = "säkerhet"
    DELAKTIGHET = "delaktighet"
    BEMOTANDE = "bemötande"
    INFLYTANDE = "inflytande"


FRAME_KNOWS = frozenset(
    {"sex", "age", "birth_year", "age_group", "services", "unit", "district", "provider", "who_answers"}
)
"""Question ids that are refused: the register or the page before the questions already holds the answer."""
