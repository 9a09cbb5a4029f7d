"""The city's own definitions are valid, easy to read and complete."""

from pathlib import Path

import pytest

from enkat.instruments.checking import check_directory
from enkat.instruments.instrument import Instrument
from enkat.instruments.language_overview import language_overview
from enkat.instruments.loading import load_catalogue
from enkat.instruments.missing import Missing
from enkat.instruments.question import Face, Question
from enkat.instruments.readability import lix, words
from enkat.instruments.vocabulary import Criterion, ServiceType

SURVEYS = Path(__file__).parents[2] / "surveys"
CATALOGUE = load_catalogue(SURVEYS)
FACES = (Face.PLAIN, Face.EASY, Face.PROXY)
QUESTIONS = [
    *CATALOGUE.core.values(),
    *(q for i in CATALOGUE.instruments.values() for q in i.questions if not q.core),
    *(q for questions in CATALOGUE.supplements.values() for q in questions),
]


def test_there_are_no_faults():
    assert check_directory(SURVEYS) == []


def test_every_service_has_an_instrument():
    assert {instrument.service for instrument in CATALOGUE.instruments.values()} == set(ServiceType)


def test_the_ten_stable_questions():
    assert len(CATALOGUE.core) == 10
    assert set(CATALOGUE.core) <= {question.id for question in CATALOGUE.instruments["hemtjanst"].questions}


@pytest.mark.parametrize("face", FACES)
def test_respondent_texts_are_easy(face: Face):
    assert lix([question.text("sv", face) for question in QUESTIONS]) <= 25


def promised(question: Question) -> tuple[Face, ...]:
    """All faces, but of an instrument's own questions those that it promises: staff answer for nobody else."""
    found = CATALOGUE.instruments.get(question.source)
    return FACES if found is None else tuple(face for face in FACES if face in found.faces)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.ref)
def test_a_question_is_complete(question: Question):
    for lang in ("sv", "en"):
        for face in promised(question):
            assert not question.text(lang, face).is_fallback
    assert question.only_proxy or len(words(question.text("sv", Face.EASY))) <= 12
    if question.kind == "choice":
        assert set(question.criteria) <= set(Criterion)
        assert question.criteria or question.is_filter or question.id.endswith("_own_view")
        assert not {Missing.NOT_SHOWN, Missing.NOT_ANSWERED, Missing.UNREADABLE} & set(question.scale.codes)


def test_the_shipped_languages_are_complete():
    lines = language_overview(CATALOGUE)
    assert {line.language.code for line in lines} == {"sv", "fi", "en", "ar"}
    assert [(line.language.code, line.definition_id) for line in lines if line.missing] == []
    assert all(set(one.languages) == {"sv", "fi", "en", "ar"} for one in CATALOGUE.instruments.values())


@pytest.mark.parametrize("instrument", CATALOGUE.instruments.values(), ids=lambda instrument: instrument.id)
def test_free_text_comes_last_and_warns_for_names(instrument: Instrument):
    assert [question.kind for question in instrument.questions[-2:]] == ["choice", "text"]
    assert "namn" in instrument.questions[-1].hint("sv")


def test_supplements_fit_every_instrument():
    for instrument in CATALOGUE.instruments.values():
        everything = [question for questions in CATALOGUE.supplements.values() for question in questions]
        assert len(instrument.with_supplements(everything).questions) == len(instrument.questions) + len(everything)
