"""Files of further languages, `languages/fi.toml`: read, checked and laid over the definitions that they translate.

A file has a table for each question, scale and title, named by where it is defined and in which version
(`core:feels_safe@1`), so that a translation of older words is never taken for one of the new. An empty text is one that
waits for its translation; a key that is not there at all is a fault.
"""

from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from enkat.instruments.definition import (
    HistoryDefinition,
    LanguageHeaderDefinition,
    OptionDefinition,
    QuestionDefinition,
    QuestionTextsDefinition,
    ScaleDefinition,
    ScaleTextsDefinition,
)
from enkat.instruments.faults import FaultLog
from enkat.instruments.question_checks import MAX_TITLE, check_history, check_medium
from enkat.instruments.readability import words
from enkat.instruments.structure import Raw, nearest, parse, read_toml
from enkat.instruments.text_checks import MAX_LABEL, MAX_LABEL_WORDS, check_text, check_translated
from enkat.instruments.wording import SOURCE_LANGUAGE
from enkat.languages import LANGUAGES

LANGUAGES_FOLDER = "languages"
QUESTION_TEXTS = ("text", "easy", "proxy", "interviewer", "hint", "positive")
OPTION_TEXTS = ("text", "easy", "proxy")
QUESTION_MEDIA = ("sound", "film")
TABLES = frozenset({"title", "scale", "question"})


@dataclass
class Targets:
    """What can be translated.

    Attributes
    ----------
    questions, scales
        By `core:feels_safe@1`, in the order of the files.
    titles
        By the id of their instrument or supplement; `hemtjanst:proxy_views` asks for a proxy's own view.
    folders
        Where a question's files lie, by the same name as the question.
    faulty
        Ids of files that have faults of their own: what seems unknown there is no further fault.
    """

    questions: dict[str, QuestionDefinition] = field(default_factory=dict)
    scales: dict[str, ScaleDefinition] = field(default_factory=dict)
    titles: dict[str, dict[str, str]] = field(default_factory=dict)
    folders: dict[str, Path] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)


def overlay(folder: Path, targets: Targets, log: FaultLog) -> dict[str, list[HistoryDefinition]]:
    """Add every language's texts to the definitions; faults go to the log. Returns the files' histories by language."""
    histories = {}
    for path in sorted(folder.glob("*.toml")):
        about = log.in_file(f"{folder.name}/{path.name}")
        raw = read_toml(path, about)
        if raw is None or not _check_name(path.stem, about):
            continue
        header = parse(LanguageHeaderDefinition, {key: raw[key] for key in raw.keys() - TABLES}, about)
        if header is not None:
            if header.language != path.stem:
                about.add(f"language är {header.language}, men filen heter {path.name}. De ska vara lika.")
            check_history(header.history, header.version, about)
            histories[path.stem] = header.history
        _lay_titles(_table(raw, "title", about), path.stem, targets, about)
        _lay_scales(_table(raw, "scale", about), path.stem, targets, about)
        _lay_questions(_table(raw, "question", about), path.stem, targets, about)
    return histories


def _check_name(lang: str, log: FaultLog) -> bool:
    if lang == SOURCE_LANGUAGE:
        log.add("Svenska skrivs i enkäternas egna filer. Ta bort den här filen.")
    elif lang not in LANGUAGES:
        log.add(f"Filen heter som ett okänt språk, {lang}. Kända språk: {', '.join(LANGUAGES)}.")
    return lang != SOURCE_LANGUAGE and lang in LANGUAGES


def _table(raw: Raw, key: str, log: FaultLog) -> Mapping[str, Any]:
    value = raw.get(key, {})
    if isinstance(value, dict):
        return value
    log.add(f"Värdet för {key} ska vara en tabell.")
    return {}


def _known(name: str, known: Mapping[str, object], targets: Targets, log: FaultLog) -> bool:
    """Whether a name can be translated; if not, note why and what to do."""
    if name in known:
        return True
    versions = [other for other in known if name.rpartition("@")[0] and other.startswith(name.rpartition("@")[0] + "@")]
    meant = nearest(name, known)
    if versions:
        log.add(f"Versionen finns inte. Läs igenom texten mot den svenska och skriv sedan {versions[-1]}.")
    elif name.partition(":")[0] not in targets.faulty:
        log.add(
            "Namnet finns inte bland det som ska översättas. " + (f"Menade du {meant}?" if meant else "Ta bort det.")
        )
    return False


