"""Surveys on screen: read in every face and language, compared with earlier rounds, and tried without leaving data."""

from dataclasses import dataclass

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from enkat.instruments.catalogue import Catalogue
from enkat.instruments.comparability import CoreDifference, core_differences, question_differences
from enkat.instruments.condition import All, Answered, AnyOf, Condition, In, Not
from enkat.instruments.faults import InstrumentFaults
from enkat.instruments.instrument import Instrument
from enkat.instruments.question import Question
from enkat.instruments.routing import accepts, next_question, path, previous_question
from enkat.instruments.snapshot import from_snapshot
from enkat.instruments.wording import Face
from enkat.languages import LANGUAGES
from enkat.records.rounds import InstrumentSnapshot, RoundInstrument, SurveyRound
from enkat.services.accounts.rights import Right
from enkat.services.faults import Fault
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.surveys import present_catalogue
from enkat.web.shared.access import requires

ANSWER = "answer-"


def read_catalogue() -> Catalogue:
    """Return the surveys as their files have them; a Fault that names the first where they have faults."""
    try:
        return present_catalogue()
    except InstrumentFaults as found:
        first = found.faults[0]
        raise Fault(
            _("Enkäternas filer har %(number)s fel. Det första: %(fault)s", number=len(found.faults), fault=first)
        ) from found


def _instrument(instrument_id: str) -> Instrument:
    found = read_catalogue().instruments.get(instrument_id)
    if found is None:
        abort(404)
    return found


@dataclass(frozen=True)
class Shown:
    """An instrument in one language and face."""

    instrument: Instrument
    lang: str
    face: Face


def _shown(instrument_id: str) -> Shown:
    """Return the instrument in the language and face that the request asks for."""
    found = _instrument(instrument_id)
    lang, face = request.values.get("sprak", "sv"), request.values.get("form", Face.PLAIN.value)
    if lang not in found.languages or face not in set(found.faces):
        abort(404)
    return Shown(found, lang, Face(face))


def _crumbs(instrument: Instrument | None = None) -> list[tuple[str, str]]:
    way = [(_("Enkäter"), url_for("city.instruments"))]
    if instrument is not None:
        way.append((instrument.title_in("sv"), url_for("city.instrument", instrument_id=instrument.id)))
    return way


def describe(condition: Condition, instrument: Instrument) -> str:
    """Return a condition in Swedish words."""
    match condition:
        case In(question_id, codes):
            question = instrument.question(question_id)
            labels = [f"”{question.scale.label(code, 'sv')}”" for code in sorted(codes)] if question.scale else []
            return f"svaret på ”{question.text('sv')}” är {' eller '.join(labels)}"
        case Answered(question_id):
            return f"”{instrument.question(question_id).text('sv')}” är besvarad"
        case Not(part):
            return f"det inte är så att {describe(part, instrument)}"
        case All(parts):
            return " och ".join(describe(part, instrument) for part in parts)
        case AnyOf(parts):
            return " eller ".join(describe(part, instrument) for part in parts)


@blueprint.get("/enkater")
@requires(Right.SEE_INSTRUMENTS)
def instruments() -> str:
    """List the surveys."""
    catalogue = read_catalogue()
    supplements = [(catalogue.supplement_titles.get(key, {}), found) for key, found in catalogue.supplements.items()]
    return render_template(
        "city/instruments/list.html",
        instruments=list(catalogue.instruments.values()),
        core=list(catalogue.core.values()),
        histories=catalogue.histories,
        supplements=supplements,
        languages=LANGUAGES,
    )


@blueprint.get("/enkater/<instrument_id>")
@requires(Right.SEE_INSTRUMENTS)
def instrument(instrument_id: str) -> str:
    """Show every question of a survey in one language and face."""
    shown = _shown(instrument_id)
    return render_template(
        "city/instruments/instrument.html",
        shown=shown,
        missing=shown.instrument.missing_wordings([shown.lang], [shown.face]),
        history=read_catalogue().histories.get(instrument_id, ()),
        describe=describe,
        languages=LANGUAGES,
        breadcrumbs=_crumbs(),
    )


@dataclass(frozen=True)
class Compared:
    """A stored version of an instrument set against today's."""

    rounds: str
    differences: list[CoreDifference]
    core: list[CoreDifference]


def _stored(instrument_id: str) -> list[tuple[InstrumentSnapshot, str]]:
    query = (
        select(InstrumentSnapshot, SurveyRound.title)
        .join(RoundInstrument, RoundInstrument.snapshot_sha256 == InstrumentSnapshot.sha256)
        .join(SurveyRound, SurveyRound.id == RoundInstrument.round_id)
        .where(InstrumentSnapshot.instrument_id == instrument_id)
        .order_by(SurveyRound.id.desc())
    )
    found: dict[str, tuple[InstrumentSnapshot, list[str]]] = {}
    for snapshot, title in context.session().execute(query):
        titles = found.setdefault(snapshot.sha256, (snapshot, []))[1]
        if title not in titles:
            titles.append(title)
    return [(snapshot, ", ".join(titles)) for snapshot, titles in found.values()]


@blueprint.get("/enkater/<instrument_id>/jamfor")
@requires(Right.SEE_INSTRUMENTS)
def instrument_compare(instrument_id: str) -> str:
    """Set every version that a round has asked against the present one."""
    today = _instrument(instrument_id)
    compared = []
    for snapshot, titles in _stored(instrument_id):
        earlier = from_snapshot(snapshot.content)
        differences = question_differences(earlier, today)
        compared.append(Compared(titles, differences, core_differences(earlier, today)))
    return render_template(
        "city/instruments/compare.html", instrument=today, compared=compared, breadcrumbs=_crumbs(today)
    )


def _answers(instrument: Instrument) -> dict[str, int | str]:
    """Return what the form carries: nothing of it is kept anywhere else."""
    answers: dict[str, int | str] = {}
    for question in instrument.questions:
        written = request.form.get(f"{ANSWER}{question.id}", "")
        if not written:
            continue
        value: int | str = written
        if question.scale is not None:
            try:
                value = int(written)
            except ValueError:
                abort(400)
        if accepts(question, value):
            answers[question.id] = value
    return answers


def _turn(instrument: Instrument, answers: dict[str, int | str]) -> Question | None:
    """Return the question to show now; None after the last one."""
    at = request.form.get("at") or None
    if at is not None and all(question.id != at for question in instrument.questions):
        abort(400)
    if request.form.get("go") == "back":
        return previous_question(instrument, answers, at) or next_question(instrument, answers, None)
    return next_question(instrument, answers, at)


@blueprint.route("/enkater/<instrument_id>/prova", methods=["GET", "POST"])
@requires(Right.SEE_INSTRUMENTS)
def instrument_try(instrument_id: str) -> str:
    """Go through a survey one question a page; the answers stand in the form only and are never stored."""
    shown = _shown(instrument_id)
    answers = _answers(shown.instrument) if request.method == "POST" else {}
    question = _turn(shown.instrument, answers)
    way = path(shown.instrument, answers)
    values = {
        "shown": shown,
        "answers": answers,
        "name": ANSWER,
        "way": way,
        "direction": LANGUAGES[shown.lang].direction,
        "breadcrumbs": _crumbs(shown.instrument),
    }
    if question is None:
        return render_template("city/instruments/tried.html", **values)
    number = [one.id for one in way].index(question.id) + 1
    return render_template("city/instruments/try.html", question=question, number=number, **values)
