"""What the pages of every staff audience share: main navigation, footer, and which start page a person has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, request, url_for
from flask_babel import LazyString
from flask_babel import gettext as _

from enkat.records.accounts import Role
from enkat.services.accounts.rights import Actor, Right
from enkat.web.shared import login

CITY_HOME = "city.start"
OTHER_HOMES = (
    ("provider.start", frozenset({Role.PROVIDER_HEAD, Role.UNIT_MANAGER, Role.UNIT_DEPUTY})),
    ("interviewer.start", frozenset({Role.INTERVIEWER, Role.ASSISTANT})),
    ("paper.start", frozenset({Role.OPENER, Role.KEYER})),
)
"""Start pages of people who have no role in the city's own work, by the roles that lead there."""


@dataclass(frozen=True)
class Item:
    """A link in the navigation; without a right it is for everybody who is logged in."""

    label: LazyString
    endpoint: str
    right: Right | None
    section: str
    """The noun that the section's endpoints begin with; marks where the reader is."""

    def is_here(self) -> bool:
        """Whether the page is within the item's section."""
        blueprint, _dot, _name = self.endpoint.partition(".")
        return (request.endpoint or "").startswith(f"{blueprint}.{self.section}")


def home_of(actor: Actor | None) -> str:
    """Return the endpoint of a person's start page."""
    roles = actor.roles() if actor is not None else frozenset()
    return next((endpoint for endpoint, those in OTHER_HOMES if roles and roles <= those), CITY_HOME)


def home() -> str:
    """Return the address of the start page of whoever is logged in."""
    return url_for(home_of(login.current_actor()))


def items_for(actor: Actor | None, items: Sequence[Item]) -> list[Item]:
    """Return the links that an actor may follow."""
    if actor is None:
        return []
    return [item for item in items if item.right is None or actor.holds(item.right)]


def _footer_links() -> list[tuple[str, str]]:
    pages = (
        (_("Tillgänglighet"), "respondent.accessibility"),
        (_("Så hanterar vi uppgifter"), "respondent.privacy"),
        (_("Till enkätens startsida"), "respondent.start"),
    )
    return [(label, url_for(endpoint)) for label, endpoint in pages if endpoint in current_app.view_functions]


def attach(blueprint: Blueprint, items: Sequence[Item]) -> None:
    """Give an audience's templates the navigation of its items, and the footer."""

    @blueprint.context_processor
    def layout() -> dict[str, Any]:
        return {
            "navigation_items": lambda: items_for(login.current_actor(), items),
            "footer_links": _footer_links,
            "home": home,
        }
