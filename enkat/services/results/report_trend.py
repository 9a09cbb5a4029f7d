"""The part of a unit's report that follows it from round to round; only where there are more than two to follow."""

from collections.abc import Sequence
from typing import Any, Final

from enkat.documents.charts.drawing import Caption, Interval
from enkat.documents.charts.trend import trend_chart
from enkat.documents.numbers import NO_BREAK
from enkat.services.results.figures import Figure, View
from enkat.services.results.series import Step, steps_of
from enkat.services.results.trend_lines import moments_of, trend_lines

FEWEST: Final = 3
"""Two rounds are compared at each question already."""
HOW: Final = (
    "Andel positiva svar med intervall (95 %). Ord om förändring gäller bara omgången före och står vid varje fråga. "
    "Ett streck i bilden betyder att det före och efter inte går att jämföra."
)


def report_trend(view: View, group: int, name: str, figures: Sequence[Figure]) -> dict[str, Any] | None:
    """Return the picture of how things are as a whole, and every question's figures; None with too few rounds."""
    series = [(figure, steps_of(view, group, view.question_index[figure.asked.question.id])) for figure in figures]
    moments = moments_of([steps for _figure, steps in series])
    if len(moments) < FEWEST:
        return None
    rows, remarks = [], list[str]()
    for figure, steps in series:
        at = {(step.year, step.label): step for step in steps}
        cells = [_cell(at.get(moment), remarks) for moment in moments]
        rows.append([str(figure.asked.question.text("sv")), *cells])
    years = [str(year) for year, _title in moments]
    headings = years if len(set(years)) == len(years) else [title for _year, title in moments]
    return {
        "how": f"{HOW} Bilden: {series[_whole_at(series)][0].asked.question.text('sv')}",
        "picture": _whole(view, group, name, series),
        "headings": ["Fråga", *headings],
        "rows": rows,
        "remarks": [f"{number}) {remark}" for number, remark in enumerate(remarks, start=1)],
    }


def _cell(step: Step | None, remarks: list[str]) -> str:
    """Return a figure and the number of its remark, which is added to those before it where it is new."""
    if step is None:
        return "–"
    figure = Interval("", step.share, step.lo, step.hi).numbers or "–"
    if not step.remark:
        return figure
    if step.remark not in remarks:
        remarks.append(step.remark)
    return f"{figure}{NO_BREAK}{remarks.index(step.remark) + 1})"


def _whole_at(series: Sequence[tuple[Figure, Sequence[Step]]]) -> int:
    """Return where the question stands that sums the others up; the first where nobody was asked it."""
    asked = [figure.asked.question.id for figure, _steps in series]
    return asked.index("overall_satisfaction") if "overall_satisfaction" in asked else 0


def _whole(view: View, group: int, name: str, series: Sequence[tuple[Figure, Sequence[Step]]]) -> dict[str, str] | None:
    """Draw how things are as a whole, beside the city."""
    figure, steps = series[_whole_at(series)]
    text, at = str(figure.asked.question.text("sv")), view.question_index[figure.asked.question.id]
    lines = [(name, steps), *([("Hela staden", steps_of(view, 0, at))] if group else [])]
    drawn = trend_lines(lines)
    if drawn is None:
        return None
    words = "; ".join(
        f"{line.label}: {', '.join(f'{point.figure.label} {point.figure.figure}' for point in line.points)}"
        for line in drawn
    )
    return picture(trend_chart(drawn, Caption(f"{text} Utveckling", words, "trend")), f"{text} Utveckling. {words}")


def picture(svg: str, words: str) -> dict[str, str]:
    """Put a picture together with the words that stand for it."""
    return {"svg": svg, "alt": words.replace(NO_BREAK, " ")}
