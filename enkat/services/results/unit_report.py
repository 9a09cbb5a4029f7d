"""The report of one unit, two to four pages for its manager: what it says, as values for the template.

A unit whose figures are hidden gets its district's, or the city's, and the report says so.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from enkat.documents.charts.distribution import Distribution, Part, distribution_chart
from enkat.documents.charts.drawing import Caption, Interval
from enkat.documents.charts.intervals import interval_chart
from enkat.documents.charts.response import response_chart
from enkat.documents.numbers import percent, percent_range, whole
from enkat.records.rounds import Design
from enkat.services.faults import NotFoundFault
from enkat.services.results.comparing import rest_words
from enkat.services.results.figures import UNKNOWN_N, Figure, View
from enkat.services.results.groups import CITY, Group, GroupKind
from enkat.services.results.levels import MARK_EXPLANATIONS, MARK_TEXTS
from enkat.services.results.method import METHOD
from enkat.services.results.notes import notes_of
from enkat.services.results.reading import ResultUnit
from enkat.services.results.releases import published_on
from enkat.services.results.report_next import ADVICE, what_next, whom_to_ask
from enkat.services.results.report_trend import picture, report_trend
from enkat.services.results.sentences import clients_sentence, sentence
from enkat.services.rounds.promise import written_date
from enkat.services.targets.judging import Judgements, judge_view
from enkat.statistics.comparisons.words import Word, phrase

TEMPLATE: Final = "unit_report"
HOW: Final = (
    "Punkten är andelen positiva svar bland dem som svarade. Strecket visar var andelen ligger för alla brukare, med "
    "95 procents säkerhet, om de som svarade är som de andra. Streckad linje är målet. Staplarna visar hur svaren "
    "fördelar sig, utan dem som svarade ”vet inte”. Positiva svar står med fet stil."
)
METHOD_PARTS: Final = (
    "Andel positiva",
    "Intervall för en enhet",
    "Stadsdelar, regiformer och staden",
    "Vad intervallen inte säger",
)
OTHERS: Final = (
    "Enheten jämförs med alla andra enheter tillsammans. Står inget om det vid en fråga syns ingen säker skillnad på "
    "minst fem procentenheter."
)


@dataclass(frozen=True)
class Findings:
    """What is said of figures beside themselves: verdicts on targets, how units differ, when the public was told."""

    judged: Judgements = field(default_factory=Judgements)
    words: Mapping[tuple[int, int], Word] = field(default_factory=dict)
    published: date | None = None

    @classmethod
    def of(cls, session: Session, view: View) -> "Findings":
        """Find them out for all units at once."""
        return cls(judge_view(session, view), rest_words(view), published_on(session, view.survey_round.id))


@dataclass(frozen=True, slots=True)
class _Places:
    """The groups that a report sets beside each other: the unit or what stands for it, its district, the city."""

    unit: Group
    rows: Sequence[tuple[str, int]]
    """Label and index of each, the first is the one that the sentences are about."""

    @property
    def main(self) -> int:
        """Index of the group that the report is about."""
        return self.rows[0][1]


def report_units(view: View) -> list[int]:
    """Return the indices of the units that a report can be made for."""
    return [index for index, _group in view.groups(GroupKind.UNIT)]


def report_values(view: View, index: int, found: Findings, *, city: str) -> dict[str, Any]:
    """Return what the template is given for the unit at an index.

    Raises
    ------
    NotFoundFault
        If the index is not that of a unit.
    """
    group = view.results.grouping.groups[index]
    if group.unit is None:
        raise NotFoundFault("En rapport gäller en enhet.")
    places = _places(view, index)
    figures = _figures(view, index, places)
    core = [figure for figure in figures if figure.asked.question.core]
    survey_round = view.survey_round
    return {
        "title": f"Enhetsrapport: {group.name}",
        "practice": "Övning" if survey_round.practice else "",
        "sender": survey_round.responsible_board or city,
        "kind": f"Enhetsrapport · {survey_round.title}",
        "unit": group.name,
        "facts": _facts(group.unit),
        "lead": _lead(view, index, places),
        "asked": [*_asked(view, index), *_response_verdict(index, found.judged)],
        "response": _response(view, index, places),
        "how": HOW,
        "overview": _overview(core, places),
        "questions": [_question(view, figure, places, found) for figure in core],
        "trend": report_trend(view, places.main, places.rows[0][0], core),
        "table": _table(view, figures, places),
        "marks": _marks(view, figures, places),
        "method": [*(METHOD[part] for part in METHOD_PARTS), OTHERS],
        "next": what_next(survey_round, found.published),
        "advice": list(ADVICE),
        "contact": whom_to_ask(survey_round),
        "footer": f"{group.name} · {survey_round.title}",
    }


def _places(view: View, index: int) -> _Places:
    """Choose whom the report is about: the unit where anything of it is shown, else its district, else the city."""
    groups = view.results.grouping.groups
    unit = groups[index]
    at = {group.key: number for number, group in enumerate(groups)}
    wider = [
        (unit.unit.district_name if unit.unit else "", at[f"district:{unit.district_id}"]),
        ("Hela staden", at[CITY]),
    ]
    rows = [(unit.name, index), *wider]
    while len(rows) > 1 and not any(view.figure(rows[0][1], q).shown for q in range(len(view.questions))):
        rows = rows[1:]
    return _Places(unit, rows)


def _figures(view: View, index: int, places: _Places) -> list[Figure]:
    """Return the figures of the questions that the unit's clients were asked, core questions first."""
    asked = [q for q in range(len(view.questions)) if view.figure(index, q).clients]
    figures = [view.figure(places.main, question) for question in asked]
    return sorted(figures, key=lambda figure: not figure.asked.question.core)


