"""Pictures on the pages of results: which there are, and figures turned into them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from flask import request
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from enkat.documents.charts.distribution import Distribution, Part, distribution_chart
from enkat.documents.charts.drawing import Caption, Interval
from enkat.documents.charts.funnel import FunnelLimits, FunnelPoint, funnel_chart
from enkat.documents.charts.intervals import interval_chart
from enkat.documents.charts.response import response_chart
from enkat.documents.charts.trend import trend_chart
from enkat.services.results.comparing import FunnelData
from enkat.services.results.figures import Figure, View
from enkat.services.results.series import Step
from enkat.services.results.trend_lines import trend_lines

INTERVALS, SPREAD, RESPONSE = "intervall", "fordelning", "svar"
FUNNEL, POOLED, TREND = "tratt", "utjamnat", "utveckling"
NAMES: Final[Mapping[str, LazyString]] = {
    INTERVALS: _l("Intervall"),
    SPREAD: _l("Fördelning"),
    RESPONSE: _l("Svarsfrekvens"),
    FUNNEL: _l("Tratt"),
    POOLED: _l("Utjämnat"),
    TREND: _l("Utveckling"),
}
DASHES: Final = ("6 4", "", "2 4")


def chosen_chart(kinds: Sequence[str]) -> str:
    """Return the picture that the page is asked for, the first one if it has no such picture."""
    wanted = request.args.get("bild", "")
    return wanted if wanted in kinds else kinds[0]


def chart_choices(kinds: Sequence[str]) -> list[tuple[str, LazyString]]:
    """Return keys and names of a page's pictures."""
    return [(kind, NAMES[kind]) for kind in kinds]


def _markup(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704 - the writer of the chart escapes every text


def interval_picture(
    rows: Sequence[tuple[str, Figure]], title: str, ident: str, *, target: float | None = None
) -> Markup:
    """Draw figures with their intervals; filter questions have none."""
    drawn = [
        Interval(label, figure.share, figure.lo, figure.hi, figure.mark_text)
        for label, figure in rows
        if not figure.asked.only_spread
    ]
    description = _("Andel positiva svar med intervall (95 %). Samma siffror står i tabellen.")
    return _markup(interval_chart(drawn, Caption(title, description, ident), target=target))


def pooled_pictures(rows: Sequence[tuple[str, Figure]]) -> list[Markup]:
    """Draw the pooled view of units, saying that it stands beside the units' own figures and never instead of them."""
    if not rows:
        return []
    drawn = [Interval(label, figure.share, figure.lo, figure.hi, figure.mark_text) for label, figure in rows]
    description = _(
        "Utjämnade andelar: varje enhet dragen mot stadens mitt, mer ju färre som svarat. De ersätter inte enhetens "
        "egna siffror i tabellen."
    )
    return [_markup(interval_chart(drawn, Caption(_("Enheterna, utjämnade"), description, "pooled")))]


def spread_pictures(rows: Sequence[tuple[str, Figure]], title: str, ident: str) -> list[Markup]:
    """Draw distributions: one picture per scale, since answers that differ cannot share a legend."""
    by_scale: dict[str, list[Distribution]] = defaultdict(list)
    for label, figure in rows:
        parts = [Part(option.label, option.share, option.positive) for option in figure.options]
        by_scale[figure.asked.scale.ref].append(Distribution(label, parts, figure.mark_text))
    description = _("Så fördelar sig svaren. Positiva svar står med fet stil. Samma siffror står i tabellen.")
    return [
        _markup(distribution_chart(drawn, Caption(title, description, f"{ident}-{number}")))
        for number, drawn in enumerate(by_scale.values(), start=1)
    ]


def response_picture(rows: Sequence[tuple[str, Figure]], title: str, ident: str) -> Markup:
    """Draw how many of those asked answered."""
    drawn = [replace(figure.response, label=label) for label, figure in rows]
    description = _("Svarande av dem som tillfrågades. Samma siffror står i tabellen.")
    return _markup(response_chart(drawn, Caption(title, description, ident)))


def funnel_picture(view: View, question: int, data: FunnelData, title: str, ident: str) -> Markup:
    """Draw the units of a question within the limits of chance."""
    points = []
    for group in data.groups:
        figure = view.figure(group, question)
        outside = data.zone[group] == 2  # noqa: PLR2004 - beyond the outer limit
        points.append(FunnelPoint(figure.group.name, figure.answered, figure.share, outside))
    limits = [
        FunnelLimits(one.label, one.answered, one.lower, one.upper, dash)
        for one, dash in zip(data.limits, DASHES, strict=False)
    ]
    description = _("Enheternas andelar efter antal svar, med gränser för slumpen. Samma siffror står i tabellen.")
    caption = Caption(title, description, ident)
    return _markup(funnel_chart(points, limits, caption, mean=data.mean, hidden=data.hidden))


def trend_picture(lines: Sequence[tuple[str, Sequence[Step]]], title: str, ident: str) -> Markup | None:
    """Draw series over all their moments; None where there are fewer than two."""
    drawn = trend_lines(lines)
    if drawn is None:
        return None
    description = _("Andel positiva svar över tid, med intervall (95 %). Samma siffror står i tabellen.")
    return _markup(trend_chart(drawn, Caption(title, description, ident)))
