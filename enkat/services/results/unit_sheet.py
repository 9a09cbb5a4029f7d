"""One page per unit to print and give back to those who answered: easy Swedish, internal level, kept as a release."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.documents.numbers import rounded
from enkat.documents.pdf import compile_pdf
from enkat.instruments.wording import Face
from enkat.records.releases import ReleaseLevel
from enkat.services.accounts.rights import Actor
from enkat.services.faults import NotFoundFault
from enkat.services.results.exporting import MEDIA_TYPES, ExportFile, view_results
from enkat.services.results.figures import Figure, View
from enkat.services.results.groups import Group, GroupKind
from enkat.services.results.reading import ResultUnit
from enkat.services.results.releases import store_release
from enkat.statistics.disclosure.marks import Mark

TEMPLATE = "unit_result"
ROWS = 10
"""As many questions as fit on the page; core questions come first."""


def unit_sheet(session: Session, clock: Clock, actor: Actor | None, short_name: str, unit_id: int) -> ExportFile:
    """Make the page of a unit as PDF/UA and keep it as a release.

    Raises
    ------
    NotFoundFault, NotCountedFault, NotAllowedFault
    """
    view = view_results(session, actor, short_name, ReleaseLevel.INTERNAL)
    index, unit = find_unit(view, unit_id)
    content = compile_pdf(TEMPLATE, sheet_values(view, index), created=made_on(view))
    name = f"resultat-{short_name}-{unit.code}.pdf"
    return released_pdf(session, clock, actor, view, unit, name=name, content=content)


def find_unit(view: View, unit_id: int) -> tuple[int, ResultUnit]:
    """Return where a unit stands among the groups that a view lists, and the unit.

    Raises
    ------
    NotFoundFault
        If the view does not list it.
    """
    for index, group in view.groups(GroupKind.UNIT):
        if group.unit is not None and group.unit.id == unit_id:
            return index, group.unit
    raise NotFoundFault("Enheten finns inte i omgången, eller hör till en annan stadsdel än din.")


def made_on(view: View) -> datetime:
    """Return the moment that a file's properties tell: the closing day, so that equal figures give equal bytes."""
    return datetime.combine(view.survey_round.closes_on, time.min, UTC)


def released_pdf(
    session: Session, clock: Clock, actor: Actor | None, view: View, unit: ResultUnit, *, name: str, content: bytes
) -> ExportFile:
    """Keep a unit's PDF as a release and return it."""
    store_release(
        session,
        clock,
        view.results,
        view.marks,
        account_id=None if actor is None else actor.account_id,
        scope=f"unit:{unit.id}",
        file_format="pdf",
        content=content,
    )
    return ExportFile(name, MEDIA_TYPES["pdf"], content)


def sheet_values(view: View, index: int) -> dict[str, Any]:
    """Return what the page's template is given: the unit's figures, or its district's where they are hidden."""
    group = view.results.grouping.groups[index]
    own = _figures(view, index)
    source, figures = _shown(view, group, own)
    survey_round = view.survey_round
    first = own[0] if own else None
    ask = f"Frågor? Ring {survey_round.phone}." if survey_round.phone else ""
    return {
        "title": f"Så svarade brukarna hos {group.name}",
        "practice": "Övning" if survey_round.practice else "",
        "lead": _lead(first, group, source),
        "rows": [_row(figure) for figure in figures[:ROWS]],
        "notes": _notes(any(figure.lo_clients >= 0 for figure in figures), bool(figures)),
        "footer": f"{survey_round.title}. Svar till och med {survey_round.closes_on.isoformat()}. {ask}",
    }


def _figures(view: View, index: int) -> list[Figure]:
    found = [view.figure(index, question) for question in range(len(view.questions))]
    asked = [figure for figure in found if figure.clients]
    return sorted(asked, key=lambda figure: not figure.asked.question.core)


def _shown(view: View, group: Group, own: Sequence[Figure]) -> tuple[Group, list[Figure]]:
    """Return the group whose figures the page shows: the unit, else its district, else the city."""
    places = {one.key: index for index, one in view.groups(GroupKind.DISTRICT, GroupKind.CITY)}
    if any(figure.shown for figure in own):
        return group, [figure for figure in own if _has_words(figure)]
    for key in (f"district:{group.district_id}", "city"):
        figures = _figures(view, places[key]) if key in places else []
        if any(figure.shown for figure in figures):
            wanted = {figure.asked.question.id for figure in own}
            chosen = [f for f in figures if _has_words(f) and f.asked.question.id in wanted]
            return view.results.grouping.groups[places[key]], chosen
    return group, []


def _has_words(figure: Figure) -> bool:
    return not figure.asked.only_spread and (figure.shown or figure.mark is Mark.TOO_FEW_POSITIVE)


def _lead(first: Figure | None, group: Group, source: Group) -> list[str]:
    """Say how many answered, or that too few did and whose figures stand here instead."""
    if source is not group:
        place = "hela staden" if source.kind is GroupKind.CITY else source.name
        return [f"För få har svarat hos {group.name}.", f"Så här ser {place} ut."]
    if first is None or not first.shown:
        return [f"För få har svarat hos {group.name}.", "Därför visar vi inga siffror."]
    return [f"{first.sent} av {first.invited - first.ineligible} personer svarade.", "Tack till alla som svarade!"]


def _row(figure: Figure) -> dict[str, Any]:
    question, scale = figure.asked.question, figure.asked.scale
    good = [f"”{scale.label(code, 'sv')}”" for code in scale.codes if code in scale.positive]
    words = " eller ".join(good)
    text = str(question.text("sv", Face.EASY))
    if not figure.shown:
        return {"question": text, "percent": None, "sentence": f"Få eller inga svarade {words}.", "detail": ""}
    percent = int(rounded(100 * figure.share, 0))
    detail = ""
    if figure.lo_clients >= 0:
        detail = _likely(figure.lo_clients, figure.hi_clients, figure.population)
    return {"question": text, "percent": percent, "sentence": f"{percent} av 100 svarade {words}.", "detail": detail}


def _likely(lo: int, hi: int, people: int) -> str:
    if lo == hi:
        return f"Det är {lo} av {people}."
    return f"Troligen mellan {lo} och {hi} av {people}."


def _notes(has_clients: bool, has_figures: bool) -> list[str]:
    if not has_figures:
        return []
    notes = ["Alla har inte svarat.", "Därför vet vi inte säkert vad alla tycker."]
    if has_clients:
        notes.append("”Troligen” betyder: så är det i minst 95 fall av 100, om de som svarade är som de andra.")
    return [*notes, "De som svarade ”Vet inte” är inte med i siffrorna."]