def _facts(unit: ResultUnit) -> list[list[str]]:
    return [
        ["Utförare", unit.provider_name],
        ["Stadsdel", unit.district_name],
        ["Regiform", unit.operating_form_label],
        ["Enhetskod", unit.code],
    ]


def _lead(view: View, index: int, places: _Places) -> list[str]:
    """Say first what matters most: whether there is a result, and how things are as a whole."""
    if places.main != index:
        place = "staden" if len(places.rows) == 1 else "stadsdelen"
        return [f"För få svar. Så här ser {place} ut."]
    shown = [f for f in _figures(view, index, places) if f.shown and f.asked.question.core]
    whole_of = [f for f in shown if f.asked.question.id == "overall_satisfaction"] or shown[:1]
    return [sentence(figure, view.marks.level) for figure in whole_of]


def _asked(view: View, index: int) -> list[str]:
    """Say who was asked, when and how."""
    survey_round, first = view.survey_round, view.figure(index, 0)
    unit = view.results.grouping.groups[index].unit
    sampled = survey_round.design is Design.SAMPLE and unit is not None and unit.sampled
    who = "Ett slumpmässigt urval av enhetens brukare" if sampled else "Alla enhetens brukare"
    opens, closes, on = (
        written_date(day, "sv") for day in (survey_round.opens_on, survey_round.closes_on, survey_round.reference_date)
    )
    said = [
        *notes_of(view),
        f"{who} den {on} fick frågorna. Svarstiden var {opens} till {closes}.",
        f"{whole(first.invited)} tillfrågades." if first.invited >= 0 else f"{UNKNOWN_N.capitalize()}.",
    ]
    if first.ineligible > 0:
        said.append(f"{whole(first.ineligible)} av dem var inte längre brukare och räknas inte med.")
    return said


def _response_verdict(index: int, judged: Judgements) -> list[str]:
    """Say whether the target on the response rate was met."""
    outcome = judged.response.get(index)
    return [] if outcome is None else [f"Målet för svarsfrekvensen är minst {outcome.target.text}: {outcome.label}."]


def _response(view: View, index: int, places: _Places) -> dict[str, str]:
    rows = (
        [(view.results.grouping.groups[index].name, index), *places.rows[-2:]] if places.main != index else places.rows
    )
    bars = []
    for label, group in dict.fromkeys(rows):
        figure = view.widest(group)
        bars.append(replace(figure.response, label=label))
    words = "; ".join(f"{bar.label}: {bar.figure}" for bar in bars)
    return picture(response_chart(bars, Caption("Svarsfrekvens", words, "response")), f"Svarsfrekvens. {words}")


def _overview(figures: Sequence[Figure], places: _Places) -> dict[str, str]:
    rows = [_interval(str(figure.asked.question.text("sv")), figure) for figure in figures]
    words = "; ".join(f"{row.label} {row.figure}" for row in rows)
    title = f"Andel positiva svar per kärnfråga, {places.rows[0][0]}"
    return picture(interval_chart(rows, Caption(title, words, "overview")), f"{title}. {words}")


