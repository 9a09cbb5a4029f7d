"""The providers' blueprint, with their navigation."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from enkat.services.accounts.rights import Right
from enkat.web.shared import staff_layout
from enkat.web.shared.staff_layout import Item

ITEMS = (
    Item(_l("Start"), "provider.start", Right.SEE_OWN_RESULTS, "start"),
    Item(_l("Personer"), "provider.people", Right.MANAGE_OWN_PEOPLE, "people"),
)

blueprint = Blueprint("provider", __name__, template_folder="templates")
staff_layout.attach(blueprint, ITEMS)
