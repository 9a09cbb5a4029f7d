"""A letter speaks its reader's language where the round has it and every word of it is translated."""

from datetime import date
from io import BytesIO

import pikepdf
import pytest

from enkat.documents.typesetting import compile_apart
from enkat.instruments.vocabulary import ServiceType
from enkat.languages import LANGUAGES
from enkat.records.invitations import CodeKind
from enkat.records.letters_queries import Recipient
from enkat.records.rounds import SurveyRound
from enkat.services.letters.wording import OFFERS, Letters
from enkat.services.rounds.planning import PLAIN_FIELDS
from enkat.services.rounds.promise import promise_of
from enkat.settings import Settings
from tests.clocks import FixedClock
from tests.factories.rounds import a_plan

CODE = "3123456789012345"


def letters(**changes: object) -> Letters:
    """The reminders of a round in four languages, in the longest of their forms."""
    changes = {"staff_may_help": False, "bookable_assistant": "Ring 08-123 45 30, så bokar vi en tid."} | changes
    plan = a_plan(FixedClock(), languages=["sv", "fi", "en", "ar"], **changes)
    round_ = SurveyRound(**{name: getattr(plan, name) for name in PLAIN_FIELDS})
    round_.promise = promise_of(round_)
    return Letters(Settings(city_name="Provstaden"), round_, CodeKind.REMINDER, date(2026, 10, 5))


def reader(language: str, service: ServiceType = ServiceType.HOME_CARE) -> Recipient:
    given = {"name": "Aino Korhonen", "language": language, "unit_name": "Björken", "service": service}
    return Recipient(**{name: given.get(name, "") for name in Recipient._fields})  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["fi", "en", "ar"])
def test_a_letter_is_in_its_readers_language(language: str) -> None:
    letter = letters().one(reader(language), CODE)
    common = letter["common"]
    assert (common["lang"], common["rtl"]) == (language, language == "ar")
    assert len(common["opening"]) == 3
    said = " ".join([letter["about"], common["help"], *common["opening"], *common["who"], *common["promise"]])
    assert not any(word in said.split() for word in ("du", "och", "inte", "svaren"))
    assert {line["lang"] for line in common["languages"]} == {"sv", "fi", "en", "ar"} - {language}


@pytest.mark.parametrize("language", ["sv", "so", "fit", ""])
def test_it_is_in_swedish_where_the_round_or_the_catalogue_has_not_the_language(language: str) -> None:
    batch = letters()
    assert "common" not in batch.one(reader(language), CODE)
    assert batch.common()["lang"] == "sv"


def test_a_promise_that_was_frozen_without_the_language_keeps_the_letter_in_swedish() -> None:
    batch = letters()
    assert batch.round.promise is not None
    del batch.round.promise["fi"]
    assert "common" not in batch.one(reader("fi"), CODE)


@pytest.mark.parametrize("language", ["sv", "fi", "en", "ar"])
def test_every_language_keeps_to_two_pages(language: str) -> None:
    batch = letters()
    made = [batch.one(reader(language, service), CODE) for service in ServiceType]
    with pikepdf.open(BytesIO(compile_apart("letter", {"common": batch.common(), "letters": made}))) as pdf:
        assert len(pdf.pages) == 2 * len(made)


def test_the_shipped_languages_are_offered_in_their_own_words() -> None:
    assert {"sv", "fi", "en", "ar"} <= OFFERS.keys() <= LANGUAGES.keys()
