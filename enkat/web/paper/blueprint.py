"""The blueprint of openers and keyers, with their navigation."""

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _l

from enkat.web.security import set_cookie
from enkat.web.shared import languages, staff_layout
from enkat.web.shared.staff_layout import Item

ITEMS = (Item(_l("Pappersformulär"), "paper.start", None, ""),)

blueprint = Blueprint("paper", __name__, template_folder="templates")
staff_layout.attach(blueprint, ITEMS)


@blueprint.after_request
def _remember_language(response: Response) -> Response:
    wanted = languages.chosen()
    if wanted is not None:
        set_cookie(response, languages.COOKIE, wanted)
    return response
