"""The year's wheel: what a round needs, in order, with the day it is due and whether it is done."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.invitations import CodeKind
from enkat.records.letters import BatchState, LetterBatch
from enkat.records.letters_queries import batches_of
from enkat.records.round_kinds import RoundKind
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.rounds_queries import rounds_newest_first
from enkat.services.rounds.planning import next_due_year

PLANNING_DAYS = 60
LETTER_DAYS = 14
FIRST_REMINDER_DAYS = 14
SECOND_REMINDER_DAYS = 28
COUNT_DAYS = 7
PUBLISH_DAYS = 90
SOON_DAYS = 14


class Step(enum.StrEnum):
    """A spoke of the wheel."""

    FRAME = "frame"
    OPEN = "open"
    PRINT = "print"
    REMIND = "remind"
    REMIND_AGAIN = "remind_again"
    CLOSE = "close"
    COUNT = "count"
    PUBLISH = "publish"

    @property
    def label(self) -> str:
        """The Swedish words."""
        return _LABELS[self]


_LABELS = {
    Step.FRAME: "Läs in registret och planera",
    Step.OPEN: "Frys ramen och öppna omgången",
    Step.PRINT: "Skriv ut och skicka breven",
    Step.REMIND: "Påminn",
    Step.REMIND_AGAIN: "Påminn en gång till",
    Step.CLOSE: "Stäng omgången",
    Step.COUNT: "Räkna svaren",
    Step.PUBLISH: "Lämna ut resultatet",
}
_PAST_CLOSING = {RoundState.CLOSED, RoundState.COUNTED, RoundState.DESTROYED}
_MADE = {BatchState.READY, BatchState.PRINTED, BatchState.ERASED}


@dataclass(frozen=True)
class WheelStep:
    """A step of a round; `late` = due before today and not done, `soon` = due within two weeks."""

    step: Step
    due: date
    done: bool
    late: bool
    soon: bool

    @property
    def label(self) -> str:
        """The Swedish words."""
        return self.step.label


@dataclass(frozen=True)
class DueStep:
    """The next step of a round that is not finished."""

    round_: SurveyRound
    step: WheelStep


def _reminder_days(round_: SurveyRound) -> list[tuple[Step, date]]:
    """Return the days of reminders that still leave a week to answer; loose codes have none."""
    if round_.loose_codes:
        return []
    wanted = ((Step.REMIND, FIRST_REMINDER_DAYS), (Step.REMIND_AGAIN, SECOND_REMINDER_DAYS))
    days = [(step, round_.opens_on + timedelta(days=after)) for step, after in wanted]
    return [(step, day) for step, day in days if day < round_.closes_on]


def _spokes(round_: SurveyRound, batches: list[LetterBatch]) -> Iterator[tuple[Step, date, bool]]:
    opened = round_.state is not RoundState.PLANNED
    closed = round_.state in _PAST_CLOSING
    counted = round_.state in {RoundState.COUNTED, RoundState.DESTROYED}
    reminders = {batch.finished_on for batch in batches if batch.kind is CodeKind.REMINDER and batch.state in _MADE}
    letters = any(batch.kind is CodeKind.LETTER and batch.state in _MADE for batch in batches)
    yield Step.FRAME, round_.opens_on - timedelta(days=PLANNING_DAYS), opened
    yield Step.OPEN, round_.opens_on - timedelta(days=LETTER_DAYS), opened
    yield Step.PRINT, round_.opens_on - timedelta(days=LETTER_DAYS // 2), letters or closed
    for number, (step, day) in enumerate(_reminder_days(round_), 1):
        yield step, day, len(reminders) >= number or closed
    yield Step.CLOSE, round_.closes_on + timedelta(days=1), closed
    yield Step.COUNT, round_.closes_on + timedelta(days=COUNT_DAYS), counted
    yield Step.PUBLISH, publish_day(round_), False


def publish_day(round_: SurveyRound) -> date:
    """Return the day by which a round's results are to be released."""
    return round_.closes_on + timedelta(days=PUBLISH_DAYS)


def year_wheel(session: Session, clock: Clock, round_: SurveyRound, *, published: bool = False) -> list[WheelStep]:
    """Return a round's steps in order.

    Parameters
    ----------
    published
        Whether results of the round have left the house; the results' own service knows.
    """
    now = today(clock)
    steps = []
    for step, due, done in _spokes(round_, batches_of(session, round_.id)):
        is_done = done or (step is Step.PUBLISH and published)
        late = not is_done and due < now
        soon = not is_done and not late and due <= now + timedelta(days=SOON_DAYS)
        steps.append(WheelStep(step, due, is_done, late, soon))
    return steps


def due_steps(session: Session, clock: Clock) -> list[DueStep]:
    """Return the next step of every real round that is not counted, the most urgent first."""
    found = []
    for round_ in rounds_newest_first(session):
        if round_.practice or round_.state in {RoundState.COUNTED, RoundState.DESTROYED}:
            continue
        waiting = [step for step in year_wheel(session, clock, round_) if not step.done]
        if waiting:
            found.append(DueStep(round_, waiting[0]))
    return sorted(found, key=lambda due: due.step.due)


def next_round_year(session: Session) -> int | None:
    """Return the year in which the next user survey is due, by the latest real one; None before the first."""
    rounds = rounds_newest_first(session)
    real = [round_ for round_ in rounds if not round_.practice and round_.kind is RoundKind.USER_SURVEY]
    return next_due_year(real[0]) if real else None
