"""Results as tables: a sheet per level for workbooks and JSON, one long table for CSV."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from enkat.documents.numbers import rounded
from enkat.documents.tables import Cell, Column, Sheet
from enkat.services.results.computing import Breakdown
from enkat.services.results.figures import METHOD_TEXTS, Figure, View
from enkat.services.results.groups import Group, GroupKind
from enkat.services.results.method import read_me
from enkat.services.results.releases import Edition
from enkat.services.results.series import Step, moment_of, steps_of

PERCENT_DECIMALS: Final = 1

UNIT_COLUMNS: Final = (
    Column("Enhet", "unit", 10),
    Column("Namn", "name", 34),
    Column("Utförare", "provider", 30),
    Column("Regiform", "operating_form", 14),
    Column("Stadsdel", "district", 24),
)
QUESTION_COLUMNS: Final = (
    Column("Fråga", "question", 26),
    Column("Frågans text", "wording", 48),
    Column("Kärnfråga", "core", 10),
)
FIGURE_COLUMNS: Final = (
    Column("Brukare (N)", "clients", 10),
    Column("Tillfrågade", "invited", 11),
    Column("Ej längre brukare", "ineligible", 11),
    Column("Svarande", "respondents", 10),
    Column("Svarsfrekvens (%)", "response_rate_percent", 12, PERCENT_DECIMALS),
    Column("Svar på frågan (n)", "answered", 10),
    Column("Andel positiva (%)", "share_positive_percent", 10, PERCENT_DECIMALS),
    Column("Intervall från (%)", "lower_percent", 10, PERCENT_DECIMALS),
    Column("Intervall till (%)", "upper_percent", 10, PERCENT_DECIMALS),
    Column("Minst så många brukare", "lower_clients", 12),
    Column("Högst så många brukare", "upper_clients", 12),
    Column("Av så många brukare", "interval_population", 12),
    Column("Vet inte (%)", "does_not_know_percent", 9, PERCENT_DECIMALS),
    Column("Obesvarat (%)", "blank_percent", 10, PERCENT_DECIMALS),
    Column("Märkning", "mark", 22),
    Column("Metod", "method", 22),
)
EARLIER_COLUMNS: Final = (
    Column("Omgången före: andel positiva (%)", "earlier_share_percent", 12, PERCENT_DECIMALS),
    Column("Omgången före: från (%)", "earlier_lower_percent", 12, PERCENT_DECIMALS),
    Column("Omgången före: till (%)", "earlier_upper_percent", 12, PERCENT_DECIMALS),
    Column("Omgången före: jämförbarhet", "earlier_comparability", 16),
    Column("Förändring i ord", "change", 40),
)
BREAKDOWN_COLUMNS: Final = (
    Column("Urval", "breakdown", 14),
    *FIGURE_COLUMNS[:1],
    *FIGURE_COLUMNS[5:9],
    *FIGURE_COLUMNS[12:],
    Column("Siffran företräder (brukare)", "represented", 12),
)
OLDER_PARTS: Final = ("andel positiva (%)", "från (%)", "till (%)", "anmärkning")
"""Of every counted round older than the one before, which alone is compared in words."""
TREND_COLUMNS: Final = (
    Column("År", "year", 7),
    Column("Omgång", "round", 30),
    Column("Andel positiva (%)", "share_positive_percent", 10, PERCENT_DECIMALS),
    Column("Intervall från (%)", "lower_percent", 10, PERCENT_DECIMALS),
    Column("Intervall till (%)", "upper_percent", 10, PERCENT_DECIMALS),
    Column("Jämförbar med omgången före", "joined", 14),
    Column("Anmärkning", "remark", 50),
)
SHORT_COLUMNS: Final = (Column("Nivå", "level", 12), *UNIT_COLUMNS[:2], QUESTION_COLUMNS[0])
LISTED: Final = (GroupKind.CITY, GroupKind.DISTRICT, GroupKind.OPERATING_FORM, GroupKind.UNIT)


def sheets(view: View) -> Iterator[Sheet]:
    """Give every sheet of a workbook, the explanation first."""
    yield read_me(view)
    if view.edition is not None:
        yield _changes(view.edition)
    yield _level(view, "Staden", GroupKind.CITY, (Column("Nivå", "level", 16),))
    yield _level(view, "Stadsdelar", GroupKind.DISTRICT, (Column("Stadsdel", "district", 28),))
    yield _level(view, "Enheter", GroupKind.UNIT, UNIT_COLUMNS)
    if any(True for _ in view.groups(GroupKind.OPERATING_FORM)):
        yield _level(view, "Regiform", GroupKind.OPERATING_FORM, (Column("Regiform", "operating_form", 18),))
    if Breakdown.WOMEN in view.results.layers:
        yield _breakdown(view, "Kön", (Breakdown.WOMEN, Breakdown.MEN))
    if Breakdown.WITHOUT_PROXIES in view.results.layers:
        yield _breakdown(view, "Utan ombud", (Breakdown.ALL, Breakdown.WITHOUT_PROXIES))
    yield _distribution(view)
    if view.past or view.aggregates:
        yield _trend(view)


def long_rows(view: View) -> Iterator[Sequence[Cell]]:
    """Give one table of everything, headings first, for CSV."""
    older = [moment_of(past.view.survey_round) for past in view.past[1:]]
    columns = (
        Column("Nivå", "level"),
        *UNIT_COLUMNS,
        Column("Urval", "breakdown"),
        *QUESTION_COLUMNS,
        *FIGURE_COLUMNS,
        *EARLIER_COLUMNS,
        *(Column(f"{title}: {words}", "") for _year, title in older for words in OLDER_PARTS),
    )
    changed = _changed_cells(view.edition)
    yield [column.heading for column in columns] + (["Ändrad sedan förra utgåvan"] if view.edition else [])
    for kind in LISTED:
        for breakdown in view.results.layers:
            for group, figure in _figures(view, kind, breakdown):
                names = _names(group)
                question = _question(figure)
                row = (kind.label, *names, breakdown.label, *question, *_values(figure), *_earlier(figure))
                row += tuple(_older(view, figure, older)) if older else ()
                cell = (group.key, breakdown.label, figure.asked.question.id)
                yield (*row, changed.get(cell)) if view.edition else row


def _figures(view: View, kind: GroupKind, breakdown: Breakdown = Breakdown.ALL) -> Iterator[tuple[Group, Figure]]:
    for index, group in view.groups(kind):
        for question in range(len(view.questions)):
            yield group, view.figure(index, question, breakdown)


def _level(view: View, name: str, kind: GroupKind, columns: Sequence[Column]) -> Sheet:
    def rows() -> Iterator[Sequence[Cell]]:
        for group, figure in _figures(view, kind):
            names = _names(group) if kind is GroupKind.UNIT else (group.name,)
            yield (*names, *_question(figure), *_values(figure), *_earlier(figure))

    frozen = 2 if kind is GroupKind.UNIT else 1
    return Sheet(name, (*columns, *QUESTION_COLUMNS, *FIGURE_COLUMNS, *EARLIER_COLUMNS), rows(), frozen_columns=frozen)


def _breakdown(view: View, name: str, breakdowns: Sequence[Breakdown]) -> Sheet:
    def rows() -> Iterator[Sequence[Cell]]:
        for kind in LISTED:
            for index, group in view.groups(kind):
                for question in range(len(view.questions)):
                    for breakdown in breakdowns:
                        figure = view.figure(index, question, breakdown)
                        values = _values(figure)
                        picked = (*values[:1], *values[5:9], *values[12:], _count(figure.represented))
                        yield (*_short(group), figure.asked.question.id, breakdown.label, *picked)

    return Sheet(name, (*SHORT_COLUMNS, *BREAKDOWN_COLUMNS), rows(), frozen_columns=3)


def _distribution(view: View) -> Sheet:
    def rows() -> Iterator[Sequence[Cell]]:
        for kind in LISTED:
            for group, figure in _figures(view, kind):
                head = (*_short(group), figure.asked.question.id)
                if not figure.shown:
                    yield (*head, None, None, None, None, None, figure.mark_text)
                for option in figure.options:
                    positive = None if figure.asked.only_spread else "ja" if option.positive else "nej"
                    yield (
                        *head,
                        option.code,
                        option.label,
                        positive,
                        _count(option.count),
                        percent_value(option.share),
                        None,
                    )

    columns = (
        *SHORT_COLUMNS,
        Column("Kod", "code", 7),
        Column("Svar", "option", 26),
        Column("Positivt", "positive", 9),
        Column("Antal", "count", 9),
        Column("Andel (%)", "share_percent", 10, PERCENT_DECIMALS),
        Column("Märkning", "mark", 22),
    )
    return Sheet("Fördelning", columns, rows(), frozen_columns=3)


def _trend(view: View) -> Sheet:
    """List every figure from round to round, a moment a row."""

    def rows() -> Iterator[Sequence[Cell]]:
        for index, group in view.groups(*LISTED):
            for question, asked in enumerate(view.questions):
                steps = steps_of(view, index, question)
                for number, step in enumerate(steps):
                    joined = None if not number else "nej" if step.broken or math.isnan(step.share) else "ja"
                    yield (
                        *_short(group),
                        asked.question.id,
                        step.year,
                        step.label,
                        *_level_of(step),
                        joined,
                        step.remark,
                    )

    return Sheet("Utveckling", (*SHORT_COLUMNS, *TREND_COLUMNS), rows(), frozen_columns=3)


def _older(view: View, figure: Figure, moments: Sequence[tuple[int, str]]) -> Iterator[Cell]:
    """Give what older rounds say of a figure; nothing for a breakdown, which they are not kept for."""
    steps: dict[tuple[int, str], Step] = {}
    if figure.breakdown is Breakdown.ALL:
        index = view.results.grouping.index(figure.group.key)
        steps = {
            (one.year, one.label): one for one in steps_of(view, index, view.question_index[figure.asked.question.id])
        }
    for moment in moments:
        step = steps.get(moment)
        yield from (None,) * len(OLDER_PARTS) if step is None else (*_level_of(step), step.remark or None)


def _level_of(step: Step) -> tuple[Cell, ...]:
    return tuple(percent_value(share) for share in (step.share, step.lo, step.hi))


def _changes(edition: Edition) -> Sheet:
    def rows() -> Iterator[Sequence[Cell]]:
        for change in edition.changes:
            head = (change["name"], change["breakdown"], change["question"])
            yield (*head, *change["answered"], *change["percent"], edition.reason)

    columns = (
        Column("Grupp", "group", 28),
        Column("Urval", "breakdown", 14),
        QUESTION_COLUMNS[0],
        Column("Svar på frågan, förut", "answered_before", 12),
        Column("Svar på frågan, nu", "answered_now", 12),
        Column("Andel positiva förut (%)", "percent_before", 12),
        Column("Andel positiva nu (%)", "percent_now", 12),
        Column("Varför", "reason", 50),
    )
    return Sheet("Ändringar", columns, rows(), frozen_columns=1)


def _changed_cells(edition: Edition | None) -> dict[tuple[str, str, str], str]:
    """Say of each changed cell what stood there before, and why it changed."""
    if edition is None:
        return {}
    return {
        (change["group"], change["breakdown"], change["question"]): _change_words(change, edition.reason)
        for change in edition.changes
    }


def _change_words(change: Mapping[str, Any], reason: str) -> str:
    (n_before, _n), (share_before, _share) = change["answered"], change["percent"]
    before = "dold" if n_before is None else f"{n_before} svar, {share_before} %"
    return f"Förut: {before}. {reason}"


def _short(group: Group) -> tuple[Cell, ...]:
    return (group.kind.label, None if group.unit is None else group.unit.code, group.name)


def _names(group: Group) -> tuple[Cell, ...]:
    """Fill the unit columns; for other groups only what they are."""
    if group.unit is not None:
        unit = group.unit
        return (unit.code, unit.name, unit.provider_name, unit.operating_form_label, unit.district_name)
    form = group.name if group.kind is GroupKind.OPERATING_FORM else ""
    district = group.name if group.kind is GroupKind.DISTRICT else ""
    return ("", group.name, "", form, district)


def _question(figure: Figure) -> tuple[Cell, ...]:
    question = figure.asked.question
    return (question.id, str(question.text("sv")), "ja" if question.core else "nej")


def _values(figure: Figure) -> tuple[Cell, ...]:
    return (
        _count(figure.clients),
        _count(figure.invited),
        _count(figure.ineligible),
        _count(figure.sent),
        percent_value(figure.response_rate),
        _count(figure.answered),
        percent_value(figure.share),
        percent_value(figure.lo),
        percent_value(figure.hi),
        _count(figure.lo_clients),
        _count(figure.hi_clients),
        _count(figure.population) if figure.lo_clients >= 0 else None,
        percent_value(figure.does_not_know),
        percent_value(figure.blank),
        figure.mark_text or None,
        METHOD_TEXTS[figure.method],
    )


def _earlier(figure: Figure) -> tuple[Cell, ...]:
    label = None if figure.comparable is None else figure.comparable.label
    change = None if figure.change is None else figure.change.text
    before = (figure.earlier_share, figure.earlier_lo, figure.earlier_hi)
    return (*map(percent_value, before), label, change)


def _count(value: int) -> int | None:
    return None if value < 0 else value


def percent_value(share: float) -> float | None:
    """Give percent with one decimal, as every file and page shows it."""
    return None if math.isnan(share) else float(rounded(100 * share, PERCENT_DECIMALS))
