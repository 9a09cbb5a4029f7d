"""One question of a round: city, districts and operating forms, and every unit."""

from flask import abort, request
from flask_babel import gettext as _
from markupsafe import Markup

from enkat.services.accounts.rights import Right
from enkat.services.results.case_mix import forms_standardised
from enkat.services.results.comparing import funnel_of, pooled_figures, rest_phrases
from enkat.services.results.figures import Figure, View
from enkat.services.results.groups import GroupKind
from enkat.services.results.sentences import sentence
from enkat.services.results.series import Step, steps_of
from enkat.services.targets.judging import judge_view
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.views import results_charts as charts
from enkat.web.city.views.results import crumbs, locked_page, open_view, render
from enkat.web.city.views.results_units import UnitChoice, unit_figures, unit_options
from enkat.web.shared.access import requires

CHARTS = (charts.INTERVALS, charts.SPREAD, charts.FUNNEL, charts.POOLED, charts.TREND)
CHART_LIMIT = 120
WHOLES = (GroupKind.CITY, GroupKind.DISTRICT, GroupKind.OPERATING_FORM)


@blueprint.get("/resultat/<short_name>/fraga/<question_id>")
@requires(Right.SEE_INTERNAL_RESULTS)
def results_question(short_name: str, question_id: str) -> str:
    """Show one question over districts, operating forms and units; the table of units sorts, the pictures do not."""
    choice, kind = UnitChoice.asked(), charts.chosen_chart(CHARTS)
    view = open_view(short_name, history=kind == charts.TREND)
    if view is None:
        return locked_page(short_name)
    question = view.question_index.get(question_id)
    if question is None:
        abort(404)
    kinds = (charts.SPREAD,) if view.questions[question].only_spread else CHARTS
    kind = kind if kind in kinds else kinds[0]
    units = unit_figures(view, question, choice)
    judged = judge_view(context.session(), view)
    aimed = {view.results.grouping.groups[group].kind for group, at in judged.shares if at == question}
    followed = _followed(view, question) if kind == charts.TREND else []
    return render(
        "question.html",
        view,
        asked=view.questions[question],
        question=question,
        lead=sentence(view.figure(0, question), view.marks.level),
        wholes=[view.figure(index, question) for index, _group in view.groups(*WHOLES)],
        forms=forms_standardised(view, question),
        units=choice.in_order(units),
        judged=judged,
        whole_targets=not aimed.isdisjoint(WHOLES),
        unit_targets=GroupKind.UNIT in aimed,
        words=rest_phrases(view),
        at={group.key: index for index, group in enumerate(view.results.grouping.groups)},
        chart=kind,
        charts=charts.chart_choices(kinds),
        pictures=_trend(followed) if kind == charts.TREND else _pictures(kind, view, question, units),
        followed=followed,
        chart_limit=CHART_LIMIT if len(units) > CHART_LIMIT else None,
        choice=choice,
        options=unit_options(view),
        breadcrumbs=crumbs(view.survey_round),
    )


def _pictures(kind: str, view: View, question: int, units: list[Figure]) -> list[Markup]:
    """Draw what the reader chose; units stand by name, whatever the table is sorted by."""
    wholes = [(group.name, view.figure(index, question)) for index, group in view.groups(*WHOLES)]
    rows = [(figure.group.name, figure) for figure in units if figure.clients][:CHART_LIMIT]
    if kind == charts.FUNNEL:
        data = funnel_of(view, question)
        return [] if data is None else [charts.funnel_picture(view, question, data, _("Enheterna i en tratt"), "units")]
    if kind == charts.POOLED:
        return charts.pooled_pictures(pooled_figures(view, question, rows))
    if kind == charts.SPREAD:
        every = charts.spread_pictures(wholes, _("Så fördelar sig svaren i staden och stadsdelarna"), "wholes")
        return every + (charts.spread_pictures(rows, _("Så fördelar sig svaren i enheterna"), "units") if rows else [])
    every = [charts.interval_picture(wholes, _("Staden, stadsdelar och regiformer"), "wholes")]
    return every + ([charts.interval_picture(rows, _("Enheter"), "units")] if rows else [])


def _trend(followed: list[tuple[str, list[Step]]]) -> list[Markup]:
    drawn = charts.trend_picture(followed, _("Utveckling"), "trend")
    return [] if drawn is None else [drawn]


def _followed(view: View, question: int) -> list[tuple[str, list[Step]]]:
    """Return the series of the group that the reader follows over time, and of the city."""
    wanted = request.args.get("grupp", "")
    city = (_("Hela staden"), steps_of(view, 0, question))
    found = [
        (group.name, steps_of(view, index, question))
        for index, group in view.groups(*GroupKind)
        if group.key == wanted and wanted != "city"
    ]
    return [*found, city]
