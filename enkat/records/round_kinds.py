"""Whom a round asks: the kinds of rounds, and what holds for each of them."""

import enum
from dataclasses import dataclass

from enkat.ballots.kept_classes import FLOOR
from enkat.instruments.vocabulary import CLIENT_SERVICES, ServiceType


class RoundKind(enum.StrEnum):
    """Whom a round asks, and who asks it. Rounds of different kinds are never compared or added up."""

    USER_SURVEY = "user_survey"
    RELATIVES = "relatives"
    STAFF = "staff"
    OFFICIALS = "officials"
    PROVIDER_OWN = "provider_own"

    @property
    def label(self) -> str:
        """The Swedish name in lower case."""
        return RULES[self].label

    @property
    def rules(self) -> "KindRules":
        """What holds for the rounds of the kind."""
        return RULES[self]


@dataclass(frozen=True, kw_only=True)
class KindRules:
    """What holds for the rounds of a kind.

    Attributes
    ----------
    loose
        Whether codes may be loose (handed out per unit, to nobody in particular): the values a round may have.
    least
        The fewest respondents of anything that is shown.
    least_for_all
        Whether that holds for the city's own analysts, too, and for the classes that the count keeps.
    asks_who
        Whether the pages ask who answers: the person, with help, or somebody else in the person's place.
    services
        What the questions may be about.
    """

    label: str
    loose: frozenset[bool] = frozenset({True})
    least: int = FLOOR
    least_for_all: bool = False
    asks_who: bool = False
    services: frozenset[ServiceType]

    @property
    def kept(self) -> int:
        """The fewest ballots of a class that the count keeps."""
        return self.least if self.least_for_all else FLOOR


RULES = {
    RoundKind.USER_SURVEY: KindRules(
        label="brukarundersökning", loose=frozenset({False}), asks_who=True, services=frozenset(CLIENT_SERVICES)
    ),
    RoundKind.RELATIVES: KindRules(
        label="anhörigundersökning", loose=frozenset({False, True}), services=frozenset(CLIENT_SERVICES)
    ),
    RoundKind.STAFF: KindRules(
        label="personalundersökning", least=10, least_for_all=True, services=frozenset({ServiceType.STAFF})
    ),
    RoundKind.OFFICIALS: KindRules(label="beställarundersökning", services=frozenset({ServiceType.OFFICIALS})),
    RoundKind.PROVIDER_OWN: KindRules(
        label="utförarens egen undersökning", asks_who=True, services=frozenset(CLIENT_SERVICES)
    ),
}
