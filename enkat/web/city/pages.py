"""What the staff layout may use in every template of this audience."""

from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _

from enkat.web.city import navigation
from enkat.web.city.blueprint import blueprint
from enkat.web.shared import login


def _navigation_items() -> list[navigation.Item]:
    items = navigation.items_for(login.current_actor())
    return [item for item in items if item.endpoint in current_app.view_functions]


def _is_in_section(section: str) -> bool:
    name = (request.endpoint or "").rpartition(".")[2]
    return name.startswith(section)


def _footer_links() -> list[tuple[str, str]]:
    pages = (
        (_("Tillgänglighet"), "respondent.accessibility"),
        (_("Så hanterar vi uppgifter"), "respondent.privacy"),
        (_("Till enkätens startsida"), "respondent.start"),
    )
    return [(label, url_for(endpoint)) for label, endpoint in pages if endpoint in current_app.view_functions]


@blueprint.context_processor
def layout() -> dict[str, Any]:
    """Give templates the navigation and the footer."""
    return {
        "navigation_items": _navigation_items,
        "is_in_section": _is_in_section,
        "footer_links": _footer_links,
    }
