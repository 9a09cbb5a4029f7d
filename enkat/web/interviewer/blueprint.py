"""The interviewers' blueprint: its frame, and what is done when an interview cannot go on."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from enkat.languages import LANGUAGES
from enkat.services.accounts.rights import Right
from enkat.services.ballots.code_entry import CodeRefused
from enkat.services.ballots.drafting import AlreadyReceivedFault
from enkat.services.ballots.rounds import RoundClosedFault
from enkat.services.faults import Fault
from enkat.web.interviewer import held
from enkat.web.security import set_cookie
from enkat.web.shared import languages, staff_layout
from enkat.web.shared.languages import gettext as _
from enkat.web.shared.staff_layout import Item

ITEMS = (Item(_l("Intervjuer"), "interviewer.start", Right.INTERVIEW, ""),)

blueprint = Blueprint("interviewer", __name__, template_folder="templates")
staff_layout.attach(blueprint, ITEMS)


@blueprint.context_processor
def languages_of_pages() -> dict[str, Any]:
    """Give templates the language that the page is in, and all that it can be changed to."""
    return {"page": languages.page_language(), "all_languages": LANGUAGES}


@blueprint.after_request
def _remember_language(response: Response) -> Response:
    wanted = languages.chosen()
    if wanted is not None:
        set_cookie(response, languages.COOKIE, wanted)
    return response


@blueprint.errorhandler(CodeRefused)
@blueprint.errorhandler(RoundClosedFault)
@blueprint.errorhandler(AlreadyReceivedFault)
def _cannot_go_on(fault: Fault) -> Response:
    """Lead away from an interview that takes no answer now, saying why; nothing of it stays in the browser."""
    words = {
        CodeRefused: _("Intervjun kan inte fortsätta. Börja om från listan."),
        RoundClosedFault: _("Undersökningen tar inte emot svar nu."),
        AlreadyReceivedFault: _("Personen har redan svarat på annat sätt. Det första svaret gäller."),
    }
    flash(words[type(fault)], "warning")
    response = redirect(url_for("interviewer.start"), code=303)
    held.forget(response)
    return response


def is_switch() -> bool:
    """Whether the form was sent by a button that changes the language."""
    return languages.CHOICE in request.form
