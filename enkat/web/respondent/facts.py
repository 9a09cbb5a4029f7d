"""The round as respondents' pages see it: plain values, so that a page can be made whatever happens to the database."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from flask import abort, g
from markupsafe import Markup
from sqlalchemy import Row

from enkat.records.round_kinds import RoundKind
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.standing_queries import PARTICULARS
from enkat.services.ballots.rounds import Window, window_of
from enkat.services.ballots.standing import find_round_row, promises
from enkat.web import context
from enkat.web.shared.languages import first_of


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """What a round tells on the way through its questions."""

    id: int
    short_name: str
    title: str
    kind: RoundKind
    loose_codes: bool
    practice: bool
    reminds: bool
    """Whether people are asked by name, so that reminders may come."""
    opens_on: date
    closes_on: date
    window: Window
    languages: tuple[str, ...]
    faces: tuple[str, ...]
    staff_may_help: bool
    bookable_assistant: str
    phone: str
    phone_hours: str
    urgent_phone: str

    @property
    def asks_who(self) -> bool:
        """Whether it is asked who answers; otherwise everybody answers for themselves."""
        return self.kind.rules.asks_who

    @property
    def is_providers_own(self) -> bool:
        """Whether it is a provider's own survey, which every page says."""
        return self.kind is RoundKind.PROVIDER_OWN

    @property
    def is_over(self) -> bool:
        """Whether the round takes answers no more."""
        return self.window is Window.CLOSED

    def promises(self, lang: str) -> dict[str, list[Markup]]:
        """Return the frozen promise, part by part; only pages that show it ask."""
        at, parts = promises(context.session(), self.id, lang)
        return {part: [first_of({at: one}) for one in sentences] for part, sentences in parts.items()}


@dataclass(frozen=True, slots=True)
class RoundParticulars(RoundFacts):
    """What it tells beside and after them, too: who is responsible, on what grounds, where to complain."""

    responsible_board: str
    frame_source: str
    legal_basis: str
    dpo_contact: str
    registry_number: str
    complaint_phone: str
    complaint_address: str
    results_month: str


AnyFacts = TypeVar("AnyFacts", bound=RoundFacts)


def facts_of(found: Row[Any]) -> RoundFacts:
    """Return the facts of a round from a row of its columns."""
    return RoundFacts(**_facts(found))


def particulars_of(found: SurveyRound | Row[Any]) -> RoundParticulars:
    """Return all that a round tells, from the round or a row of its columns."""
    return RoundParticulars(**_facts(found), **{name: getattr(found, name) for name in PARTICULARS})


def _facts(found: SurveyRound | Row[Any]) -> dict[str, Any]:
    return {
        "id": found.id,
        "short_name": found.short_name,
        "title": found.title,
        "kind": found.kind,
        "loose_codes": found.loose_codes,
        "practice": found.practice,
        "reminds": not found.loose_codes,
        "opens_on": found.opens_on,
        "closes_on": found.closes_on,
        "window": window_of(found, context.clock()),
        "languages": tuple(found.languages),
        "faces": tuple(found.faces),
        "staff_may_help": found.staff_may_help,
        "bookable_assistant": found.bookable_assistant,
        "phone": found.phone,
        "phone_hours": found.phone_hours,
        "urgent_phone": found.urgent_phone,
    }


def remember(facts: AnyFacts) -> AnyFacts:
    """Remember a round's facts for the page's frame, and return them."""
    g.round_facts = facts
    return facts


def round_facts(short_name: str) -> RoundParticulars:
    """Return what the round in the address tells and remember it for the page's frame; 404 without one."""
    found = find_round_row(context.session(), short_name)
    if found.state is RoundState.PLANNED:
        abort(404)
    return remember(particulars_of(found))
