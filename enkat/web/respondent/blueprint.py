"""The respondents' blueprint: its frame, and what is done when answering is no longer possible."""

from typing import Any

from flask import Blueprint, g, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from enkat.services.ballots.code_entry import CodeRefused
from enkat.services.ballots.drafting import AlreadyReceivedFault
from enkat.services.ballots.rounds import RoundClosedFault
from enkat.web.respondent import layout, preferences
from enkat.web.shared import formats

blueprint = Blueprint("respondent", __name__, template_folder="templates")


@blueprint.record_once
def _offer_frame(state: BlueprintSetupState) -> None:
    # error pages use the layout as well, and an unknown address has no blueprint
    state.app.jinja_env.globals.update(respondent_frame=layout.frame, here=layout.here)
    state.app.jinja_env.filters.update(day=formats.sv_date, unbroken=layout.unbroken, swedish=layout.in_swedish)


blueprint.after_request(preferences.remember_choice)


def _to(endpoint: str, **values: Any) -> Response:
    g.pop("round_facts", None)
    short_name = (request.view_args or {})["short_name"]
    return redirect(url_for(f"respondent.{endpoint}", short_name=short_name, **values), code=303)


@blueprint.errorhandler(RoundClosedFault)
def _closed(_fault: RoundClosedFault) -> Response:
    return _to("closed")


@blueprint.errorhandler(AlreadyReceivedFault)
def _received(_fault: AlreadyReceivedFault) -> Response:
    return _to("received")


@blueprint.errorhandler(CodeRefused)
def _refused(_fault: CodeRefused) -> Response:
    return _to("code_page", kvar="1")
