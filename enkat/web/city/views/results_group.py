"""One group of a round: a unit, a district or an operating form with all its questions."""

from flask import abort
from flask_babel import gettext as _
from markupsafe import Markup

from enkat.services.accounts.rights import Right
from enkat.services.external_series.showing import SeriesTable, tables_beside
from enkat.services.results.comparing import rest_phrases
from enkat.services.results.figures import Figure
from enkat.services.results.groups import Group, GroupKind
from enkat.services.results.sentences import clients_sentence, sentence
from enkat.services.targets.judging import judge_view
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.views import results_charts as charts
from enkat.web.city.views.results import crumbs, locked_page, open_view, render
from enkat.web.city.views.results_parts import part_rows
from enkat.web.shared.access import requires

CHARTS = (charts.INTERVALS, charts.SPREAD)


@blueprint.get("/resultat/<short_name>/grupp/<key>")
@requires(Right.SEE_INTERNAL_RESULTS)
def results_group(short_name: str, key: str) -> str:
    """Show all questions of one unit, district or operating form: in words, in a table and in a picture."""
    view = open_view(short_name)
    if view is None:
        return locked_page(short_name)
    index = next((at for at in view.visible if view.results.grouping.groups[at].key == key), None)
    if index is None:
        abort(404)
    group = view.results.grouping.groups[index]
    figures = [view.figure(index, question) for question in range(len(view.questions))]
    figures = [figure for figure in figures if figure.clients]
    rows = [(str(figure.asked.question.text("sv")), figure) for figure in figures]
    kind = charts.chosen_chart(CHARTS)
    picture = charts.spread_pictures if kind == charts.SPREAD else _intervals
    return render(
        "group.html",
        view,
        group=group,
        index=index,
        whole=view.widest(index),
        figures=figures,
        said={figure.asked.question.id: sentence(figure, view.marks.level) for figure in figures},
        clients={figure.asked.question.id: clients_sentence(figure) for figure in figures},
        judged=judge_view(context.session(), view),
        words=rest_phrases(view),
        chart=kind,
        charts=charts.chart_choices(CHARTS),
        pictures=picture(rows, group.name, "group") if rows else [],
        part_rows=part_rows(view, index),
        others=_others(group),
        hidden=bool(figures) and not any(figure.shown for figure in figures),
        breadcrumbs=crumbs(view.survey_round),
    )


def _others(group: Group) -> list[SeriesTable]:
    """Return others' results of a unit or a district; operating forms have none."""
    if group.unit is not None:
        return tables_beside(context.session(), unit_id=group.unit.id)
    if group.kind is GroupKind.DISTRICT:
        return tables_beside(context.session(), district_id=group.district_id)
    return []


def _intervals(rows: list[tuple[str, Figure]], title: str, ident: str) -> list[Markup]:
    return [charts.interval_picture(rows, _("Andel positiva: %(name)s", name=title), ident)]
