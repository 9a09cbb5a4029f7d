"""The promise and the letter are written from the round's data, in words that are easy to read."""

import pytest

from enkat.instruments.readability import lix
from enkat.records.invitations import CodeKind
from enkat.records.rounds import SurveyRound
from enkat.services.letters.wording import letter_common
from enkat.services.rounds.expectations import expectations
from enkat.services.rounds.framing import UnitFrame
from enkat.services.rounds.planning import PLAIN_FIELDS
from enkat.services.rounds.promise import promise_of
from enkat.settings import Settings
from tests.clocks import FixedClock
from tests.factories.rounds import a_plan

EASY = 30


def a_round(**changes: object) -> SurveyRound:
    plan = a_plan(FixedClock(), **changes)
    return SurveyRound(**{name: getattr(plan, name) for name in PLAIN_FIELDS})


def test_the_promise_names_the_rounds_own_figures() -> None:
    round_ = a_round(threshold_internal=6, threshold_public=9, key_threshold=3, key_holders=5)
    swedish = promise_of(round_)["sv"]
    assert "Vi lämnar bara ut resultat när minst 6 har svarat." in swedish["promise"]
    assert "Svaren låses. De öppnas efter 4 november 2026, utan namn." in swedish["promise"]
    assert "Det behövs 3 av 5 nyckeldelar för att öppna dem." in swedish["holds"]


def test_the_word_anonymous_is_never_used() -> None:
    assert "anonym" not in str(promise_of(a_round())).lower()


def test_promise_and_letter_are_easy_to_read() -> None:
    settings = Settings(city_name="Provstaden")
    letter = letter_common(settings, a_round(), CodeKind.REMINDER, a_round().opens_on)
    promise = promise_of(a_round())["sv"]
    texts = [*letter["opening"], letter["help"], *letter["help_more"], *letter["who"], *promise["promise"]]
    assert lix(texts) <= EASY
    assert lix([*promise["promise"], *promise["helped"], *promise["holds"], *promise["holds_not"]]) <= EASY


def test_a_letter_tells_who_may_help_and_marks_a_practice() -> None:
    barred = a_round(staff_may_help=False, bookable_assistant="Ring 08-123 45 30.", practice=True)
    letter = letter_common(Settings(), barred, CodeKind.LETTER, barred.opens_on)
    assert any("ska inte hjälpa till" in line for line in letter["who"])
    assert any("Ring 08-123 45 30." in line for line in letter["who"])
    assert letter["practice"] == "ÖVNING"
    assert letter_common(Settings(), a_round(), CodeKind.LETTER, barred.opens_on)["practice"] == ""


@pytest.mark.parametrize(("n", "answers", "width"), [(150, 90, 0.055), (40, 24, 0.11), (4, 2, 0.25)])
def test_smaller_units_are_expected_to_be_less_certain(n: int, answers: int, width: float) -> None:
    unit = UnitFrame(unit_id=1, code="A", name="A", district_id=1, district_name="D", n=n, asked=n)
    (found,) = expectations([unit]).values()
    assert found.answers == answers
    assert found.half_width == pytest.approx(width, abs=0.03)
