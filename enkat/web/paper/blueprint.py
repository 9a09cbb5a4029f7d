"""The blueprint of openers and keyers, with their navigation."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from enkat.web.shared import staff_layout
from enkat.web.shared.staff_layout import Item

ITEMS = (Item(_l("Pappersformulär"), "paper.start", None, ""),)

blueprint = Blueprint("paper", __name__, template_folder="templates")
staff_layout.attach(blueprint, ITEMS)
