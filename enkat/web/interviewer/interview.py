"""Where an interview stands: round, questions and draft, loaded once per page; and how an answer is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from flask import abort, redirect, url_for

from enkat.ballots.vocabulary import Mode, Respondent
from enkat.instruments.instrument import Instrument
from enkat.instruments.question import Question, own_view_id
from enkat.instruments.routing import next_question, path, previous_question
from enkat.instruments.wording import Face
from enkat.services.ballots.code_entry import EntryState
from enkat.services.ballots.drafting import AlreadyReceivedFault, DraftConflictFault, DraftContent, save_draft
from enkat.services.ballots.rounds import require_open
from enkat.services.ballots.standing import Standing, compiled_instrument, find_standing
from enkat.services.faults import ConflictFault
from enkat.services.interviews.interviewing import Begun
from enkat.web import context
from enkat.web.interviewer import held
from enkat.web.shared import languages

_TRIES = 3


@dataclass(frozen=True)
class Interview:
    """An interview under way."""

    booking_id: bytes
    begun: Begun
    tablet: bool
    standing: Standing
    instrument: Instrument

    @property
    def draft(self) -> DraftContent:
        """The answers so far; pages never show them."""
        return self.standing.draft

    @property
    def is_proxy(self) -> bool:
        """Whether somebody answers in the person's place."""
        return self.draft.respondent is Respondent.PROXY

    @property
    def by_phone(self) -> bool:
        """Whether the questions are read out over the telephone."""
        return self.begun.mode is Mode.PHONE

    @property
    def face(self) -> Face:
        """How questions are put: to a proxy in their own wording, else as a script where there is one."""
        return Face.PROXY if self.is_proxy else Face.INTERVIEWER

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions that are asked with the answers so far, in order."""
        return path(self.instrument, self.draft.answers, proxy=self.is_proxy)

    def is_presumed(self, question: Question) -> bool:
        """Whether a proxy is asked for the person's view here, and for an own one next."""
        return self.is_proxy and any(other.id == own_view_id(question.id) for other in self.instrument.questions)

    def after(self, question: Question | None, answers: Mapping[str, int | str]) -> str:
        """Return the address of the question after another (None = the first), or of the end."""
        found = next_question(self.instrument, answers, question.id if question else None, proxy=self.is_proxy)
        return step(found)

    def before(self, question: Question | None) -> str:
        """Return the address of the question before another (None = the last), or of the beginning."""
        given = self.draft.answers
        found = previous_question(self.instrument, given, question.id if question else None, proxy=self.is_proxy)
        return step(found) if found else url_for("interviewer.before")


def step(question: Question | None) -> str:
    """Return the address of a question, or of the end when there is none left."""
    if question is None:
        return url_for("interviewer.end")
    return url_for("interviewer.question", question_id=question.id)


def current() -> Interview:
    """Return the interview of this browser; leads to the start where there is none.

    Raises
    ------
    AlreadyReceivedFault, RoundClosedFault, CodeRefused
        It cannot go on.
    """
    found = held.read()
    if found is None:
        abort(redirect(url_for("interviewer.start"), code=303))
    if found.begun is None:
        abort(redirect(url_for("interviewer.done"), code=303))
    begun = found.begun
    standing = find_standing(context.session(), context.clock(), round_id=begun.round_id, keys=begun.keys)
    if standing.state is not EntryState.OPEN:
        require_open(standing.round, context.clock())
        raise AlreadyReceivedFault
    instrument = compiled_instrument(context.session(), standing.snapshot_sha256)
    return Interview(found.booking_id, begun, found.tablet, standing, instrument)


def save(interview: Interview, **changes: object) -> DraftContent:
    """Save changes to the draft; the latest word counts."""
    draft = interview.draft
    for _try in range(_TRIES):
        changed = replace(draft, language=languages.selected_language(), face="plain", **changes)  # type: ignore[arg-type]
        try:
            return save_draft(
                context.session(),
                context.clock(),
                round_id=interview.begun.round_id,
                keys=interview.begun.keys,
                draft=changed,
            )
        except DraftConflictFault as conflict:
            draft = conflict.saved
    raise ConflictFault("Svaret är inte sparat. Försök igen.")


def save_answer(interview: Interview, question: Question, answer: int | str | None) -> DraftContent:
    """Save an answer; None takes it away."""
    answers = {key: value for key, value in interview.draft.answers.items() if key != question.id}
    if answer is not None:
        answers[question.id] = answer
    return save(interview, answers=answers)
