"""Results of a counted round: the city, one question over all units, one district, one unit."""

from collections.abc import Callable, Sequence

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from enkat.documents.charts.drawing import Caption, Interval
from enkat.documents.charts.intervals import interval_chart
from enkat.languages import sv_key
from enkat.records.releases import ReleaseLevel
from enkat.records.rounds import RoundState, SurveyRound
from enkat.services.accounts.rights import Right
from enkat.services.results.computing import Breakdown
from enkat.services.results.exporting import log_analyst, view_results
from enkat.services.results.figures import Figure, View
from enkat.services.results.groups import GroupKind
from enkat.services.results.levels import MARK_EXPLANATIONS, MARK_TEXTS
from enkat.services.results.method import METHOD, threshold
from enkat.services.results.reading import find_round
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.shared.access import requires
from enkat.web.shared.formats import sv_date
from enkat.web.shared.login import require_actor

COUNTED = (RoundState.COUNTED, RoundState.DESTROYED)
SORTS: dict[str, Callable[[Figure], object]] = {
    "namn": lambda figure: sv_key(figure.group.name),
    "stadsdel": lambda figure: sv_key(figure.group.unit.district_name if figure.group.unit else ""),
    "regiform": lambda figure: sv_key(figure.group.unit.operating_form_label if figure.group.unit else ""),
    "brukare": lambda figure: figure.clients,
    "svar": lambda figure: figure.answered,
    "svarsfrekvens": lambda figure: figure.response_rate if figure.shown else -1.0,
    "andel": lambda figure: figure.share if figure.shown else -1.0,
}
CHART_LIMIT = 40


def chosen_level() -> ReleaseLevel:
    """Return the level that the page is asked for; internal unless an analyst chose otherwise."""
    if request.args.get("niva") != ReleaseLevel.ANALYST.value:
        return ReleaseLevel.INTERNAL
    if not require_actor().may(Right.SEE_ANALYST_RESULTS):
        abort(403)
    return ReleaseLevel.ANALYST


def open_view(short_name: str) -> View:
    """Return the results as the reader may see them; reading without suppression is logged."""
    level = chosen_level()
    view = view_results(context.session(), require_actor(), short_name, level)
    if level is ReleaseLevel.ANALYST:
        log_analyst(context.session(), context.clock(), require_actor().account_id, view.survey_round.id, "page")
    return view


def locked_page(survey_round: SurveyRound) -> str | None:
    """Return the page that says when the answers are opened, while they are locked."""
    if survey_round.state in COUNTED:
        return None
    return render_template("city/results/locked.html", round=survey_round, breadcrumbs=crumbs())


def crumbs(survey_round: SurveyRound | None = None) -> list[tuple[str, str]]:
    """Return the way to a page of results."""
    way = [(_("Resultat"), url_for("city.results"))]
    if survey_round is not None:
        way.append((survey_round.title, address("city.results_round", short_name=survey_round.short_name)))
    return way


def address(endpoint: str, **arguments: object) -> str:
    """Return a page's address that keeps the chosen level."""
    level = request.args.get("niva")
    kept = {"niva": level} if level == ReleaseLevel.ANALYST.value else {}
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
        legend=[(MARK_TEXTS[mark], text) for mark, text in MARK_EXPLANATIONS.items()],
        method=METHOD,
        address=address,
        **values,
    )


