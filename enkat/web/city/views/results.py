"""Results of a counted round: the list of rounds and the whole city, and what all pages of results share."""

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers import Response

from enkat.records.releases import ReleaseLevel
from enkat.records.rounds import RoundState, SurveyRound
from enkat.services.accounts.rights import Right
from enkat.services.external_series.showing import tables_beside
from enkat.services.results.exporting import log_analyst, view_results
from enkat.services.results.figures import Figure, View
from enkat.services.results.groups import GroupKind
from enkat.services.results.levels import MARK_EXPLANATIONS, MARK_TEXTS
from enkat.services.results.method import METHOD, NOT_COVERED, protection_words, threshold
from enkat.services.results.notes import notes_of
from enkat.services.results.pattern_ordering import order_search, waiting_search
from enkat.services.results.reading import NotCountedFault, find_round, require_counted
from enkat.services.results.sentences import sentence
from enkat.services.targets.judging import judge_view
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.views import results_charts as charts
from enkat.web.city.views.results_parts import part_rows
from enkat.web.city.views.results_units import UnitChoice, unit_options
from enkat.web.shared.access import requires
from enkat.web.shared.formats import sv_date
from enkat.web.shared.login import require_actor

COUNTED = (RoundState.COUNTED, RoundState.DESTROYED)
CHARTS = (charts.INTERVALS, charts.SPREAD, charts.RESPONSE)


def chosen_level() -> ReleaseLevel:
    """Return the level that the page is asked for; internal unless another was chosen that the reader may see."""
    if request.args.get("niva") == ReleaseLevel.PUBLIC.value:
        return ReleaseLevel.PUBLIC
    if request.args.get("niva") != ReleaseLevel.ANALYST.value:
        return ReleaseLevel.INTERNAL
    if not require_actor().may(Right.SEE_ANALYST_RESULTS):
        abort(403)
    return ReleaseLevel.ANALYST


def open_view(short_name: str, *, history: bool = False) -> View | None:
    """Return the results as the reader may see them, None while they are locked; reading everything is logged.

    With ``history`` every counted round before is laid beside, for a trend.
    """
    level = chosen_level()
    try:
        view = view_results(context.session(), require_actor(), short_name, level, history=history)
    except NotCountedFault:
        return None
    if level is ReleaseLevel.ANALYST:
        log_analyst(context.session(), context.clock(), require_actor().account_id, view.survey_round.id, "page")
    return view


def locked_page(short_name: str) -> str:
    """Return the page that says when the answers are opened, or that the search for what to hide is not done."""
    survey_round = find_round(context.session(), short_name)
    return render_template(
        "city/results/locked.html",
        round=survey_round,
        counted=survey_round.state in COUNTED,
        search=waiting_search(context.session(), survey_round.id),
        breadcrumbs=crumbs(),
    )


@blueprint.post("/resultat/<short_name>/sokning")
@requires(Right.SEE_INTERNAL_RESULTS)
def results_search(short_name: str) -> Response:
    """Order the search for what to hide, where it was not made after the count or the data has changed since."""
    survey_round = find_round(context.session(), short_name)
    require_counted(survey_round)
    order_search(context.session(), context.clock(), survey_round.id, require_actor().account_id)
    return redirect(url_for("city.results_round", short_name=short_name))


def crumbs(survey_round: SurveyRound | None = None) -> list[tuple[str, str]]:
    """Return the way to a page of results."""
    way = [(_("Resultat"), url_for("city.results"))]
    if survey_round is not None:
        way.append((survey_round.title, address("city.results_round", short_name=survey_round.short_name)))
    return way


def address(endpoint: str, **arguments: object) -> str:
    """Return a page's address that keeps the chosen level."""
    level = request.args.get("niva")
    kept = {"niva": level} if level in {ReleaseLevel.ANALYST.value, ReleaseLevel.PUBLIC.value} else {}
    return url_for(endpoint, **kept, **arguments)  # type: ignore[arg-type]


def render(template: str, view: View, **values: object) -> str:
    """Render a page of results with what all of them need."""
    actor = require_actor()
    return render_template(
        f"city/results/{template}",
        view=view,
        round=view.survey_round,
        level=view.marks.level,
        analyst=actor.may(Right.SEE_ANALYST_RESULTS),
        threshold=threshold(view),
        protection=protection_words(view.marks.searched),
        legend=[(MARK_TEXTS[mark], text) for mark, text in MARK_EXPLANATIONS.items()],
        method=METHOD,
        not_covered=NOT_COVERED,
        notes=notes_of(view),
        address=address,
        **values,
    )


@blueprint.get("/resultat")
@requires(Right.SEE_INTERNAL_RESULTS)
def results() -> str:
    """List rounds, the newest first."""
    rounds = context.session().scalars(select(SurveyRound).order_by(SurveyRound.opens_on.desc(), SurveyRound.id.desc()))
    rows = [
        (one, _("Räknad") if one.state in COUNTED else _("Svaren öppnas %(day)s", day=sv_date(one.closes_on)))
        for one in rounds
    ]
    return render_template("city/results/index.html", rows=rows, counted=COUNTED)


@blueprint.get("/resultat/<short_name>")
@requires(Right.SEE_INTERNAL_RESULTS)
def results_round(short_name: str) -> str:
    """Show the whole city (and one's own districts): every question, and the way to districts and units."""
    view = open_view(short_name)
    if view is None:
        return locked_page(short_name)
    figures = [view.figure(0, question) for question in range(len(view.questions))]
    choice = UnitChoice.asked()
    wholes = [(group.name, view.widest(index)) for index, group in view.groups(GroupKind.DISTRICT)]
    units = [view.widest(index) for index in _unit_indices(view, choice)]
    kind = charts.chosen_chart(CHARTS)
    return render(
        "round.html",
        view,
        figures=figures,
        whole=view.widest(0),
        lead=[sentence(one, view.marks.level) for one in figures if one.asked.question.core and one.shown],
        judged=judge_view(context.session(), view),
        pictures=_pictures(kind, figures, [(_("Hela staden"), view.widest(0)), *wholes]),
        chart=kind,
        charts=charts.chart_choices(CHARTS),
        part_rows=part_rows(view, 0),
        others=tables_beside(context.session()),
        groups=[group for _index, group in view.groups(GroupKind.DISTRICT, GroupKind.OPERATING_FORM)],
        units=choice.in_order(units),
        choice=choice,
        options=unit_options(view),
        breadcrumbs=crumbs(),
    )


def _unit_indices(view: View, choice: UnitChoice) -> list[int]:
    return [index for index, group in view.groups(GroupKind.UNIT) if choice.fits(group)]


def _pictures(kind: str, figures: list[Figure], response: list[tuple[str, Figure]]) -> list[Markup]:
    """Draw what the reader chose of the whole city."""
    rows = [(str(figure.asked.question.text("sv")), figure) for figure in figures]
    if kind == charts.RESPONSE:
        return [charts.response_picture(response, _("Svarsfrekvens, staden och stadsdelar"), "city")]
    if kind == charts.SPREAD:
        return charts.spread_pictures(rows, _("Så fördelar sig svaren i hela staden"), "city")
    return [charts.interval_picture(rows, _("Andel positiva i hela staden"), "city")]
