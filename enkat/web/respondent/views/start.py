"""The bare address: the surveys that are open. And the word to search engines."""

from flask import Response, g, render_template

from enkat.services.ballots.rounds import open_rounds
from enkat.web import context
from enkat.web.respondent.blueprint import blueprint
from enkat.web.respondent.facts import RoundParticulars, particulars_of
from enkat.web.shared.access import open_to_all


def current_rounds() -> list[RoundParticulars]:
    """Return the open rounds; where there is only one, its phone stands on the page."""
    found = [particulars_of(row) for row in open_rounds(context.session(), context.clock())]
    if len(found) == 1:
        g.help_round = found[0]
    return found


@blueprint.get("/")
@open_to_all
def start() -> str:
    """List the open surveys."""
    return render_template("respondent/start.html", rounds=current_rounds())


@blueprint.get("/robots.txt")
@open_to_all
def robots() -> Response:
    """Keep search engines away."""
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")
