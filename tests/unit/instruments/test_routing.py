"""The way through an instrument and what its answers become."""

from pathlib import Path

import pytest

from enkat.instruments.condition import All, Answered, AnyOf, In, Not, evaluate, references
from enkat.instruments.instrument import Instrument
from enkat.instruments.loading import load_catalogue
from enkat.instruments.missing import Missing
from enkat.instruments.routing import (
    UnknownAnswer,
    accepts,
    answers_of,
    free_texts,
    next_question,
    path,
    previous_question,
    vector,
)
from tests.factories.surveys import write_surveys

YES, NO, ALWAYS = 1, 2, 1


@pytest.fixture
def instrument(tmp_path: Path) -> Instrument:
    return load_catalogue(write_surveys(tmp_path)).instruments["hemtjanst"]


def ids(questions: tuple) -> list[str]:
    return [question.id for question in questions]


@pytest.mark.parametrize(
    ("answers", "shown"),
    [({}, False), ({"gets_food": NO}, False), ({"gets_food": YES}, True)],
    ids=["not answered", "no", "yes"],
)
def test_a_follow_up_is_shown_only_when_its_condition_is_known_to_hold(
    instrument: Instrument, answers: dict[str, int], shown: bool
):
    assert ("food_good" in ids(path(instrument, answers))) is shown


def test_the_vector_tells_why_an_answer_is_missing(instrument: Instrument):
    assert vector(instrument, {}) == [-2, -2, Missing.NOT_SHOWN, -2]
    answers = {"feels_safe": -3, "gets_food": YES, "is_heard": NO}
    assert vector(instrument, answers) == [Missing.DOES_NOT_KNOW, YES, Missing.NOT_ANSWERED, NO]


def test_an_answer_off_the_path_does_not_count(instrument: Instrument):
    answers = {"gets_food": NO, "food_good": ALWAYS}
    assert vector(instrument, answers)[2] == Missing.NOT_SHOWN


def test_forward_and_back(instrument: Instrument):
    assert next_question(instrument, {}, None).id == "feels_safe"
    assert next_question(instrument, {"gets_food": NO}, "gets_food").id == "is_heard"
    assert next_question(instrument, {"gets_food": YES}, "gets_food").id == "food_good"
    assert next_question(instrument, {"gets_food": NO}, "food_good").id == "is_heard"
    assert next_question(instrument, {}, "tell_more") is None
    assert previous_question(instrument, {"gets_food": NO}, "is_heard").id == "gets_food"
    assert previous_question(instrument, {}, "feels_safe") is None
    assert previous_question(instrument, {}, None).id == "tell_more"


def test_free_text_is_kept_only_when_something_is_written(instrument: Instrument):
    assert free_texts(instrument, {"tell_more": " "}) == {}
    assert free_texts(instrument, {"tell_more": "Bra mat."}) == {"tell_more": "Bra mat."}
    with pytest.raises(UnknownAnswer, match="längre än 500 tecken"):
        free_texts(instrument, {"tell_more": "x" * 501})


@pytest.mark.parametrize("answer", [3, 0, -1, "1", True])
def test_an_answer_that_the_scale_lacks_is_refused(instrument: Instrument, answer: int | str):
    assert not accepts(instrument.question("feels_safe"), answer)
    with pytest.raises(UnknownAnswer, match="feels_safe"):
        vector(instrument, {"feels_safe": answer})


def test_text_is_accepted_up_to_its_length(instrument: Instrument):
    question = instrument.question("tell_more")
    assert accepts(question, "x" * 500)
    assert not accepts(question, "x" * 501)
    assert not accepts(question, 1)


def test_answers_come_back_from_a_vector(instrument: Instrument):
    answers = {"feels_safe": -3, "gets_food": YES, "food_good": ALWAYS}
    assert answers_of(instrument, vector(instrument, answers)) == answers


def test_three_valued_logic():
    known, other, unknown = In("a", frozenset({1})), In("a", frozenset({2})), In("b", frozenset({1}))
    answers = {"a": 1}
    assert evaluate(known, answers) is True
    assert evaluate(unknown, answers) is None
    assert evaluate(Not(unknown), answers) is None
    assert evaluate(All((known, unknown)), answers) is None
    assert evaluate(All((other, unknown)), answers) is False
    assert evaluate(AnyOf((known, unknown)), answers) is True
    assert evaluate(AnyOf((other, unknown)), answers) is None
    assert evaluate(Answered("b"), answers) is False
    assert references(All((known, Not(unknown)))) == {"a", "b"}


@pytest.mark.parametrize("noted", [Missing.WILL_NOT_SAY, Missing.UNREADABLE])
def test_what_was_noted_instead_of_an_answer_is_kept_and_leads_nowhere(instrument: Instrument, noted: Missing):
    first = instrument.choice_questions[0]
    assert not accepts(first, noted.value)
    assert vector(instrument, {first.id: noted.value})[0] == noted
    assert path(instrument, {first.id: noted.value}) == path(instrument, {})
    assert answers_of(instrument, vector(instrument, {first.id: noted.value})) == {}
