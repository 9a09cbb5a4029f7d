"""Rounds: the list, one round with its wheel, opening, closing, status while it is open."""

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from enkat.clock import today
from enkat.instruments.catalogue import Catalogue
from enkat.instruments.faults import InstrumentFaults
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.rounds_queries import historic_rounds, rounds_newest_first
from enkat.services.accounts.rights import Actor, Right
from enkat.services.faults import Fault
from enkat.services.rounds.closing import close_round
from enkat.services.rounds.finding import STATE_WORDS, RoundFaults, get_round_by_name
from enkat.services.rounds.opening import open_round
from enkat.services.rounds.particulars import missing_particulars
from enkat.services.rounds.planning import next_due_year
from enkat.services.rounds.practice import EXPLANATION
from enkat.services.rounds.promise import frozen_promise
from enkat.services.rounds.status import status_board
from enkat.services.rounds.yearwheel import next_round_year, year_wheel
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.rounds import CloseForm, OpenForm
from enkat.web.city.surveys import present_catalogue
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell
from enkat.web.shared.login import require_actor

STATE_TAGS = {
    RoundState.PLANNED: "info",
    RoundState.OPEN: "good",
    RoundState.CLOSED: "warning",
    RoundState.COUNTED: "neutral",
    RoundState.DESTROYED: "neutral",
}


def manager() -> Actor:
    """Return who acts; a round is managed for the whole city only."""
    actor = require_actor()
    if not actor.may(Right.MANAGE_ROUNDS):
        abort(403)
    return actor


def crumbs(round_: SurveyRound | None = None) -> list[tuple[str, str]]:
    """Return the way to a page of rounds."""
    way = [(_("Omgångar"), url_for("city.rounds"))]
    if round_ is not None:
        way.append((round_.title, url_for("city.round", short_name=round_.short_name)))
    return way


def catalogue() -> Catalogue:
    """Return the city's definitions; a Fault where a file is faulty."""
    try:
        return present_catalogue()
    except InstrumentFaults as found:
        raise Fault(_("Enkäternas filer har fel. Det första: %(fault)s", fault=found.faults[0])) from found


def find(short_name: str) -> SurveyRound:
    """Return the round of an address."""
    return get_round_by_name(context.session(), short_name)


def note_of(round_: SurveyRound | None) -> str:
    """Return what must stand above everything on a round's pages: whose own survey it is, that it is practice."""
    if round_ is None:
        return ""
    return " ".join(filter(None, [f"{round_.label}." if round_.label else "", EXPLANATION if round_.practice else ""]))


def render(template: str, round_: SurveyRound | None = None, **values: object) -> str:
    """Render a page of a round with what all of them show."""
    shared: dict[str, object] = {
        "round": round_,
        "practice": note_of(round_),
        "breadcrumbs": crumbs(round_),
        "state_words": STATE_WORDS,
        "state_tags": STATE_TAGS,
        "may_manage": require_actor().may(Right.MANAGE_ROUNDS),
    }
    return render_template(f"city/{template}.html", **{**shared, **values})


@blueprint.get("/omgangar")
@requires(Right.SEE_ROUNDS)
def rounds() -> str:
    """List all rounds, and the earlier ones that are known as aggregates."""
    session = context.session()
    return render(
        "rounds/list",
        rounds=rounds_newest_first(session),
        historic=historic_rounds(session),
        next_year=next_round_year(session),
        breadcrumbs=[],
    )


@blueprint.get("/omgangar/<short_name>", endpoint="round")
@requires(Right.SEE_ROUNDS)
def round_overview(short_name: str) -> str:
    """Show a round: its wheel, what comes next, its particulars."""
    session, round_ = context.session(), find(short_name)
    actor = require_actor()
    planned = round_.state is RoundState.PLANNED
    lacks = missing_particulars(session, round_.id, catalogue()) if planned else []
    return render(
        "rounds/overview",
        round_,
        steps=year_wheel(session, context.clock(), round_),
        lacks=lacks,
        next_year=next_due_year(round_),
        promise=frozen_promise(round_)["sv"],
        may_letters=actor.may(Right.MANAGE_LETTERS),
        may_protected=actor.may(Right.HANDLE_PROTECTED),
        breadcrumbs=crumbs(),
    )


@blueprint.route("/omgangar/<short_name>/oppna", methods=["GET", "POST"])
@requires(Right.MANAGE_ROUNDS)
def round_open(short_name: str) -> str | Response:
    """Show what opening freezes, and open."""
    actor, session, round_ = manager(), context.session(), find(short_name)
    form, lacks = OpenForm(), missing_particulars(session, round_.id, catalogue())
    if form.validate_on_submit():
        try:
            open_round(
                session,
                context.clock(),
                context.settings(),
                context.secrets(),
                round_.id,
                actor.account_id,
                catalogue(),
            )
        except RoundFaults as fault:
            lacks = fault.sentences
            form.form_errors.append(fault.heading)
        except Fault as fault:
            tell(form, fault)
        else:
            flash(_("Omgången är öppen. Nästa steg är att skriva ut breven."), "good")
            return redirect(url_for("city.round", short_name=short_name))
    return render("rounds/open", round_, form=form, lacks=lacks, promise=frozen_promise(round_)["sv"])


@blueprint.route("/omgangar/<short_name>/stang", methods=["GET", "POST"])
@requires(Right.MANAGE_ROUNDS)
def round_close(short_name: str) -> str | Response:
    """Say what closing means, and close."""
    actor, session, round_ = manager(), context.session(), find(short_name)
    form = CloseForm()
    if form.validate_on_submit():
        try:
            close_round(session, context.clock(), round_.id, actor.account_id, early=True)
        except Fault as fault:
            tell(form, fault)
        else:
            flash(_("Omgången är stängd. Nu kan svaren räknas."), "good")
            return redirect(url_for("city.round", short_name=short_name))
    board = status_board(session, round_.id)
    early = round_.closes_on >= today(context.clock())
    return render("rounds/close", round_, form=form, total=board.total, early=early)
