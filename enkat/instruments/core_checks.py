"""The core folder: shared scales and the questions that are locked over rounds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from enkat.instruments.definition import QuestionDefinition, ScaleDefinition
from enkat.instruments.faults import FaultLog
from enkat.instruments.file_parts import list_of, parse_questions, parse_scales
from enkat.instruments.proxy_checks import check_core_is_for_everyone
from enkat.instruments.question_checks import check_history, check_promises, check_question
from enkat.instruments.scale_checks import check_code_meanings, check_scale, repeated
from enkat.instruments.structure import read_toml
from enkat.instruments.text_checks import check_question_texts
from enkat.instruments.wording import SOURCE_LANGUAGE, Face

QUESTIONS_FILE = "questions.toml"
SCALES_FILE = "scales.toml"


@dataclass
class Core:
    """What the core folder defines.

    Attributes
    ----------
    broken
        Ids of core questions that have structural faults: references to them are no further fault.
    readable
        False when a core file could not be read at all.
    """

    questions: dict[tuple[str, int], QuestionDefinition] = field(default_factory=dict)
    scales: list[ScaleDefinition] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    broken_scales: set[str] = field(default_factory=set)
    languages: Sequence[str] = (SOURCE_LANGUAGE,)
    faces: Sequence[Face] = (Face.PLAIN,)
    has_questions: bool = False
    has_scales: bool = False

    def scale_of(self, question: QuestionDefinition) -> ScaleDefinition | None:
        """Return the scale of a core question."""
        return find_scale(question.scale, self.scales)

    def newest_first(self) -> list[QuestionDefinition]:
        """Return all questions with the newest version of each last, so that it wins in a mapping."""
        return sorted(self.questions.values(), key=lambda question: question.version)

    def scales_oldest_first(self) -> list[ScaleDefinition]:
        """Return all scales, the newest version of each last."""
        return sorted(self.scales, key=lambda scale: scale.version)


def find_scale(name: str | None, scales: Sequence[ScaleDefinition]) -> ScaleDefinition | None:
    """Return the scale named `freq5` (newest version) or `freq5@1`; None when there is none."""
    if name is None:
        return None
    scale_id, _, version = name.partition("@")
    found = [scale for scale in scales if scale.id == scale_id and version in {"", str(scale.version)}]
    return max(found, key=lambda scale: scale.version, default=None)


def check_core(folder: Path, log: FaultLog) -> Core:
    """Read and check both files of the core folder."""
    core = Core()
    _read_scales(folder / SCALES_FILE, core, log.in_file(f"{folder.name}/{SCALES_FILE}"))
    _read_questions(folder / QUESTIONS_FILE, core, log.in_file(f"{folder.name}/{QUESTIONS_FILE}"))
    for scale in core.scales:
        check_scale(scale, core.languages, log.in_file(f"{folder.name}/{SCALES_FILE}"))
    return core


def _read_scales(path: Path, core: Core, log: FaultLog) -> None:
    raw = read_toml(path, log)
    if raw is None:
        return
    core.has_scales = True
    for key in raw.keys() - {"scale"}:
        log.add(f"Nyckeln {key} finns inte. Se efter hur den stavas.")
    core.scales, core.broken_scales = parse_scales(list_of(raw, "scale", log), log)
    check_code_meanings(core.scales, log)


def _read_questions(path: Path, core: Core, log: FaultLog) -> None:
    raw = read_toml(path, log)
    if raw is None:
        return
    core.has_questions = True
    for key in raw.keys() - {"question", "languages", "faces"}:
        log.add(f"Nyckeln {key} finns inte. Se efter hur den stavas.")
    core.languages = [str(lang) for lang in list_of(raw, "languages", log)]
    core.faces = _faces(list_of(raw, "faces", log), log)
    check_promises(core.languages, core.faces, log)
    questions, core.broken = parse_questions(list_of(raw, "question", log), log)
    for question_ref in repeated(f"{question.id}@{question.version}" for question in questions):
        log.add(f"Kärnfrågan {question_ref} står två gånger. Ge den nya en ny version.")
    for question in questions:
        core.questions[question.id, question.version] = question
        _check_core_question(question, core, path.parent, log.about(question.id))


def _faces(given: Sequence[object], log: FaultLog) -> list[Face]:
    known = {face.value: face for face in Face}
    for name in given:
        if name not in known:
            log.add(f"”{name}” är inget värde för faces. Välj bland {', '.join(known)}.")
    return [known[str(name)] for name in given if name in known]


def _check_core_question(question: QuestionDefinition, core: Core, folder: Path, log: FaultLog) -> None:
    check_question(question, folder, log)
    check_question_texts(question, core.languages, core.faces, log)
    if question.kind == "text":
        log.add("En kärnfråga kan inte vara en textfråga: den går inte att följa över åren.")
    check_core_is_for_everyone(question, log)
    if question.filter:
        log.add("En kärnfråga kan inte vara en filterfråga: den mäter något som följs över åren.")
    if question.when is not None:
        log.add("En kärnfråga kan inte ha villkor: den ställs till alla.")
    if question.version >= 1:
        check_history(question.history, question.version, log)
    scale_id = (question.scale or "").partition("@")[0]
    if question.scale and core.scale_of(question) is None and core.has_scales and scale_id not in core.broken_scales:
        log.add(f"Skalan {question.scale} finns inte.")
