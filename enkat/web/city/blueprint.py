"""The city staff's blueprint."""

from flask import Blueprint

from enkat.web.city.navigation import ITEMS
from enkat.web.shared import staff_layout

blueprint = Blueprint("city", __name__, template_folder="templates")
staff_layout.attach(blueprint, ITEMS)
