"""Where a round's piles stand, and how well they are keyed."""

from flask import render_template, url_for

from enkat.catalogues import interface_languages
from enkat.languages import LANGUAGES
from enkat.records.paper import PaperBatchState
from enkat.records.paper_queries import rounds_with_paper, uncoded_sheets
from enkat.services.accounts.rights import Right
from enkat.services.paper.accepting import measured
from enkat.services.paper.listing import Pile, piles
from enkat.services.rounds.finding import get_round_by_name
from enkat.web import context
from enkat.web.paper.blueprint import blueprint
from enkat.web.shared.access import requires
from enkat.web.shared.languages import gettext as _
from enkat.web.shared.login import require_actor


@blueprint.get("/")
@requires(Right.OPEN_PAPER, Right.KEY_PAPER, Right.MANAGE_LETTERS)
def start() -> str:
    """List the rounds whose paper is opened and keyed now."""
    actor = require_actor()
    return render_template(
        "paper/start.html",
        rounds=rounds_with_paper(context.session()),
        may_open=actor.may(Right.OPEN_PAPER),
        may_key=actor.may(Right.KEY_PAPER),
        languages=[LANGUAGES[lang] for lang in interface_languages()],
    )


def _next_step(pile: Pile) -> str:
    """Return what is to be done with a pile now."""
    match pile.batch.state:
        case PaperBatchState.FILLING:
            return str(_("Fylls på"))
        case PaperBatchState.ACCEPTED:
            return str(_("Godkänd"))
        case PaperBatchState.KEYING:
            left = len(pile.to_key)
            if pile.batch.attempt > 1:
                return str(_("Skrivs in på nytt: för många fel. %(left)s blad kvar.", left=left))
            return str(_("Skrivs in. %(left)s blad kvar.", left=left))
        case PaperBatchState.CHECKING:
            again, differing = pile.to_key_again, pile.to_decide
            said = []
            if again:
                said.append(_("Någon annan skriver in blad %(places)s en gång till.", places=_listed(again)))
            if differing:
                said.append(_("Avgör vad som står på blad %(places)s.", places=_listed(differing)))
            return " ".join(said)


def _listed(places: list[int]) -> str:
    return ", ".join(str(place) for place in places)


@blueprint.get("/<short_name>/buntar")
@requires(Right.OPEN_PAPER, Right.KEY_PAPER, Right.MANAGE_LETTERS)
def batches(short_name: str) -> str:
    """Show every pile of a round."""
    session, actor = context.session(), require_actor()
    round_ = get_round_by_name(session, short_name)
    found = piles(session, round_.id)
    return render_template(
        "paper/batches.html",
        round=round_,
        piles=[(pile, _next_step(pile)) for pile in found],
        rate=measured(session, round_.id),
        uncoded=uncoded_sheets(session, round_.id),
        may_open=actor.may(Right.OPEN_PAPER),
        may_key=actor.may(Right.KEY_PAPER),
        breadcrumbs=[(_("Pappersformulär"), url_for("paper.start"))],
    )