def _question(view: View, figure: Figure, places: _Places, found: Findings) -> dict[str, Any]:
    """Return one question: its sentence, intervals beside district and city, distribution, and the round before."""
    at = view.question_index[figure.asked.question.id]
    beside = [(label, view.figure(group, at)) for label, group in places.rows]
    rows = [_interval(label, one) for label, one in beside]
    words = "; ".join(f"{row.label}: {row.figure}" for row in rows)
    caption = Caption("Andel positiva svar", words, f"i-{at}")
    outcome = found.judged.shares.get((places.main, at))
    target = None if outcome is None else float(outcome.target.share)
    drawn_intervals = interval_chart(rows, caption, compact=True, target=target)
    spread = _distribution(figure)
    spread_caption = Caption("Så fördelar sig svaren", spread.figure, f"d-{at}")
    drawn = distribution_chart([spread], spread_caption)
    return {
        "heading": str(figure.asked.question.text("sv")),
        "sentence": sentence(figure, view.marks.level),
        "intervals": picture(drawn_intervals, f"Andel positiva svar. {words}"),
        "spread": picture(drawn, f"Så fördelar sig svaren: {spread.figure}") if spread.parts else None,
        "notes": _notes(view, figure, found.words.get((places.main, at), Word.NONE)),
        "verdict": "" if outcome is None else outcome.sentence,
    }


def _notes(view: View, figure: Figure, word: Word) -> list[str]:
    """Say what else is known of a figure: the others, the round before, and how many did not know."""
    notes = [clients_sentence(figure)]
    if word in {Word.HIGHER, Word.LOWER}:
        notes.append(f"Bedömning: {phrase(word)}.")
    if view.earlier is not None and (before := _earlier_words(view, figure)):
        notes.append(before)
    if figure.shown and figure.does_not_know > 0:
        notes.append(f"Vet inte: {percent(figure.does_not_know)}.")
    return [note for note in notes if note]


def _earlier_words(view: View, figure: Figure) -> str:
    title = view.earlier.title if view.earlier else ""
    if math.isnan(figure.earlier_share):
        return ""
    interval = percent_range(figure.earlier_lo, figure.earlier_hi)
    numbers = percent(figure.earlier_share) + (f" ({interval})" if interval else "")
    partly = "" if figure.comparable is None or figure.comparable.value == "same" else f", {figure.comparable.label}"
    change = "" if figure.change is None else f", {figure.change.text}"
    return f"{title}: {numbers}{partly}{change}."


def _table(view: View, figures: Sequence[Figure], places: _Places) -> dict[str, Any]:
    """Return all numbers of the report as a table, without the questions that have none."""
    headings = ["Fråga", *(part for label, _group in places.rows for part in (label, "Svar"))]
    rows, left_out = [], 0
    for figure in figures:
        at = view.question_index[figure.asked.question.id]
        beside = [(label, view.figure(group, at)) for label, group in places.rows]
        if not any(one.shown for _label, one in beside):
            left_out += 1
            continue
        cells = [str(figure.asked.question.text("sv"))]
        for label, one in beside:
            cells += [_interval(label, one).figure or "–", whole(one.answered) if one.shown else "–"]
        rows.append(cells)
    note = (
        "" if not left_out else f"{left_out} {'fråga' if left_out == 1 else 'frågor'} som ingen siffra får visas för."
    )
    return {"headings": headings, "rows": rows, "note": note and f"Inte med: {note}"}


def _marks(view: View, figures: Sequence[Figure], places: _Places) -> list[list[str]]:
    """Explain the marks that stand in the report, and no others."""
    asked = [view.question_index[figure.asked.question.id] for figure in figures]
    groups = dict.fromkeys([view.results.grouping.index(places.unit.key), *(group for _label, group in places.rows)])
    seen = {view.figure(group, question).mark for group in groups for question in asked}
    return [[MARK_TEXTS[mark], text] for mark, text in MARK_EXPLANATIONS.items() if mark in seen]


def _interval(label: str, figure: Figure) -> Interval:
    return Interval(label, figure.share, figure.lo, figure.hi, figure.mark_text)


def _distribution(figure: Figure) -> Distribution:
    parts = [Part(option.label, option.share, option.positive) for option in figure.options]
    return Distribution("", parts, figure.mark_text)
