"""Sheets that are made for their charts: units by name, and the city from round to round."""

from collections.abc import Iterator, Sequence
from typing import Final

from enkat.documents.tables import Cell, ChartSeries, Column, Sheet, SheetChart
from enkat.languages import sv_key
from enkat.services.results.figures import Figure, View
from enkat.services.results.groups import GroupKind
from enkat.services.results.series import Step, steps_of
from enkat.services.results.tables import PERCENT_DECIMALS, percent_value
from enkat.services.results.trend_lines import FEWEST, moments_of

UNITS_NAME: Final = "Diagram enheter"
TREND_NAME: Final = "Diagram utveckling"
PARTS: Final = (("andel (%)", "share"), ("intervallet nedåt", "below"), ("intervallet uppåt", "above"))


def chart_sheets(view: View) -> Iterator[Sheet]:
    """Give a sheet of units with a chart per core question, and one of the city from round to round."""
    core = [at for at, asked in enumerate(view.questions) if asked.question.core]
    units = sorted(view.groups(GroupKind.UNIT), key=lambda one: sv_key(one[1].name))
    if core and units:
        yield _units(view, core, [index for index, _group in units])
    yield from _trend(view, core)


def _units(view: View, core: Sequence[int], units: Sequence[int]) -> Sheet:
    columns = [Column("Enhet", "unit", 40)]
    charts = []
    for place, question in enumerate(core):
        asked = view.questions[question].question
        columns += [
            Column(f"{asked.text('sv')} {words}", f"{asked.id}_{key}", 14, PERCENT_DECIMALS) for words, key in PARTS
        ]
        first = 1 + len(PARTS) * place
        title = f"{asked.text('sv')} Andel positiva med intervall (95 %)"
        charts.append(SheetChart(title, [ChartSeries("Andel positiva", first, first + 1, first + 2)]))

    def rows() -> Iterator[Sequence[Cell]]:
        for index in units:
            figures = [view.figure(index, question) for question in core]
            yield (_label(figures), *(cell for one in figures for cell in _cells(one.share, one.lo, one.hi)))

    return Sheet(UNITS_NAME, columns, rows(), charts=charts)


def _trend(view: View, core: Sequence[int]) -> Iterator[Sheet]:
    """Give the sheet of the city's core questions, with three columns for every moment; none without two moments."""
    series = [(str(view.questions[question].question.text("sv")), steps_of(view, 0, question)) for question in core]
    moments = moments_of([steps for _text, steps in series])
    if len(moments) < FEWEST:
        return
    columns = [Column("Fråga", "question", 60)]
    bars = []
    for place, (_year, title) in enumerate(moments):
        first = 1 + len(PARTS) * place
        columns += [
            Column(f"{title}: {words}", f"moment{place + 1}_{key}", 14, PERCENT_DECIMALS) for words, key in PARTS
        ]
        bars.append(ChartSeries(title, first, first + 1, first + 2))
    chart = SheetChart("Hela staden: andel positiva med intervall (95 %)", bars)
    yield Sheet(TREND_NAME, columns, (_moments(text, steps, moments) for text, steps in series), charts=[chart])


def _moments(text: str, steps: Sequence[Step], moments: Sequence[tuple[int, str]]) -> Sequence[Cell]:
    at = {(step.year, step.label): step for step in steps}
    row: list[Cell] = [text]
    for moment in moments:
        step = at.get(moment)
        row += (None,) * len(PARTS) if step is None else _cells(step.share, step.lo, step.hi)
    return row


def _label(figures: Sequence[Figure]) -> str:
    """Name a unit, with the mark that stands instead of its figures or beside them."""
    marks = list(dict.fromkeys(figure.mark_text for figure in figures if figure.mark_text))
    return f"{figures[0].group.name} ({', '.join(marks)})" if marks else figures[0].group.name


def _cells(share: float, lo: float, hi: float) -> tuple[Cell, Cell, Cell]:
    """Give a share in percent and how far its interval goes below and above; empty where there is nothing to show."""
    return percent_value(share), percent_value(share - lo), percent_value(hi - share)
