"""What the demo prints: the per-unit table of one question, coverage of the known truth, where things lie."""

import math
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.ballots.codes import in_groups
from enkat.clock import Clock
from enkat.demo.place import DemoPlace, Login, MovingClock
from enkat.demo.rounds import yearly
from enkat.demo.staff import one_time_code
from enkat.demo.truth import Year
from enkat.documents.numbers import percent, percent_range
from enkat.languages import sv_key
from enkat.records.accounts import Role
from enkat.records.invitations import CodeKind, Invitation, InvitationStatus
from enkat.records.releases import ReleaseLevel
from enkat.records.rounds import RoundUnit, SurveyRound
from enkat.services.letters.codes import make_codes
from enkat.services.results.exporting import export, view_results
from enkat.services.results.figures import Figure, View
from enkat.services.results.groups import GroupKind

QUESTION = "feels_safe"
"""The question of the printed table."""
ROLE_WORDS = {
    Role.ADMINISTRATOR: "administratör: konton, inställningar, logg",
    Role.ROUND_MANAGER: "omgångsledare: register, brev, öppna, räkna",
    Role.ANALYST: "analytiker: resultat utan och med spärr",
    Role.KEY_HOLDER: "nyckelhållare: den egna nyckeldelen",
    Role.FREE_TEXT_READER: "fritextläsare: läser och maskerar",
    Role.DISTRICT_READER: "stadsdel: resultat för en stadsdel",
    Role.PROTECTED_IDENTITY_HANDLER: "skyddade personuppgifter: brev ett och ett",
    Role.INTERVIEWER: "intervjuare: ringer dem som vill bli frågade",
    Role.ASSISTANT: "frågeassistent: besöker dem som har bokat",
    Role.CONCERN_HANDLER: "lex Sarah: tar emot det som oroar",
    Role.OPENER: "postöppnare: registrerar pappersformulär",
    Role.PROVIDER_HEAD: "utförare: egna enheters resultat och personer (/utforare)",
    Role.UNIT_MANAGER: "enhetschef: den egna enhetens resultat (/utforare)",
    Role.KEYER: "inskrivare: skriver in pappersformulär",
}
choices = secrets.SystemRandom()
_HEADINGS = ("Enhet", "Namn", "Stadsdel", "Regiform", "N", "Svarande", "Positiva", "Intervall 95 %", "Före", "Märkning")


@dataclass(frozen=True)
class Coverage:
    """How many intervals hold the true share."""

    units_hit: int
    units: int
    city_hit: int
    city: int

    def sentence(self, title: str) -> str:
        """Say it in Swedish."""
        return (
            f"{title}: {self.units_hit} av {self.units} intervall för enheter "
            f"({percent(self.units_hit / self.units, 1)}) och {self.city_hit} av {self.city} för staden "
            f"({percent(self.city_hit / self.city, 1)}) täcker den sanna andelen."
        )


def write_workbook(place: DemoPlace, session: Session, clock: Clock, year: int) -> Path:
    """Write the internal workbook of a year's round beside the database and return its path."""
    made = export(session, clock, None, yearly(year).short_name, level=ReleaseLevel.INTERNAL, file_format="xlsx")
    path = place.folder / made.name
    path.write_bytes(made.content)
    return path


def unit_table(session: Session, year: int, question_id: str = QUESTION) -> str:
    """Return the table of one question, a row per unit of the frame, with figures or a mark."""
    view = view_results(session, None, yearly(year).short_name, ReleaseLevel.INTERNAL)
    question = view.question_index[question_id]
    figures = [view.figure(index, question) for index, _ in view.groups(GroupKind.UNIT)]
    figures.sort(key=lambda figure: (sv_key(figure.group.unit.district_name), sv_key(figure.group.name)))  # type: ignore[union-attr]
    city = [view.figure(index, question) for index, _ in view.groups(GroupKind.CITY)]
    rows = [_HEADINGS, *(_row(figure) for figure in [*figures, *city])]
    asked = view.questions[question].question
    return f"{view.survey_round.title}: {asked.text('sv')}\n\n{_aligned(rows)}"


def _row(figure: Figure) -> tuple[str, ...]:
    unit = figure.group.unit
    head = (
        ("", figure.group.name, "", "")
        if unit is None
        else (unit.code, unit.name, unit.district_name, unit.operating_form_label)
    )
    return (
        *head,
        str(figure.clients),
        "" if figure.sent < 0 else f"{figure.sent} ({percent(figure.response_rate)})",
        percent(figure.share),
        percent_range(figure.lo, figure.hi),
        percent(figure.earlier_share),
        figure.mark_text,
    )


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "─" * min(sum(widths) + 2 * len(widths), 130), *lines[1:]])


def coverage(session: Session, year: int, truth: Year) -> Coverage:
    """Hold every interval of a round, of units and of the city, against the known truth.

    The truth is what all people of the unit think, asked by nobody in particular: who answers, who answers in whose
    place, and the phone all pull the estimate away from it. Questions that only some are shown are left out.
    """
    view = view_results(session, None, yearly(year).short_name, ReleaseLevel.ANALYST)
    places = {unit.code: place for place, unit in enumerate(truth.city.units)}
    units = list[bool]()
    city = list[bool]()
    for question, asked in enumerate(view.questions):
        if asked.question.condition is not None or asked.only_spread:
            continue
        shares, whole = truth.true_shares(asked.question.id)
        units += _hits(view, question, ((index, shares[places[code]]) for index, code in _unit_codes(view)))
        city += _hits(view, question, ((index, whole) for index, _ in view.groups(GroupKind.CITY)))
    return Coverage(sum(units), len(units), sum(city), len(city))


def login_table(found: Sequence[Login], clock: MovingClock) -> str:
    """Return the logins with the one-time codes that hold just now."""
    rows = [("E-post", "Lösenord", "Engångskod nu", "Roll")]
    rows += [(one.email, one.password, one_time_code(one, clock), ROLE_WORDS[Role(one.role)]) for one in found]
    return _aligned(rows)


def fresh_codes(place: DemoPlace, session: Session, short_name: str, count: int = 3) -> list[tuple[str, str]]:
    """Make unused codes of the running round; return each in groups, with what it is about."""
    query = (
        select(Invitation.id, RoundUnit.name, Invitation.service)
        .join(SurveyRound, SurveyRound.id == Invitation.round_id)
        .join(RoundUnit, (RoundUnit.round_id == Invitation.round_id) & (RoundUnit.unit_id == Invitation.unit_id))
        .where(SurveyRound.short_name == short_name)
        .where(Invitation.status == InvitationStatus.OPEN, Invitation.protected.is_(False))
    )
    rows = choices.sample(session.execute(query).all(), count)
    round_ = session.scalars(select(SurveyRound).where(SurveyRound.short_name == short_name)).one()
    made = make_codes(session, place.secrets, round_, [row[0] for row in rows], CodeKind.PHONE)
    return [(in_groups(code), f"{row[2].label} från {row[1]}") for code, row in zip(made, rows, strict=True)]


def _unit_codes(view: View) -> Iterable[tuple[int, str]]:
    return ((index, group.unit.code) for index, group in view.groups(GroupKind.UNIT) if group.unit is not None)


def _hits(view: View, question: int, truths: Iterable[tuple[int, float]]) -> Iterable[bool]:
    for index, share in truths:
        figure = view.figure(index, question)
        if figure.answered > 0 and not math.isnan(figure.lo) and not math.isnan(share):
            yield bool(figure.lo - 1e-9 <= share <= figure.hi + 1e-9)
