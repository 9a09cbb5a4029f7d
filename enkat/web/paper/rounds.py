"""The round in the address, as openers and keyers see it."""

from flask import request, url_for

from enkat.records.rounds import SurveyRound
from enkat.services.paper.scanning import Desk, require_paper
from enkat.services.rounds.finding import get_round_by_name
from enkat.web import context
from enkat.web.shared.languages import gettext as _


def paper_round(short_name: str) -> SurveyRound:
    """Return the round; a Fault where it takes no paper now."""
    round_ = get_round_by_name(context.session(), short_name)
    require_paper(round_)
    return round_


def desk_of(round_: SurveyRound) -> Desk:
    """Return where sheets of the round are scanned."""
    return Desk(round_.id, round_.short_name, context.settings(), context.secrets(), request.remote_addr or "")


def crumbs(round_: SurveyRound) -> list[tuple[str, str]]:
    """Return the way to a page of a round's paper."""
    way = url_for("paper.batches", short_name=round_.short_name)
    return [(_("Pappersformulär"), url_for("paper.start")), (round_.title, way)]