def chart(figures: Sequence[Figure], labels: Sequence[str], title: str, ident: str) -> Markup:
    """Draw figures with their intervals; the picture's text is escaped by the writer of the chart."""
    rows = [
        Interval(label, figure.share, figure.lo, figure.hi, figure.mark_text)
        for label, figure in zip(labels, figures, strict=True)
    ]
    description = _("Andel positiva svar med intervall (95 %). Samma siffror står i tabellen.")
    return Markup(interval_chart(rows, Caption(title, description, ident)))  # noqa: S704 - escaped there


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
    """Show the whole city (and one's own districts): every question with its interval and the round before."""
    survey_round = find_round(context.session(), short_name)
    if locked := locked_page(survey_round):
        return locked
    view = open_view(short_name)
    figures = [view.figure(0, question) for question in range(len(view.questions))]
    labels = [str(figure.asked.question.text("sv")) for figure in figures]
    groups = [group for _index, group in view.groups(GroupKind.DISTRICT, GroupKind.OPERATING_FORM)]
    units = [group for _index, group in view.groups(GroupKind.UNIT)]
    return render(
        "round.html",
        view,
        figures=figures,
        picture=chart(figures, labels, _("Hela staden"), "city"),
        groups=groups,
        units=sorted(units, key=lambda group: sv_key(group.name)),
        breadcrumbs=crumbs(),
    )


@blueprint.get("/resultat/<short_name>/fraga/<question_id>")
@requires(Right.SEE_INTERNAL_RESULTS)
def results_question(short_name: str, question_id: str) -> str:
    """Show one question over districts, operating forms and units; the table of units sorts."""
    survey_round = find_round(context.session(), short_name)
    if locked := locked_page(survey_round):
        return locked
    view = open_view(short_name)
    question = view.question_index.get(question_id)
    if question is None:
        abort(404)
    sort = request.args.get("sort", "namn")
    order = "desc" if request.args.get("order") == "desc" else "asc"
    units = [view.figure(index, question) for index, _group in view.groups(GroupKind.UNIT)]
    units = sorted(units, key=lambda figure: sv_key(figure.group.name))
    units.sort(key=SORTS.get(sort, SORTS["namn"]), reverse=order == "desc")  # type: ignore[arg-type]
    kinds = (GroupKind.CITY, GroupKind.DISTRICT, GroupKind.OPERATING_FORM)
    wholes = [view.figure(index, question) for index, _group in view.groups(*kinds)]
    shown = [figure for figure in units if figure.clients][:CHART_LIMIT]
    return render(
        "question.html",
        view,
        asked=view.questions[question],
        units=units,
        wholes=wholes,
        sort=sort if sort in SORTS else "namn",
        order=order,
        whole_chart=chart(wholes, [f.group.name for f in wholes], _("Staden, stadsdelar och regiformer"), "wholes"),
        unit_chart=chart(shown, [figure.group.name for figure in shown], _("Enheter"), "units"),
        chart_limit=CHART_LIMIT if len(units) > CHART_LIMIT else None,
        breadcrumbs=crumbs(survey_round),
    )


@blueprint.get("/resultat/<short_name>/grupp/<key>")
@requires(Right.SEE_INTERNAL_RESULTS)
def results_group(short_name: str, key: str) -> str:
    """Show all questions of one unit, district or operating form, with distributions and breakdowns."""
    survey_round = find_round(context.session(), short_name)
    if locked := locked_page(survey_round):
        return locked
    view = open_view(short_name)
    groups = {view.results.grouping.groups[index].key: index for index in view.visible}
    if key not in groups:
        abort(404)
    index = groups[key]
    figures = [view.figure(index, question) for question in range(len(view.questions))]
    figures = [figure for figure in figures if figure.clients]
    labels = [str(figure.asked.question.text("sv")) for figure in figures]
    group = view.results.grouping.groups[index]
    parts = [breakdown for breakdown in view.results.layers if breakdown is not Breakdown.ALL]
    rows = [
        (view.questions[question], [view.figure(index, question, breakdown) for breakdown in parts])
        for question in range(len(view.questions))
        if view.figure(index, question).clients
    ]
    return render(
        "group.html",
        view,
        group=group,
        figures=figures,
        picture=chart(figures, labels, group.name, "group"),
        parts=parts,
        part_rows=rows,
        hidden=bool(figures) and not any(figure.shown for figure in figures),
        breadcrumbs=crumbs(survey_round),
    )
