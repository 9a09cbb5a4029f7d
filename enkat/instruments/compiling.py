"""Turns checked definitions into the immutable objects that the product works with."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from enkat.instruments.completeness import complete_languages
from enkat.instruments.condition import All, Answered, AnyOf, Condition, In, Not
from enkat.instruments.definition import (
    ConditionDefinition,
    HeaderDefinition,
    LangTexts,
    MediaDefinition,
    OptionDefinition,
    QuestionDefinition,
    ScaleDefinition,
)
from enkat.instruments.instrument import Instrument
from enkat.instruments.missing import CHOSEN_MISSING
from enkat.instruments.question import MAX_FREE_TEXT, Media, Question, own_view_id
from enkat.instruments.scale import Option, Scale
from enkat.instruments.wording import Face


def option_code(option: OptionDefinition) -> int:
    """Return the stored code: the option's own, or that of the kind of missing it stands for."""
    if option.missing is not None:
        return CHOSEN_MISSING[option.missing].value
    return option.code or 0


def compile_scale(scale: ScaleDefinition) -> Scale:
    """Build a scale."""
    codes = {option.id: option_code(option) for option in scale.option}
    return Scale(
        id=scale.id,
        version=scale.version,
        options=tuple(_compile_option(option) for option in scale.option),
        positive=frozenset(codes[option_id] for option_id in scale.positive),
        outside=frozenset(codes[option_id] for option_id in scale.leaves_base),
    )


def _compile_option(option: OptionDefinition) -> Option:
    missing = CHOSEN_MISSING[option.missing] if option.missing else None
    texts = _given({Face.PLAIN: option.text, Face.EASY: option.easy, Face.PROXY: option.proxy})
    return Option(option.id, option_code(option), texts, missing, option.picture)


def compile_condition(when: ConditionDefinition, scales: Mapping[str, ScaleDefinition]) -> Condition:
    """Build a condition; `scales` holds the scale of every choice question it may rest on."""
    if when.all is not None:
        return All(tuple(compile_condition(part, scales) for part in when.all))
    if when.any is not None:
        return AnyOf(tuple(compile_condition(part, scales) for part in when.any))
    if when.not_ is not None:
        return Not(compile_condition(when.not_, scales))
    if when.in_ is not None:
        options = {option.id: option_code(option) for option in scales[when.in_.question].option}
        return In(when.in_.question, frozenset(options[name] for name in when.in_.options))
    return Answered(when.answered or "")


def compile_question(
    definition: QuestionDefinition,
    source: str,
    scale: ScaleDefinition | None,
    scales_by_question: Mapping[str, ScaleDefinition],
) -> Question:
    """Build a question."""
    is_text = definition.kind == "text"
    when = definition.when
    return Question(
        id=definition.id,
        version=definition.version,
        source=source,
        kind=definition.kind,
        texts=_given(
            {
                Face.PLAIN: definition.text,
                Face.EASY: definition.easy,
                Face.PROXY: definition.proxy,
                Face.INTERVIEWER: definition.interviewer,
            }
        ),
        scale=compile_scale(scale) if scale is not None else None,
        criteria=tuple(definition.criteria),
        condition=compile_condition(when, scales_by_question) if when is not None else None,
        max_length=(definition.max_length or MAX_FREE_TEXT) if is_text else 0,
        hints=dict(definition.hint),
        media=_compile_media(definition.media),
        positive=dict(definition.positive),
        only_proxy=definition.asked_of == "proxy",
        is_filter=definition.filter,
    )


def own_view(question: Question, prompts: LangTexts, instrument_id: str) -> Question:
    """Build the question for the proxy's own view of what `question` asks for in the person's place.

    The words are the proxy wording followed by the prompt; options, condition and version are those of `question`.
    """
    asked = {lang: question.text(lang, Face.PROXY) for lang in prompts}
    texts = {lang: f"{asked[lang]} {prompt}" for lang, prompt in prompts.items() if not asked[lang].is_fallback}
    return replace(
        question,
        id=own_view_id(question.id),
        source=instrument_id,
        texts={Face.PLAIN: texts},
        criteria=(),
        hints={},
        media=Media(),
        positive={},
        only_proxy=True,
    )


def _compile_media(media: MediaDefinition) -> Media:
    return Media(picture=media.picture, sound=dict(media.sound), film=dict(media.film))


def compile_instrument(header: HeaderDefinition, questions: Sequence[Question]) -> Instrument:
    """Build an instrument from its header and its compiled questions."""
    return Instrument(
        id=header.id,
        version=header.version,
        title=dict(header.title),
        service=header.service,
        languages=tuple(dict.fromkeys([*header.languages, *complete_languages(questions, header.title, header.faces)])),
        faces=tuple(header.faces),
        questions=tuple(questions),
    )


def _given(texts: Mapping[Face, LangTexts]) -> dict[Face, dict[str, str]]:
    return {face: dict(by_language) for face, by_language in texts.items() if by_language}
