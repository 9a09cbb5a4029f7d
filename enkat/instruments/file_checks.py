"""One instrument's file or one supplement's: structure, references to the core, own questions, order and conditions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from enkat.instruments.condition_checks import Place, check_conditions
from enkat.instruments.core_checks import Core, find_scale
from enkat.instruments.definition import HeaderDefinition, QuestionDefinition, ReferenceDefinition, ScaleDefinition
from enkat.instruments.faults import FaultLog
from enkat.instruments.file_parts import list_of, named, parse_entry, parse_scales
from enkat.instruments.proxy_checks import check_proxy_questions, is_for_proxies
from enkat.instruments.question_checks import (
    MAX_QUESTIONS,
    check_header,
    check_order,
    check_question,
    parse_reference,
)
from enkat.instruments.scale_checks import check_code_meanings, check_scale
from enkat.instruments.structure import Raw, parse, read_toml
from enkat.instruments.text_checks import check_question_texts, check_readability, texts_of
from enkat.instruments.wording import SOURCE_LANGUAGE, Face


@dataclass
class CheckedFile:
    """What a file defines, as far as it could be read.

    Attributes
    ----------
    own
        Questions defined in the file, by id.
    references
        Core question and version, by question id.
    places
        All questions in their order.
    taken
        Ids seen so far, faulty questions included.
    """

    header: HeaderDefinition | None = None
    own: dict[str, QuestionDefinition] = field(default_factory=dict)
    references: dict[str, tuple[str, int]] = field(default_factory=dict)
    scales: list[ScaleDefinition] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    broken_scales: set[str] = field(default_factory=set)


def check_file(path: Path, name: str, core: Core, log: FaultLog, *, is_supplement: bool = False) -> CheckedFile:
    """Read and check one file; all its faults go to the log."""
    checked = CheckedFile()
    raw = read_toml(path, log)
    if raw is None:
        return checked
    header = {key: value for key, value in raw.items() if key not in {"question", "scale"}}
    checked.header = parse(HeaderDefinition, header, log)
    if checked.header is not None:
        check_header(checked.header, name, log)
        _check_service(checked.header, is_supplement, log)
    _read_own_scales(raw, checked, core, log)
    entries = list_of(raw, "question", log)
    if len(entries) > MAX_QUESTIONS:
        log.add(f"{len(entries)} frågor är för många. Ha högst {MAX_QUESTIONS}.")
    for number, entry in enumerate(entries, 1):
        _add_entry(entry, number, checked, core, log, is_supplement=is_supplement)
    _check_own(checked, core, path.parent, log)
    check_order([(place.id, place.kind) for place in checked.places], log)
    check_conditions(checked.places, checked.own, log)
    check_proxy_questions(checked.header, checked.places, checked.own, log, is_supplement=is_supplement)
    _check_whole(checked, core, log)
    return checked


def _check_service(header: HeaderDefinition, is_supplement: bool, log: FaultLog) -> None:
    if is_supplement and header.service is not None:
        log.add("service hör inte hemma i tilläggsfrågor. Ta bort den.")


def _read_own_scales(raw: Raw, checked: CheckedFile, core: Core, log: FaultLog) -> None:
    if "scale" not in raw:
        return
    checked.scales, checked.broken_scales = parse_scales(list_of(raw, "scale", log), log)
    shared = {scale.id for scale in core.scales}
    languages = checked.header.languages if checked.header else (SOURCE_LANGUAGE,)
    for scale in checked.scales:
        check_scale(scale, languages, log)
        if scale.id in shared:
            log.add(f"Skalan {scale.id} finns redan bland de gemensamma. Ge den ett eget id.")
    check_code_meanings(checked.scales, log)


def _add_entry(
    raw: object, number: int, checked: CheckedFile, core: Core, log: FaultLog, *, is_supplement: bool
) -> None:
    name = named(raw, number)
    entry = parse_entry(raw, number, log)
    about = log.about(name)
    if name in checked.taken:
        about.add("Frågan står två gånger i filen.")
        return
    checked.taken.add(name)
    if entry is None:
        checked.places.append(Place(name, "choice", None, None))
    elif isinstance(entry, ReferenceDefinition):
        if is_supplement:
            about.add("Tilläggsfrågor kan inte vara kärnfrågor. Skriv en egen fråga.")
        _add_reference(entry, checked, core, about)
    else:
        _add_own(entry, checked, core, about)


def _add_reference(entry: ReferenceDefinition, checked: CheckedFile, core: Core, log: FaultLog) -> None:
    parsed = parse_reference(entry.ref)
    if parsed is None:
        log.add(f"Hänvisningen {entry.ref} ska skrivas som core:feels_safe@1.")
        return
    question_id, version = parsed
    definition = core.questions.get(parsed)
    if definition is not None:
        checked.references[question_id] = parsed
        checked.places.append(Place(question_id, definition.kind, core.scale_of(definition), None))
        return
    checked.places.append(Place(question_id, "choice", None, None))
    versions = sorted(known for name, known in core.questions if name == question_id)
    if versions:
        have = ", ".join(str(known) for known in versions)
        log.add(f"Kärnfrågan {question_id} finns inte i version {version}. Den finns i version {have}.")
    elif core.has_questions and question_id not in core.broken:
        log.add(f"Kärnfrågan {question_id} finns inte i core/questions.toml.")


def _add_own(entry: QuestionDefinition, checked: CheckedFile, core: Core, log: FaultLog) -> None:
    scale = find_scale(entry.scale, [*core.scales, *checked.scales])
    scale_id = (entry.scale or "").partition("@")[0]
    if entry.scale and scale is None and core.has_scales and scale_id not in checked.broken_scales | core.broken_scales:
        log.add(f"Skalan {entry.scale} finns inte.")
    checked.own[entry.id] = entry
    checked.places.append(Place(entry.id, entry.kind, scale, entry.when))
    core_ids = {name for name, _ in core.questions} | core.broken
    if entry.id in core_ids:
        log.add(f"{entry.id} är en kärnfråga. Hänvisa till den med ref i stället för att skriva den på nytt.")
    elif any(_same_words(entry, known) for known in core.questions.values()):
        log.add("Frågan har samma ord som en kärnfråga. Hänvisa till kärnfrågan med ref i stället.")
    if entry.history:
        log.add("history för en fråga hör till kärnfrågor. Skriv ändringen i filens egen history.")


def _same_words(one: QuestionDefinition, other: QuestionDefinition) -> bool:
    given = one.text.get(SOURCE_LANGUAGE)
    return given is not None and given == other.text.get(SOURCE_LANGUAGE)


def _check_own(checked: CheckedFile, core: Core, folder: Path, log: FaultLog) -> None:
    languages: Sequence[str] = checked.header.languages if checked.header else (SOURCE_LANGUAGE,)
    faces: Sequence[Face] = checked.header.faces if checked.header else (Face.PLAIN,)
    first_use: dict[str, str] = {}
    for question_id, question in checked.own.items():
        about = log.about(question_id)
        check_question(question, folder, about)
        check_question_texts(question, languages, [Face.PLAIN] if is_for_proxies(question) else faces, about)
        swedish = question.text.get(SOURCE_LANGUAGE, "")
        if swedish and first_use.setdefault(swedish, question_id) != question_id:
            about.add(f"Frågan har samma ord som {first_use[swedish]}.")
    for question_id, key in checked.references.items():
        _check_core_promise(core.questions[key], languages, faces, core, log.about(question_id))


def _check_core_promise(
    definition: QuestionDefinition, languages: Sequence[str], faces: Sequence[Face], core: Core, log: FaultLog
) -> None:
    for face, by_language in texts_of(definition).items():
        for lang in languages:
            already_noted = face in core.faces and lang in core.languages
            if face in faces and lang not in by_language and not already_noted:
                log.add(f"Kärnfrågan saknar {face.label} på {lang}, men enkäten lovar det.")


def _check_whole(checked: CheckedFile, core: Core, log: FaultLog) -> None:
    used = {(question.scale or "").partition("@")[0] for question in checked.own.values()}
    for scale in checked.scales:
        if scale.id not in used:
            log.add(f"Skalan {scale.id} används inte. Ta bort den.")
    definitions = [*checked.own.values(), *(core.questions[key] for key in checked.references.values())]
    texts: dict[Face, list[str]] = {}
    for definition in definitions:
        by_face: Mapping[Face, Mapping[str, str]] = texts_of(definition)
        for face, by_language in by_face.items():
            if SOURCE_LANGUAGE in by_language:
                texts.setdefault(face, []).append(by_language[SOURCE_LANGUAGE])
    check_readability(texts, log)
