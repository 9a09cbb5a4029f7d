"""A provider's start page: its units, and what the rounds say about them."""

from flask import render_template

from enkat.clock import today
from enkat.services.accounts.rights import Right
from enkat.services.accounts.scopes import own_units
from enkat.services.results.own import OVER, own_response, own_rounds
from enkat.web import context
from enkat.web.provider.blueprint import blueprint
from enkat.web.shared.access import requires
from enkat.web.shared.login import require_actor

SHOWN = 2
"""Rounds whose response rates stand on the start page; older ones have their results only."""


@blueprint.get("/")
@requires(Right.SEE_OWN_RESULTS)
def start() -> str:
    """Show one's units and the rounds that asked about them."""
    session, actor = context.session(), require_actor()
    rounds = own_rounds(session, actor)
    return render_template(
        "provider/start.html",
        units=own_units(session, actor, Right.SEE_OWN_RESULTS, today(context.clock())),
        rounds=[(one, own_response(session, one) if at < SHOWN else {}) for at, one in enumerate(rounds)],
        over=OVER,
    )
