"""What questions and headers must fulfil, beside their wording and conditions."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

from enkat.instruments.definition import HeaderDefinition, HistoryDefinition, QuestionDefinition
from enkat.instruments.faults import FaultLog
from enkat.instruments.question import MAX_FREE_TEXT
from enkat.instruments.scale_checks import repeated
from enkat.instruments.text_checks import IDENTIFIER, check_text
from enkat.instruments.vocabulary import FRAME_KNOWS
from enkat.instruments.wording import SOURCE_LANGUAGE, Face
from enkat.languages import LANGUAGES

MAX_TITLE = 80
MAX_QUESTIONS = 40
MEDIA_KINDS: Mapping[str, tuple[str, ...]] = {
    "picture": (".svg", ".png", ".webp"),
    "sound": (".mp3", ".ogg", ".m4a"),
    "film": (".mp4", ".webm"),
}
_FIRST_DATE = date(1990, 1, 1)
_REFERENCE = re.compile(r"core:([a-z][a-z0-9_]*)@([1-9][0-9]*)")


def check_promises(languages: Sequence[str], faces: Sequence[Face], log: FaultLog) -> None:
    """Note faults in the lists of promised languages and faces."""
    if SOURCE_LANGUAGE not in languages:
        log.add("languages saknar sv. Svenska ska alltid finnas.")
    for lang in repeated(languages):
        log.add(f"languages nämner {lang} två gånger.")
    for lang in languages:
        if lang not in LANGUAGES:
            log.add(f"languages nämner ”{lang}”, som inte är ett känt språk.")
    if Face.PLAIN not in faces:
        log.add("faces saknar plain. Vanlig text ska alltid finnas.")
    for face in repeated(faces):
        log.add(f"faces nämner {face} två gånger.")


def check_header(header: HeaderDefinition, expected_id: str, log: FaultLog) -> None:
    """Note faults in what stands above the questions."""
    if header.id != expected_id:
        log.add(f"id är {header.id}, men mappen eller filen heter {expected_id}. De ska vara lika.")
    if not IDENTIFIER.fullmatch(header.id):
        log.add("id ska bestå av små bokstäver a–z, siffror och understreck och börja med en bokstav.")
    if header.version < 1:
        log.add("version ska vara 1 eller högre.")
    check_promises(header.languages, header.faces, log)
    for lang in header.languages:
        if lang not in header.title:
            log.add(f"Titeln saknas på {lang}, som är utlovat.")
    for lang, title in header.title.items():
        check_text(title, f"title.{lang}", MAX_TITLE, log)
    check_history(header.history, header.version, log)


def check_history(history: Sequence[HistoryDefinition], version: int, log: FaultLog) -> None:
    """Note faults in the record of versions: every version once, with what changed and who was consulted."""
    versions = [record.version for record in history]
    for number in sorted(set(range(1, version + 1)) - set(versions)):
        log.add(f"history saknar version {number}. Skriv vad som ändrades och vilka som tillfrågades.")
    for twice in repeated(versions):
        log.add(f"history har version {twice} två gånger.")
    _check_records(history, version, log)
    for earlier, later in pairwise(sorted(history, key=lambda record: record.version)):
        if later.date < earlier.date:
            log.add(f"history version {later.version} är äldre än version {earlier.version}.")


def _check_records(history: Sequence[HistoryDefinition], version: int, log: FaultLog) -> None:
    for record in history:
        if record.version > version or record.version < 1:
            log.add(f"history har version {record.version}, men versionen är {version}.")
        if not record.changed.strip():
            log.add(f"history version {record.version}: changed är tom. Skriv vad som ändrades.")
        if any(not body.strip() for body in record.consulted):
            log.add(f"history version {record.version}: consulted har en tom rad.")
        if record.date < _FIRST_DATE:
            log.add(f"history version {record.version}: datumet {record.date} är orimligt.")


def check_question(question: QuestionDefinition, folder: Path, log: FaultLog) -> None:
    """Note faults of one question that can be seen without knowing the others."""
    if not IDENTIFIER.fullmatch(question.id):
        log.add("id ska bestå av små bokstäver a–z, siffror och understreck och börja med en bokstav.")
    if question.id in FRAME_KNOWS:
        log.add("Detta vet vi redan från registret eller från första sidan. Fråga inte om det igen.")
    if question.version < 1:
        log.add("version ska vara 1 eller högre.")
    if question.kind == "choice":
        _check_choice(question, log)
    else:
        _check_text_question(question, log)
    for criterion in repeated(question.criteria):
        log.add(f"criteria nämner {criterion} två gånger.")
    check_media(question, folder, log)


def _check_choice(question: QuestionDefinition, log: FaultLog) -> None:
    if question.scale is None:
        log.add("scale saknas. Skriv vilken skala frågan har.")
    if question.max_length is not None:
        log.add("max_length hör till textfrågor. Ta bort den.")
    if not question.criteria and not question.filter:
        log.add("criteria är tom. Skriv vilket mål frågan hör till.")
    if question.criteria and question.filter:
        log.add("En filterfråga mäter inget. Ta bort criteria, eller filter.")


def _check_text_question(question: QuestionDefinition, log: FaultLog) -> None:
    if question.scale is not None:
        log.add("En textfråga har ingen skala. Ta bort scale.")
    if question.max_length is not None and not 1 <= question.max_length <= MAX_FREE_TEXT:
        log.add(f"max_length är {question.max_length}. Den ska vara 1–{MAX_FREE_TEXT}.")
    if not question.hint:
        log.add("hint saknas. En textfråga ska be den som svarar att inte skriva namn.")


def check_media(question: QuestionDefinition, folder: Path, log: FaultLog) -> None:
    """Note pictures, sounds and films that are of another kind, lie elsewhere or do not exist."""
    media = question.media
    for kind, names in (("picture", [media.picture]), ("sound", media.sound.values()), ("film", media.film.values())):
        for name in names:
            if name is not None:
                check_medium(name, kind, folder, log)
    for lang in {*media.sound, *media.film} - LANGUAGES.keys():
        log.add(f"Språket ”{lang}” i media är okänt. Kända språk: {', '.join(LANGUAGES)}.")


def check_medium(name: str, kind: str, folder: Path, log: FaultLog) -> None:
    """Note what is wrong with one file beside a question."""
    if not name.lower().endswith(MEDIA_KINDS[kind]):
        log.add(f"media.{kind}: {name} har fel filtyp. Tillåtna är {', '.join(MEDIA_KINDS[kind])}.")
    elif Path(name).is_absolute() or ".." in Path(name).parts:
        log.add(f"media.{kind}: {name} ligger utanför mappen. Lägg filen i enkätens mapp.")
    elif not (folder / name).is_file():
        log.add(f"media.{kind}: filen {name} finns inte.")


def parse_reference(ref: str) -> tuple[str, int] | None:
    """Return id and version of `core:feels_safe@1`; None when it is not written so."""
    found = _REFERENCE.fullmatch(ref)
    return (found[1], int(found[2])) if found else None


def check_order(kinds: Iterable[tuple[str, str]], log: FaultLog) -> None:
    """Note choice questions after free text: what is written freely comes last."""
    seen_text: str | None = None
    for question, kind in kinds:
        if kind == "text":
            seen_text = question
        elif seen_text is not None:
            log.about(question).add(f"Frågan står efter textfrågan {seen_text}. Textfrågor ska stå sist.")
