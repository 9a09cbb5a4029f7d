"""The round as respondents' pages see it: plain values, so that a page can be made whatever happens to the database."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from flask import abort, g
from sqlalchemy import Row

from enkat.records.rounds import RoundState, SurveyRound
from enkat.services.ballots.rounds import Window, window_of
from enkat.services.ballots.standing import find_round_row, promises
from enkat.web import context


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """What a round tells those who answer."""

    id: int
    short_name: str
    title: str
    practice: bool
    opens_on: date
    closes_on: date
    window: Window
    languages: tuple[str, ...]
    faces: tuple[str, ...]
    staff_may_help: bool
    bookable_assistant: str
    threshold: int
    responsible_board: str
    frame_source: str
    legal_basis: str
    dpo_contact: str
    registry_number: str
    phone: str
    phone_hours: str
    urgent_phone: str
    complaint_phone: str
    complaint_address: str
    results_month: str

    @property
    def is_over(self) -> bool:
        """Whether the round takes answers no more."""
        return self.window is Window.CLOSED

    def promises(self, lang: str) -> dict[str, list[str]]:
        """Return the frozen promise, part by part; only pages that show it ask."""
        return promises(context.session(), self.id, lang)


def facts_of(found: SurveyRound | Row[Any]) -> RoundFacts:
    """Return the facts of a round, or of a row of its columns."""
    return RoundFacts(
        id=found.id,
        short_name=found.short_name,
        title=found.title,
        practice=found.practice,
        opens_on=found.opens_on,
        closes_on=found.closes_on,
        window=window_of(found, context.clock()),
        languages=tuple(found.languages),
        faces=tuple(found.faces),
        staff_may_help=found.staff_may_help,
        bookable_assistant=found.bookable_assistant,
        threshold=found.threshold_internal,
        responsible_board=found.responsible_board,
        frame_source=found.frame_source,
        legal_basis=found.legal_basis,
        dpo_contact=found.dpo_contact,
        registry_number=found.registry_number,
        phone=found.phone,
        phone_hours=found.phone_hours,
        urgent_phone=found.urgent_phone,
        complaint_phone=found.complaint_phone,
        complaint_address=found.complaint_address,
        results_month=found.results_month,
    )


def remember(found: SurveyRound | Row[Any]) -> RoundFacts:
    """Return a round's facts and remember them for the page's frame."""
    g.round_facts = facts_of(found)
    return cast("RoundFacts", g.round_facts)


def round_facts(short_name: str) -> RoundFacts:
    """Return the facts of the round in the address and remember them for the page's frame; 404 without one."""
    found = find_round_row(context.session(), short_name)
    if found.state is RoundState.PLANNED:
        abort(404)
    return remember(found)
