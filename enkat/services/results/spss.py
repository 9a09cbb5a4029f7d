"""Results and answer files for SPSS: codes with labels, and a code for every reason why a value is missing."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time
from typing import Final

from enkat.documents.spss import Variable, sav_chunks
from enkat.documents.tables import Cell
from enkat.instruments.missing import Missing
from enkat.languages import sv_key
from enkat.services.results.answer_file import CLASS_COLUMNS, AnswerFile
from enkat.services.results.computing import Breakdown
from enkat.services.results.figures import Figure, View
from enkat.services.results.groups import Group, GroupKind
from enkat.services.results.levels import MARK_TEXTS
from enkat.services.results.sentences import positive_words, spread_only
from enkat.services.results.tables import percent_value
from enkat.statistics.disclosure.marks import MARKS

CODE_WIDTH: Final = 20
HIDDEN: Final = {mark: -91 - number for number, mark in enumerate(one for one in MARKS if not one.shows_figures)}
"""What stands in a figure's cell where the figure may not be shown: one code per mark."""
KINDS: Final = (GroupKind.CITY, GroupKind.DISTRICT, GroupKind.OPERATING_FORM, GroupKind.UNIT)
MISSING_CODES: Final = (int(min(Missing)), int(max(Missing)))
_COUNTS: Final = (
    ("respondents", "Svarande"),
    ("answered", "Svar på frågan (n)"),
    ("lower_clients", "Minst så många brukare"),
    ("upper_clients", "Högst så många brukare"),
    ("interval_population", "Av så många brukare"),
)
_PERCENTS: Final = (
    ("response_rate_percent", "Svarsfrekvens (%)"),
    ("share_positive_percent", "Andel positiva (%)"),
    ("lower_percent", "Intervall från (%)"),
    ("upper_percent", "Intervall till (%)"),
    ("does_not_know_percent", "Vet inte (%)"),
    ("blank_percent", "Obesvarat (%)"),
)


def result_chunks(view: View) -> Iterator[bytes]:
    """Give a round's results as a system file: one row per group, question and breakdown."""
    groups = [(index, group) for index, group in view.groups(*KINDS)]
    breakdowns = list(view.results.layers)
    coded = _Coded(view, [group for _index, group in groups])
    rows = (
        coded.row(view.figure(index, question, breakdown))
        for index, _group in groups
        for question in range(len(view.questions))
        for breakdown in breakdowns
    )
    count = len(groups) * len(view.questions) * len(breakdowns)
    survey_round = view.survey_round
    created = datetime.combine(survey_round.closes_on, time.min, UTC)
    return sav_chunks(coded.variables(), rows, count=count, label=survey_round.title, created=created)


