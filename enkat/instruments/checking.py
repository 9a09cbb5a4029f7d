"""Checks a whole directory of definitions and notes every fault; what is free from faults is compiled on the way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from enkat.instruments.catalogue import Catalogue
from enkat.instruments.compiling import compile_instrument, compile_question, compile_scale, own_view
from enkat.instruments.core_checks import QUESTIONS_FILE, SCALES_FILE, Core, check_core
from enkat.instruments.definition import HistoryDefinition, QuestionDefinition
from enkat.instruments.faults import FaultLog, InstrumentFault
from enkat.instruments.file_checks import CheckedFile, check_file
from enkat.instruments.language_files import LANGUAGES_FOLDER, Targets, overlay
from enkat.instruments.question import CORE, Question

CORE_FOLDER = "core"
SUPPLEMENTS_FOLDER = "supplements"
INSTRUMENT_FILE = "instrument.toml"
_NO_INSTRUMENTS = frozenset({CORE_FOLDER, SUPPLEMENTS_FOLDER, LANGUAGES_FOLDER})


@dataclass
class Inspection:
    """What was found in a directory.

    Attributes
    ----------
    languages
        Histories of the files of further languages, by language.
    warnings
        What could be better; nothing is refused for it.
    """

    core: Core
    instruments: dict[str, CheckedFile] = field(default_factory=dict)
    supplements: dict[str, CheckedFile] = field(default_factory=dict)
    languages: dict[str, list[HistoryDefinition]] = field(default_factory=dict)
    faults: list[InstrumentFault] = field(default_factory=list)
    warnings: list[InstrumentFault] = field(default_factory=list)


def check_directory(directory: Path) -> list[InstrumentFault]:
    """Return every fault of a surveys directory, by file; an empty list when there is none."""
    return inspect(Path(directory)).faults


def inspect(directory: Path) -> Inspection:
    """Read and check everything, with the texts of further languages laid over what they translate."""
    log = FaultLog(".")
    found = inspect_definitions(directory, log)
    found.languages = overlay(directory / LANGUAGES_FOLDER, targets(found, directory), log)
    for noted in (log.faults, log.warnings):
        noted.sort(key=lambda fault: fault.file)
    return found


def inspect_definitions(directory: Path, log: FaultLog) -> Inspection:
    """Read and check everything but the files of further languages."""
    if not directory.is_dir():
        log.add(f"Mappen {directory.name} finns inte.")
        return Inspection(Core(), faults=log.faults)
    core = check_core(directory / CORE_FOLDER, log)
    found = Inspection(core, faults=log.faults, warnings=log.warnings)
    folders = sorted(path for path in directory.iterdir() if path.is_dir())
    names = [path.name for path in folders if path.name not in _NO_INSTRUMENTS and not path.name.startswith(".")]
    if not names:
        log.add("Det finns ingen enkät. Lägg varje enkät i en egen mapp med filen instrument.toml.")
    for name in names:
        about = log.in_file(f"{name}/{INSTRUMENT_FILE}")
        found.instruments[name] = check_file(directory / name / INSTRUMENT_FILE, name, core, about)
    for path in sorted((directory / SUPPLEMENTS_FOLDER).glob("*.toml")):
        about = log.in_file(f"{SUPPLEMENTS_FOLDER}/{path.name}")
        found.supplements[path.stem] = check_file(path, path.stem, core, about, is_supplement=True)
    _check_supplement_ids(found, log)
    return found


def targets(found: Inspection, directory: Path) -> Targets:
    """Return everything that further languages can translate, in the order of the files."""
    core_files = {f"{CORE_FOLDER}/{name}" for name in (QUESTIONS_FILE, SCALES_FILE)}
    faulty = {fault.file for fault in found.faults}
    all_targets = Targets(faulty={CORE} if faulty & core_files else set())
    for scale in found.core.scales:
        all_targets.scales[f"{CORE}:{scale.id}@{scale.version}"] = scale
    _add_questions(all_targets, CORE, directory / CORE_FOLDER, found.core.questions.values())
    for name, checked in (*found.instruments.items(), *found.supplements.items()):
        is_supplement = name in found.supplements
        folder = directory / (SUPPLEMENTS_FOLDER if is_supplement else name)
        if folder.name + "/" + (f"{name}.toml" if is_supplement else INSTRUMENT_FILE) in faulty:
            all_targets.faulty.add(name)
        if checked.header is not None:
            all_targets.titles[name] = checked.header.title
            if checked.header.proxy_views is not None:
                all_targets.titles[f"{name}:proxy_views"] = checked.header.proxy_views.text
        for scale in checked.scales:
            all_targets.scales[f"{name}:{scale.id}@{scale.version}"] = scale
        _add_questions(all_targets, name, folder, checked.own.values())
    return all_targets


def _add_questions(all_targets: Targets, source: str, folder: Path, questions: Iterable[QuestionDefinition]) -> None:
    for question in questions:
        name = f"{source}:{question.id}@{question.version}"
        all_targets.questions[name] = question
        all_targets.folders[name] = folder


def _check_supplement_ids(found: Inspection, log: FaultLog) -> None:
    """Note ids that occur elsewhere: a supplement can be added to any instrument."""
    owners: dict[str, str] = {}
    for name, instrument in found.instruments.items():
        owners.update((question, name) for question in instrument.own)
    for name, supplement in found.supplements.items():
        about = log.in_file(f"{SUPPLEMENTS_FOLDER}/{name}.toml")
        for question in supplement.own:
            if question in owners:
                about.about(question).add(f"Frågans id finns redan i {owners[question]}. Ge den ett eget id.")
            owners[question] = name


def compile_catalogue(found: Inspection) -> Catalogue:
    """Compile what `inspect` found without faults."""
    core = {
        definition.id: compile_question(definition, CORE, found.core.scale_of(definition), {})
        for definition in found.core.newest_first()
    }
    return Catalogue(
        core=core,
        translated=tuple(found.languages),
        scales={scale.id: compile_scale(scale) for scale in found.core.scales_oldest_first()},
        instruments={
            name: compile_instrument(checked.header, _questions(name, checked, found.core))
            for name, checked in found.instruments.items()
            if checked.header is not None
        },
        supplements={name: tuple(_questions(name, checked, found.core)) for name, checked in found.supplements.items()},
        supplement_titles={
            name: dict(checked.header.title)
            for name, checked in found.supplements.items()
            if checked.header is not None
        },
        histories=_histories(found),
    )


def _questions(name: str, checked: CheckedFile, core: Core) -> list[Question]:
    scales = {place.id: place.scale for place in checked.places if place.scale is not None}
    compiled = []
    for place in checked.places:
        own = checked.own.get(place.id)
        definition = own if own is not None else core.questions[checked.references[place.id]]
        source = name if own is not None else CORE
        question = compile_question(definition, source, place.scale, scales)
        compiled.append(question)
        views = checked.header.proxy_views if checked.header else None
        if views is not None and question.id in views.questions:
            compiled.append(own_view(question, views.text, name))
    return compiled


def _histories(found: Inspection) -> Mapping[str, tuple[str, ...]]:
    """Version records in words, by `core:<id>`, instrument id or supplement id."""
    records = {f"{CORE}:{definition.id}": definition.history for definition in found.core.questions.values()}
    for name, checked in (*found.instruments.items(), *found.supplements.items()):
        if checked.header is not None:
            records[name] = checked.header.history
    records.update((f"language:{lang}", history) for lang, history in found.languages.items())
    return {
        name: tuple(
            f"Version {record.version}, {record.date}: {record.changed} "
            f"Tillfrågade: {', '.join(record.consulted) if record.consulted else 'ingen ännu'}."
            for record in history
        )
        for name, history in records.items()
    }
