"""A counted round's quality: response, representativity, weights, and the declaration."""

from flask_babel import gettext as _
from markupsafe import Markup

from enkat.documents.charts.drawing import Caption
from enkat.documents.charts.response import response_chart
from enkat.services.accounts.rights import Right
from enkat.services.results.declaration import declaration
from enkat.services.results.quality import quality_of
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.views.results import crumbs, locked_page, open_view, render
from enkat.web.shared.access import requires

CHART_LIMIT = 120


@blueprint.get("/resultat/<short_name>/kvalitet")
@requires(Right.SEE_INTERNAL_RESULTS)
def results_quality(short_name: str) -> str:
    """Show who answered, how far the figures move with other choices, and the quality declaration."""
    view = open_view(short_name)
    if view is None:
        return locked_page(short_name)
    quality = quality_of(context.session(), view)
    caption = Caption(_("Svarsfrekvens per enhet"), _("Stapeln är andelen av de tillfrågade som svarade."), "response")
    picture = response_chart(quality.units[:CHART_LIMIT], caption)
    return render(
        "quality.html",
        view,
        quality=quality,
        sections=declaration(view, quality),
        picture=Markup(picture),  # noqa: S704 - escaped by the writer of the chart
        chart_limit=CHART_LIMIT if len(quality.units) > CHART_LIMIT else None,
        breadcrumbs=crumbs(view.survey_round),
    )
