"""For any answers to any of the city's instruments: path, vector and snapshot agree."""

from hypothesis import given
from hypothesis import strategies as st

from enkat import paths
from enkat.instruments.instrument import Instrument
from enkat.instruments.loading import load_catalogue
from enkat.instruments.missing import Missing
from enkat.instruments.routing import answers_of, next_question, path, previous_question, vector
from enkat.instruments.snapshot import from_snapshot, snapshot

Case = tuple[Instrument, dict[str, int | str]]
CATALOGUE = load_catalogue(paths.surveys())


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    base = draw(st.sampled_from(list(CATALOGUE.instruments.values())))
    chosen = draw(st.sets(st.sampled_from(sorted(CATALOGUE.supplements))))
    return base.with_supplements([question for name in sorted(chosen) for question in CATALOGUE.supplements[name]])


@st.composite
def answered(draw: st.DrawFn) -> Case:
    instrument = draw(instruments())
    answers: dict[str, int | str] = {}
    for question in instrument.choice_questions:
        code = draw(st.sampled_from((None, *question.scale.codes)))
        if code is not None:
            answers[question.id] = code
    return instrument, answers


@given(answered())
def test_walking_forward_gives_the_path_and_back_again(case: Case):
    instrument, answers = case
    walked, last = [], None
    while (question := next_question(instrument, answers, last)) is not None:
        walked.append(question)
        last = question.id
    assert tuple(walked) == path(instrument, answers)
    back, last = [], None
    while (question := previous_question(instrument, answers, last)) is not None:
        back.append(question)
        last = question.id
    assert back == walked[::-1]


@given(answered())
def test_a_vector_has_one_code_per_choice_and_says_what_was_shown(case: Case):
    instrument, answers = case
    codes = vector(instrument, answers)
    shown = set(path(instrument, answers))
    assert len(codes) == len(instrument.choice_questions)
    for question, code in zip(instrument.choice_questions, codes, strict=True):
        assert (code == Missing.NOT_SHOWN) is (question not in shown)
        assert (code == Missing.NOT_ANSWERED) is (question in shown and question.id not in answers)


@given(answered())
def test_counted_answers_give_the_same_vector_again(case: Case):
    instrument, answers = case
    codes = vector(instrument, answers)
    assert vector(instrument, answers_of(instrument, codes)) == codes


@given(instruments())
def test_every_instrument_survives_its_snapshot(instrument: Instrument):
    assert from_snapshot(snapshot(instrument)) == instrument
