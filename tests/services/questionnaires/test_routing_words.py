"""The way through a questionnaire in words, from conditions as structured data."""

from dataclasses import replace

import pytest

from enkat.instruments.condition import All, Answered, AnyOf, Condition, In, Not
from enkat.instruments.instrument import Instrument
from enkat.instruments.routing import path
from enkat.instruments.wording import Face
from enkat.services.questionnaires.routing_words import Reader, goes_on, only_if
from tests.factories.ballots import small_instrument
from tests.factories.paper import as_written

READER = Reader(as_written, "sv", Face.PLAIN)
pytestmark = pytest.mark.one_database


def _instrument(*conditions: Condition | None) -> Instrument:
    """Four choices and a text; `conditions` of the questions from the second on."""
    found = small_instrument(own=2)
    rest = zip(found.questions[1:], (*conditions, *[None] * 4), strict=False)
    return replace(found, questions=(found.questions[0], *(replace(one, condition=when) for one, when in rest)))


SAFE = In("feels_safe", frozenset({1, 2}))


def test_an_option_that_passes_questions_by_says_where_to_go() -> None:
    found = _instrument(SAFE, SAFE)
    first = found.questions[0]
    assert goes_on(READER, found, first, 1) == ""
    assert goes_on(READER, found, first, 3) == "Gå till fråga 4"
    assert goes_on(READER, found, found.questions[3], 1) == ""


def test_the_end_is_named_where_nothing_is_left() -> None:
    found = _instrument(SAFE, SAFE, SAFE, SAFE)
    assert goes_on(READER, found, found.questions[0], 5) == "Gå till slutet"


def test_what_rests_on_more_answers_is_said_before_the_question_instead() -> None:
    both = All((SAFE, In("is_heard", frozenset({4}))))
    found = _instrument(None, both)
    assert goes_on(READER, found, found.questions[1], 4) == ""
    said = only_if(READER, found, found.questions[2])
    assert said == "Svara bara om du svarade ”Svar 1” eller ”Svar 2” på fråga 1 och du svarade ”Svar 4” på fråga 2."


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Answered("feels_safe"), "du svarade på fråga 1"),
        (Not(Answered("feels_safe")), "du inte svarade på fråga 1"),
        (Not(SAFE), "du svarade något annat än ”Svar 1” eller ”Svar 2” på fråga 1"),
        (Not(Not(Answered("feels_safe"))), "du svarade på fråga 1"),
        (
            Not(AnyOf((SAFE, Answered("feels_safe")))),
            "du svarade något annat än ”Svar 1” eller ”Svar 2” på fråga 1 och du inte svarade på fråga 1",
        ),
        (
            AnyOf((Answered("feels_safe"), All((SAFE, SAFE)))),
            (
                "du svarade på fråga 1 eller (du svarade ”Svar 1” eller ”Svar 2” på fråga 1 och "
                "du svarade ”Svar 1” eller ”Svar 2” på fråga 1)"
            ),
        ),
    ],
)
def test_every_kind_of_condition_has_words(condition: Condition, said: str) -> None:
    found = _instrument(condition)
    assert only_if(READER, found, found.questions[1]) == f"Svara bara om {said}."


def test_who_follows_the_arrows_answers_what_the_web_would_ask() -> None:
    found = _instrument(SAFE, SAFE, None)
    for code in (1, 2, 3, 4, 5):
        shown = [one.id for one in path(found, {"feels_safe": code})]
        goes = goes_on(READER, found, found.questions[0], code)
        following = found.questions[int(goes.rpartition(" ")[2]) - 1] if goes else found.questions[1]
        assert shown[1] == following.id
