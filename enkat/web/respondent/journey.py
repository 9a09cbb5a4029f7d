"""Where somebody who answers stands: round, code, questions and draft, loaded once per page with few queries."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from flask import abort, redirect, request, url_for

from enkat.ballots.vocabulary import Respondent
from enkat.instruments.instrument import Instrument
from enkat.instruments.question import Question
from enkat.instruments.routing import next_question, path, previous_question
from enkat.instruments.wording import Face
from enkat.services.ballots.code_entry import CodeRefused, EntryState
from enkat.services.ballots.drafting import DraftConflictFault, DraftContent, save_draft
from enkat.services.ballots.standing import Standing, compiled_instrument, find_standing
from enkat.services.faults import ConflictFault
from enkat.web import context
from enkat.web.respondent import preferences
from enkat.web.respondent.facts import RoundFacts, facts_of, remember, round_facts
from enkat.web.shared import answer_cookie

_TRIES = 3
_MARK_LENGTH = 12

Answer = int | str


class TwoVersions(Exception):  # noqa: N818 - named as what happened
    """A question was answered differently in another window since this page was shown."""

    def __init__(self, theirs: Answer, mine: Answer | None) -> None:
        super().__init__("another window has another answer")
        self.theirs = theirs
        self.mine = mine


@dataclass(frozen=True)
class Journey:
    """An answer under way."""

    round: RoundFacts
    standing: Standing
    instrument: Instrument

    @property
    def draft(self) -> DraftContent:
        """The answers so far."""
        return self.standing.draft

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions that are shown with the answers so far, in order."""
        return path(self.instrument, self.draft.answers, proxy=self.is_proxy)

    @property
    def is_proxy(self) -> bool:
        """Whether somebody answers in the person's place."""
        return self.draft.respondent is Respondent.PROXY

    def following(self, question: Question | None, answers: Mapping[str, Answer] | None = None) -> Question | None:
        """Return the question after another (None = the first) with the answers so far or other ones."""
        given = self.draft.answers if answers is None else answers
        return next_question(self.instrument, given, question.id if question else None, proxy=self.is_proxy)

    def before(self, question: Question | None) -> Question | None:
        """Return the question before another (None = the last)."""
        given = self.draft.answers
        return previous_question(self.instrument, given, question.id if question else None, proxy=self.is_proxy)

    @cached_property
    def face(self) -> Face:
        """How questions are put: a proxy has wording of their own, which comes before easy-read."""
        if self.is_proxy:
            return Face.PROXY
        return Face(preferences.face())

    def next_step(self) -> str:
        """Return the address where answering goes on: who answers, the question after the last answered, or review."""
        if self.round.asks_who and self.draft.respondent is None and not self.draft.answers:
            return url_for("respondent.who", short_name=self.round.short_name)
        shown = self.questions
        answered = [place for place, question in enumerate(shown) if question.id in self.draft.answers]
        place = answered[-1] + 1 if answered else 0
        return self.step(shown[place] if place < len(shown) else None)

    @property
    def first_page(self) -> str:
        """The address of the page before the first question: who answers, or what the questions are about."""
        endpoint = "who" if self.round.asks_who else "about"
        return url_for(f"respondent.{endpoint}", short_name=self.round.short_name)

    def step(self, question: Question | None) -> str:
        """Return the address of a question, or of the review when there is none left."""
        if question is None:
            return url_for("respondent.review", short_name=self.round.short_name)
        return url_for("respondent.question", short_name=self.round.short_name, question_id=question.id)


def from_review() -> bool:
    """Whether the page was opened from the review and leads back there."""
    told = request.form if request.method == "POST" else request.args
    return told.get("back") == "granska"


def held_standing(short_name: str) -> tuple[RoundFacts, Standing] | None:
    """Return the round and where the browser's keys stand in it; None where the browser holds no keys of the round."""
    held = answer_cookie.read()
    if held is None:
        return None
    try:
        standing = find_standing(context.session(), context.clock(), round_id=held.round_id, keys=held.keys)
    except CodeRefused:
        if round_facts(short_name).id == held.round_id:
            raise
        return None
    return (remember(facts_of(standing.round)), standing) if standing.round.short_name == short_name else None


def open_standing(short_name: str) -> tuple[RoundFacts, Standing]:
    """Return the round and where the browser's keys stand; without keys the code page asks for the code."""
    found = held_standing(short_name)
    if found is not None:
        return found
    round_facts(short_name)
    return abort(redirect(url_for("respondent.code_page", short_name=short_name, kvar="1"), code=303))


def open_journey(short_name: str) -> Journey:
    """Return the journey of the browser's keys; leads to the right page when no answer can be given."""
    return journey_of(*open_standing(short_name))


def journey_of(facts: RoundFacts, standing: Standing) -> Journey:
    """Return the journey of a standing; leads to the right page when no answer can be given."""
    if standing.state is not EntryState.OPEN:
        where = "received" if standing.state is EntryState.SENT else "closed"
        abort(redirect(url_for(f"respondent.{where}", short_name=facts.short_name), code=303))
    return Journey(facts, standing, compiled_instrument(context.session(), standing.snapshot_sha256))


def mark_of(answer: Answer | None) -> str:
    """Return a short mark of an answer, by which a page remembers what it showed."""
    text = "" if answer is None else f"{type(answer).__name__}:{answer}"
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_MARK_LENGTH]


def _shown_as(draft: DraftContent) -> bool:
    """Whether the draft remembers the language and face in use."""
    return (draft.language, draft.face) == (preferences.language(), preferences.face())


def save(journey: Journey, draft: DraftContent) -> DraftContent:
    """Save the journey's draft, with the language and face in use."""
    shown = replace(draft, language=preferences.language(), face=preferences.face())
    return save_draft(
        context.session(), context.clock(), round_id=journey.round.id, keys=journey.standing.keys, draft=shown
    )


def save_answer(journey: Journey, question_id: str, answer: Answer | None, seen: str) -> DraftContent:
    """Save the answer to one question beside what other windows have saved meanwhile.

    Parameters
    ----------
    answer
        None takes the answer away.
    seen
        Mark of the answer that the page showed when it was made.

    Raises
    ------
    TwoVersions
        Another window has changed this very answer; nothing is saved.
    """
    current = journey.draft
    for _ in range(_TRIES):
        theirs = current.answers.get(question_id)
        if theirs == answer and (not current.version or _shown_as(current)):
            return current
        if theirs not in {None, answer} and mark_of(theirs) != seen:
            raise TwoVersions(theirs, answer)
        answers = {key: value for key, value in current.answers.items() if key != question_id}
        if answer is not None:
            answers[question_id] = answer
        try:
            return save(journey, replace(current, answers=answers))
        except DraftConflictFault as conflict:
            current = conflict.saved
    raise ConflictFault("Svaret är inte sparat. Försök igen.")


def save_who(journey: Journey, **changes: object) -> DraftContent:
    """Save who answers or who helps; the latest word counts."""
    current = journey.draft
    for _ in range(_TRIES):
        changed = replace(current, **changes)  # type: ignore[arg-type]
        if changed == current:
            return current
        try:
            return save(journey, changed)
        except DraftConflictFault as conflict:
            current = conflict.saved
    raise ConflictFault("Svaret är inte sparat. Försök igen.")