class _Coded:
    """The codes of everything that a row of results names in words."""

    def __init__(self, view: View, groups: Sequence[Group]) -> None:
        self.view = view
        units = [group.unit for group in groups if group.unit is not None]
        self.kinds = {kind: number for number, kind in enumerate(KINDS, start=1)}
        self.groups = {group.key: number for number, group in enumerate(groups, start=1)}
        self.names = {self.groups[group.key]: group.name for group in groups}
        self.providers = _numbered(unit.provider_name for unit in units)
        self.forms = _numbered(unit.operating_form_label for unit in units)
        self.districts = _numbered(unit.district_name for unit in units)
        self.breakdowns = {breakdown: number for number, breakdown in enumerate(Breakdown, start=1)}
        self.questions = {asked.question.id: number for number, asked in enumerate(view.questions, start=1)}

    def variables(self) -> list[Variable]:
        """Return the variables of the file."""
        wordings = {self.questions[asked.question.id]: str(asked.question.text("sv")) for asked in self.view.questions}
        positive = {
            self.questions[asked.question.id]: spread_only(asked)
            if asked.only_spread
            else f"Andel: {positive_words(asked, '…')}"
            for asked in self.view.questions
        }
        marks = {number: MARK_TEXTS[mark] or "visas" for number, mark in enumerate(MARKS)}
        hidden = {code: MARK_TEXTS[mark] for mark, code in HIDDEN.items()}
        lowest, highest = min(HIDDEN.values()), max(HIDDEN.values())
        return [
            Variable("level", "Nivå", values={number: kind.label for kind, number in self.kinds.items()}),
            Variable("group", "Grupp", values=self.names),
            Variable("unit", "Enhetskod", width=CODE_WIDTH),
            Variable("provider", "Utförare på referensdagen", values=_labels(self.providers)),
            Variable("operating_form", "Regiform", values=_labels(self.forms)),
            Variable("district", "Stadsdel", values=_labels(self.districts)),
            Variable("question", "Fråga", values=wordings),
            Variable("positive", "Vad som räknas som positivt", values=positive),
            Variable("core", "Kärnfråga", values={0: "nej", 1: "ja"}),
            Variable("breakdown", "Urval", values={n: breakdown.label for breakdown, n in self.breakdowns.items()}),
            Variable("mark", "Märkning", values=marks),
            Variable("clients", "Brukare (N)", measure="scale"),
            Variable("invited", "Tillfrågade", measure="scale"),
            Variable("ineligible", "Ej längre brukare", measure="scale"),
            *(
                Variable(name, label, values=hidden, missing=(lowest, highest), measure="scale")
                for name, label in _COUNTS
            ),
            *(
                Variable(name, label, decimals=1, values=hidden, missing=(lowest, highest), measure="scale")
                for name, label in _PERCENTS
            ),
        ]

    def row(self, figure: Figure) -> Sequence[Cell]:
        """Return one figure in codes."""
        group, question = figure.group, figure.asked.question
        unit = group.unit
        number = self.questions[question.id]
        return (
            self.kinds[group.kind],
            self.groups[group.key],
            None if unit is None else unit.code,
            None if unit is None else self.providers[unit.provider_name],
            None if unit is None else self.forms[unit.operating_form_label],
            None if unit is None else self.districts[unit.district_name],
            number,
            number,
            int(question.core),
            self.breakdowns[figure.breakdown],
            MARKS.index(figure.mark),
            _known(figure.clients),
            _known(figure.invited),
            _known(figure.ineligible),
            *_figures(figure),
        )


def _figures(figure: Figure) -> Iterator[Cell]:
    """Give counts and percent, or the code that tells why they are not there."""
    counts = (figure.sent, figure.answered, figure.lo_clients, figure.hi_clients, figure.population)
    shares = (figure.response_rate, figure.share, figure.lo, figure.hi, figure.does_not_know, figure.blank)
    if not figure.shown:
        yield from [HIDDEN[figure.mark]] * (len(counts) + len(shares))
        return
    yield from map(_known, counts)
    yield from map(percent_value, shares)


def _known(value: int) -> int | None:
    return None if value < 0 else value


def answer_chunks(answers: AnswerFile, *, label: str, created: datetime) -> Iterator[bytes]:
    """Give the answer file as a system file: one row per counted ballot."""
    codes = [_numbered(str(head[at]) for head in answers.heads.values()) for at in range(len(CLASS_COLUMNS) - 1)]
    variables = [
        *(
            Variable(column.key, column.heading, values=_labels(found))
            for column, found in zip(CLASS_COLUMNS[:-1], codes, strict=True)
        ),
        Variable(CLASS_COLUMNS[-1].key, CLASS_COLUMNS[-1].heading, measure="scale"),
        *(_question(answers, question) for question in answers.questions),
    ]
    heads = {
        class_id: (*(found[str(text)] for found, text in zip(codes, head[:-1], strict=True)), head[-1])
        for class_id, head in answers.heads.items()
    }
    rows = ((*heads[class_id], *vector) for class_id, vector in answers.vectors())
    count = sum(int(str(head[-1])) for head in answers.heads.values())
    return sav_chunks(variables, rows, count=count, label=label, created=created)


def _question(answers: AnswerFile, question_id: str) -> Variable:
    question = answers.questions[question_id]
    options = question.scale.options if question.scale else ()
    values = {int(missing): missing.label for missing in Missing}
    values |= {option.code: str(option.label("sv")) for option in options}
    wording = str(question.text("sv"))
    return Variable(question_id, wording, values=values, missing=MISSING_CODES, measure="ordinal")


def _numbered(texts: Iterable[str]) -> dict[str, int]:
    """Give each text a code, in Swedish order."""
    return {text: number for number, text in enumerate(sorted(set(texts), key=sv_key), start=1)}


def _labels(codes: dict[str, int]) -> dict[int, str]:
    return {number: text for text, number in codes.items() if text}
