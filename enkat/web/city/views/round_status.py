"""The field-work board: how far each unit has come, what the answers will be able to say, and what it has cost."""

from flask import request
from flask_babel import gettext as _
from markupsafe import Markup

from enkat.documents.charts.drawing import Caption
from enkat.documents.charts.response import Response, response_chart
from enkat.records.rounds import RoundState
from enkat.records.status_queries import mode_counts
from enkat.services.accounts.rights import Right
from enkat.services.rounds.expectations import POSITIVE
from enkat.services.rounds.field_board import FieldBoard, cost_so_far, field_board
from enkat.services.rounds.status import StatusBoard, status_board
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.what_if import FieldCostForm
from enkat.web.city.views.rounds import find, render
from enkat.web.shared.access import requires
from enkat.web.shared.formats import sv_number
from enkat.web.shared.login import require_actor

DRAWN = 40
"""Units in the picture; the table has them all."""


@blueprint.get("/omgangar/<short_name>/lage")
@requires(Right.SEE_ROUNDS)
def round_status(short_name: str) -> str:
    """Show how far each unit has come and what that leads to; never a result."""
    session, round_ = context.session(), find(short_name)
    districts = require_actor().districts(Right.SEE_ROUNDS)
    board = status_board(session, round_.id, districts)
    field, whole_city = field_board(session, round_, board), districts is None
    modes = mode_counts(session, round_.id) if whole_city else {}
    prices = FieldCostForm(request.args or None)
    priced = bool(request.args) and prices.validate()
    return render(
        "rounds/status",
        round_,
        board=board,
        field=field,
        modes=modes,
        whole_city=whole_city,
        open=round_.state is RoundState.OPEN,
        assumed=POSITIVE,
        prices=prices,
        cost=cost_so_far(board, modes, prices.prices) if priced and whole_city else None,
        pictures=_pictures(board, field) if board.units and not board.total.loose else [],
        drawn=DRAWN,
    )


def _pictures(board: StatusBoard, field: FieldBoard) -> list[Markup]:
    """Draw the response of the units and how it has grown; the writer of the charts escapes the texts."""
    units = [Response(unit.name, unit.sent, unit.asked - unit.ineligible) for unit in board.units[:DRAWN] if unit.asked]
    weeks = [
        Response(_("Till och med vecka %(week)s", week=sv_number(int(place.name[-2:]))), place.sent, place.eligible)
        for place in field.weeks
    ]
    same = _("Stapeln är andelen som har svarat av dem som kan svara. Samma siffror står i tabellen.")
    drawn = [response_chart(weeks, Caption(_("Svaren vecka för vecka"), same, "weeks"))] if weeks else []
    drawn.append(response_chart(units, Caption(_("Svarsfrekvens per enhet"), same, "units")))
    return [Markup(picture) for picture in drawn]  # noqa: S704 - escaped there
