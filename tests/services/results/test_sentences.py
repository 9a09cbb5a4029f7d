"""Each figure's sentence, from the question's own words."""

from dataclasses import replace
from math import nan
from typing import Any

import pytest

from enkat.instruments.comparability import Comparability, comparability
from enkat.instruments.loading import load_catalogue
from enkat.instruments.question import Question
from enkat.instruments.snapshot import snapshot
from enkat.instruments.vocabulary import ServiceType
from enkat.paths import surveys
from enkat.records.releases import ReleaseLevel
from enkat.services.results.computing import Breakdown
from enkat.services.results.figures import Figure, OptionFigure
from enkat.services.results.groups import Group, GroupKind
from enkat.services.results.reading import AskedQuestion
from enkat.services.results.sentences import clients_sentence, sentence
from enkat.statistics.disclosure.marks import Mark
from enkat.statistics.estimates import Method

HOME = load_catalogue(surveys()).instruments["hemtjanst"]
QUESTIONS = {question.id: question for question in HOME.choice_questions}
UNIT = Group(GroupKind.UNIT, "unit:1", "Björken")


def figure(question: Question | None = None, *, positive: int = 38, answered: int = 42, **changes: Any) -> Figure:
    asked = AskedQuestion(question or QUESTIONS["feels_safe"], frozenset({ServiceType.HOME_CARE}), frozenset())
    options = (
        OptionFigure(1, "Mycket trygg", positive=True, count=positive, share=positive / answered),
        OptionFigure(5, "Mycket otrygg", positive=False, count=answered - positive, share=1 - positive / answered),
    )
    made = Figure(
        group=UNIT, asked=asked, breakdown=Breakdown.ALL, mark=Mark.SHOWN, clients=46, invited=46, ineligible=0,
        sent=42, response_rate=42 / 46, answered=answered, represented=46, share=positive / answered, lo=0.84, hi=0.97,
        lo_clients=38, hi_clients=44, population=46, does_not_know=0.0, blank=0.0, method=Method.HYPERGEOMETRIC,
        earlier_share=nan, earlier_lo=nan, earlier_hi=nan, comparable=None, options=options,
    )  # fmt: skip
    return replace(made, **changes)


def test_a_unit_in_counts_with_the_interval_of_the_whole_unit():
    expected = "Av de 42 som svarade känner sig 38 trygga. För hela enheten ligger andelen mellan 84 och 97 procent."
    assert sentence(figure()) == expected
    assert clients_sentence(figure()) == "Det är mellan 38 och 44 av 46 brukare."


def test_everybody_positive_and_everybody_asked():
    everybody = figure(positive=42, lo=1.0, hi=1.0, lo_clients=42, hi_clients=42, population=42)
    said = "Av de 42 som svarade känner sig alla trygga. Alla har svarat på frågan, så siffran gäller hela enheten."
    assert sentence(everybody) == said
    assert clients_sentence(everybody) == "Det är 42 av 42 brukare."


def test_one_or_none_are_not_said_in_the_plural():
    assert sentence(figure(positive=0)).startswith("Av de 42 som svarade är ingen positiv.")
    assert sentence(figure(positive=1)).startswith("Av de 42 som svarade är en positiv.")


@pytest.mark.parametrize(
    ("group", "place", "whole"),
    [
        (Group(GroupKind.CITY, "city", "Hela staden"), "I hela staden", "hela staden"),
        (Group(GroupKind.DISTRICT, "district:1", "Norr"), "I Norr", "hela stadsdelen"),
        (
            Group(GroupKind.OPERATING_FORM, "operating_form:municipal", "Egen regi"),
            "I enheter i egen regi",
            "regiformen",
        ),
    ],
)
def test_weighted_figures_are_estimates_in_percent(group: Group, place: str, whole: str):
    weighted = figure(
        group=group, share=0.836, lo=0.81, hi=0.86, lo_clients=-1, hi_clients=-1, method=Method.WILSON_EFFECTIVE
    )
    said = (
        f"{place} känner sig uppskattningsvis 84 procent trygga. För {whole} ligger andelen mellan 81 och 86 procent."
    )
    assert sentence(weighted) == said
    assert clients_sentence(weighted) == ""


def test_nothing_of_a_hidden_figure_is_said():
    hidden: dict[str, Any] = {
        "share": nan,
        "lo": nan,
        "hi": nan,
        "answered": -1,
        "sent": -1,
        "lo_clients": -1,
        "options": (),
    }
    said = {mark: sentence(figure(mark=mark, **hidden)) for mark in Mark if not mark.shows_figures}
    assert said == {
        Mark.TOO_FEW_POSITIVE: "Av dem som svarade känner sig få eller inga trygga.",
        Mark.SUPPRESSED: "För få har svarat för att vi ska kunna visa en siffra.",
        Mark.NOT_ASKED: "Frågan ställdes inte här.",
        Mark.NOT_APPLICABLE: "Här finns inga brukare i omgången.",
        Mark.TOO_UNCERTAIN: "Siffran är för osäker för att säga något.",
    }


def test_the_public_reads_whole_percents():
    assert sentence(figure(), ReleaseLevel.PUBLIC).startswith("Av dem som svarade känner sig 90 procent trygga.")


def test_a_question_without_own_words_names_its_options():
    bare = replace(QUESTIONS["feels_safe"], positive={})
    assert "Av de 42 som svarade valde 38 ”Mycket trygg” eller ”Ganska trygg”." in sentence(figure(bare))


def test_every_question_of_the_house_has_words_in_both_languages():
    catalogue = load_catalogue(surveys())
    questions = [question for one in catalogue.instruments.values() for question in one.choice_questions]
    without = {question.id for question in questions if not {"sv", "en"} <= set(question.positive)}
    assert {name for name in without if not name.endswith("_own_view")} == set()


def test_the_words_are_no_part_of_what_is_compared():
    before = QUESTIONS["feels_safe"]
    after = replace(before, positive={"sv": "är {n} trygga"})
    assert comparability(before, after, {}) is Comparability.SAME


def test_an_instrument_without_such_words_keeps_its_snapshot():
    bare = replace(HOME, questions=tuple(replace(question, positive={}) for question in HOME.questions))
    assert '"positive":{' not in snapshot(bare)
    assert '"positive":{' in snapshot(HOME)
