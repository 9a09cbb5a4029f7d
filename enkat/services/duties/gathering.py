"""What is due by the actor's rights: gathered from rounds, register, free texts, keys and accounts."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.accounts import Account, AccountState
from enkat.records.answers import FreeText, FreeTextState
from enkat.records.imports import ImportBatch, ImportState
from enkat.records.jobs import Job, JobState
from enkat.records.keys import KeyHolder
from enkat.records.releases import Release
from enkat.records.retention import RecordKind
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.waves import WaveState
from enkat.records.waves_queries import waves_in
from enkat.services.accounts.rights import Actor, Right
from enkat.services.concerns.receiving import waiting_concerns
from enkat.services.keys.confirming import due_since
from enkat.services.retention.rules import rules_of
from enkat.services.rounds.yearwheel import WheelStep, due_steps, year_wheel

SOON = timedelta(days=7)
"""A wave that nobody has said yes to is told of so long before its day."""
COUNTED = (RoundState.COUNTED, RoundState.DESTROYED)


class Task(enum.StrEnum):
    """A kind of duty."""

    ROUND_STEP = "round_step"
    STAGED_IMPORT = "staged_import"
    FAILED_JOB = "failed_job"
    WAVE = "wave"
    DESTROY_BOX = "destroy_box"
    TEST_SHARE = "test_share"
    CONFIRM_SHARE = "confirm_share"
    BRING_SHARE = "bring_share"
    SHRED_SHARE = "shred_share"
    READ_FREE_TEXTS = "read_free_texts"
    READ_RESULTS = "read_results"
    RECEIVE_CONCERNS = "receive_concerns"
    INVITED_ACCOUNTS = "invited_accounts"
    MISSING_RULES = "missing_rules"


@dataclass(frozen=True)
class Duty:
    """Something to do: what, about which round, how many, and by which day."""

    task: Task
    round_: SurveyRound | None = None
    number: int = 0
    due: date | None = None
    late: bool = False
    label: str = ""


def _rounds(session: Session, *states: RoundState) -> list[SurveyRound]:
    query = select(SurveyRound).where(SurveyRound.state.in_(states)).order_by(SurveyRound.id.desc())
    return list(session.scalars(query))


def _manager(session: Session, clock: Clock) -> Iterator[Duty]:
    for one in due_steps(session, clock):
        yield Duty(Task.ROUND_STEP, one.round_, due=one.step.due, late=one.step.late, label=one.step.label)
    staged = select(func.count()).select_from(ImportBatch).where(ImportBatch.state == ImportState.STAGED)
    jammed = select(func.count()).select_from(Job).where(Job.state == JobState.FAILED)
    waiting, failed = session.execute(select(staged.scalar_subquery(), jammed.scalar_subquery())).one()
    if waiting:
        yield Duty(Task.STAGED_IMPORT, number=waiting)
    if failed:
        yield Duty(Task.FAILED_JOB, number=failed)
    for wave in waves_in(session, WaveState.PLANNED, WaveState.BUILT, WaveState.SENDING):
        unsure = wave.approved_for is None and wave.planned_on <= today(clock) + SOON
        if wave.fault or unsure:
            late = wave.planned_on < today(clock)
            yield Duty(Task.WAVE, session.get(SurveyRound, wave.round_id), due=wave.planned_on, late=late)
    for survey_round in _rounds(session, RoundState.COUNTED):
        yield Duty(Task.DESTROY_BOX, survey_round)


def _key_holder(session: Session, clock: Clock, actor: Actor) -> Iterator[Duty]:
    query = (
        select(KeyHolder, SurveyRound)
        .join(SurveyRound, SurveyRound.id == KeyHolder.round_id)
        .where(KeyHolder.account_id == actor.account_id, KeyHolder.replaced_on.is_(None))
        .order_by(SurveyRound.id.desc())
    )
    for holder, survey_round in session.execute(query):
        if holder.tested_on is None and survey_round.state is RoundState.PLANNED:
            yield Duty(Task.TEST_SHARE, survey_round, due=survey_round.opens_on)
        elif survey_round.state is RoundState.OPEN and today(clock) >= due_since(survey_round):
            if holder.confirmed_on is None or holder.confirmed_on < due_since(survey_round):
                yield Duty(Task.CONFIRM_SHARE, survey_round, due=survey_round.closes_on)
        elif survey_round.state is RoundState.CLOSED:
            yield Duty(Task.BRING_SHARE, survey_round, due=today(clock))
        elif survey_round.state is RoundState.DESTROYED and holder.shredded_on is None:
            yield Duty(Task.SHRED_SHARE, survey_round)


def _reader(session: Session) -> Iterator[Duty]:
    query = (
        select(FreeText.round_id, func.count())
        .where(FreeText.state == FreeTextState.UNREAD)
        .group_by(FreeText.round_id)
    )
    for round_id, number in session.execute(query).all():
        yield Duty(Task.READ_FREE_TEXTS, session.get(SurveyRound, round_id), number=number)


def _administrator(session: Session) -> Iterator[Duty]:
    invited = select(func.count()).select_from(Account).where(Account.state == AccountState.INVITED)
    number = session.scalar(invited) or 0
    if number:
        yield Duty(Task.INVITED_ACCOUNTS, number=number)
    missing = len(RecordKind) - len(rules_of(session))
    if missing:
        yield Duty(Task.MISSING_RULES, number=missing)


def gather(session: Session, clock: Clock, actor: Actor) -> list[Duty]:
    """Return what is due for an actor: late things first, then by day, then what has no day."""
    found: list[Duty] = []
    if actor.holds(Right.MANAGE_ROUNDS):
        found += _manager(session, clock)
    if actor.holds(Right.HOLD_KEY):
        found += _key_holder(session, clock, actor)
    if actor.holds(Right.READ_FREE_TEXTS):
        found += _reader(session)
    if actor.holds(Right.HANDLE_CONCERNS) and (waiting := waiting_concerns(session)):
        found.append(Duty(Task.RECEIVE_CONCERNS, number=waiting))
    if actor.holds(Right.SEE_INTERNAL_RESULTS):
        found += [Duty(Task.READ_RESULTS, one) for one in _rounds(session, *COUNTED)[:2]]
    if actor.holds(Right.MANAGE_ACCOUNTS):
        found += _administrator(session)
    return sorted(found, key=lambda duty: (not duty.late, duty.due or date.max))


@dataclass(frozen=True)
class Wheel:
    """A round with its steps over the year."""

    round_: SurveyRound
    steps: list[WheelStep]


def wheels(session: Session, clock: Clock) -> list[Wheel]:
    """Return the year's wheel of every living round, and of the latest counted one when there is none."""
    living = _rounds(session, RoundState.PLANNED, RoundState.OPEN, RoundState.CLOSED)
    shown = [one for one in living if not one.practice] or _rounds(session, *COUNTED)[:1]
    released = set(session.scalars(select(Release.round_id).distinct()))
    return [Wheel(one, year_wheel(session, clock, one, published=one.id in released)) for one in shown]