def _lay_titles(titles: Mapping[str, Any], lang: str, targets: Targets, log: FaultLog) -> None:
    for name, title in titles.items():
        about = log.about(f"title.{name}")
        if not _known(name, targets.titles, targets, about):
            continue
        if not isinstance(title, str):
            about.add("Titeln ska vara text inom citattecken.")
        elif title and _is_free(targets.titles[name], lang, "title", about):
            check_text(title, "title", MAX_TITLE, about)
            targets.titles[name][lang] = title


def _is_free(texts: Mapping[str, str], lang: str, key: str, log: FaultLog) -> bool:
    if lang in texts:
        log.add(f"Texten {key} finns redan på {lang} där det svenska står. Behåll en av dem.")
    return lang not in texts


def _lay_scales(scales: Mapping[str, Any], lang: str, targets: Targets, log: FaultLog) -> None:
    for name, raw in scales.items():
        about = log.about(name)
        texts = parse(ScaleTextsDefinition, raw, about) if _known(name, targets.scales, targets, about) else None
        if texts is None:
            continue
        options = {option.id: option for option in targets.scales[name].option}
        for face in OPTION_TEXTS:
            _lay_labels(getattr(texts, face), face, options, lang, about)
        _check_same_labels(targets.scales[name], lang, about)


def _lay_labels(
    labels: Mapping[str, str], face: str, options: Mapping[str, OptionDefinition], lang: str, log: FaultLog
) -> None:
    for option_id in labels.keys() - options.keys():
        log.add(f"{face}.{option_id}: svaret finns inte i skalan. Ta bort raden.")
    for option_id, option in options.items():
        texts: MutableMapping[str, str] = getattr(option, face)
        label, where = labels.get(option_id), f"{face}.{option_id}"
        if label is None:
            if SOURCE_LANGUAGE in texts and lang not in texts:
                log.add(f'Svaret {where} saknas. Skriv {option_id} = "" tills det är översatt.')
        elif SOURCE_LANGUAGE not in texts:
            log.add(f"Svaret {where} finns inte på svenska. Ta bort raden.")
        elif label and _is_free(texts, lang, where, log):
            check_text(label, where, MAX_LABEL, log)
            if len(words(label)) > MAX_LABEL_WORDS:
                log.advise(f"Svaret {where} har {len(words(label))} ord. Skriv helst högst {MAX_LABEL_WORDS}.")
            texts[lang] = label


def _check_same_labels(scale: ScaleDefinition, lang: str, log: FaultLog) -> None:
    owners: dict[str, str] = {}
    for option in scale.option:
        label = option.text.get(lang)
        if label and owners.setdefault(label, option.id) != option.id:
            log.add(f"Två svar heter ”{label}”: {owners[label]} och {option.id}. Ge dem olika namn.")


def _lay_questions(questions: Mapping[str, Any], lang: str, targets: Targets, log: FaultLog) -> None:
    for name, raw in questions.items():
        about = log.about(name)
        texts = parse(QuestionTextsDefinition, raw, about) if _known(name, targets.questions, targets, about) else None
        if texts is None:
            continue
        question = targets.questions[name]
        for key, text in _checked_texts(question, texts, lang, about):
            getattr(question, key)[lang] = text
        for kind in QUESTION_MEDIA:
            file = getattr(texts, kind)
            if file and _is_free(getattr(question.media, kind), lang, kind, about):
                check_medium(file, kind, targets.folders[name], about)
                getattr(question.media, kind)[lang] = file


def _checked_texts(
    question: QuestionDefinition, texts: QuestionTextsDefinition, lang: str, log: FaultLog
) -> Iterator[tuple[str, str]]:
    """Yield the texts that can be laid over a question, noting what is missing, extra or wrong."""
    for key in QUESTION_TEXTS:
        there: Mapping[str, str] = getattr(question, key)
        given: str | None = getattr(texts, key)
        if given is None:
            if SOURCE_LANGUAGE in there and lang not in there:
                log.add(f'Texten {key} saknas. Skriv {key} = "" tills den är översatt.')
        elif SOURCE_LANGUAGE not in there:
            log.add(f"Texten {key} finns inte på svenska. Ta bort den.")
        elif given and _is_free(there, lang, key, log):
            check_translated(question, key, given, log)
            yield key, given
