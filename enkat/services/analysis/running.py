"""Runs a specification on a file: reads both, makes the survey, and asks every analysis."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from enkat.instruments.faults import FaultLog
from enkat.services.analysis.asking import Question
from enkat.services.analysis.cells import Cells
from enkat.services.analysis.columns import DataFile
from enkat.services.analysis.data_files import read_data
from enkat.services.analysis.deriving import derive
from enkat.services.analysis.designing import Survey, divided_unit, make_survey
from enkat.services.analysis.frame import Frame
from enkat.services.analysis.hiding import hide
from enkat.services.analysis.rows import Result
from enkat.services.analysis.spec import ACROSS, AnalysisSection, Spec
from enkat.services.analysis.spec_checking import check_spec
from enkat.services.analysis.spec_reading import SpecFaults, analysis_place, read_spec
from enkat.services.analysis.verbs import answer
from enkat.services.analysis.weighting import Weigher
from enkat.services.faults import Fault


@dataclass(frozen=True, slots=True)
class Run:
    """What a specification gave.

    Attributes
    ----------
    spec : Spec
    data : DataFile
    results : list of Result
        One per analysis, in the order of the specification.
    questions : list of Question
        The same analyses with everything they rest on.
    weigher : Weigher
        Their weights.
    earlier : dict of str to Weigher
        The earlier rounds that are compared with, by file.
    """

    spec: Spec
    data: DataFile
    results: list[Result]
    questions: list[Question]
    weigher: Weigher
    earlier: dict[str, Weigher]


def run(data_path: Path, spec_path: Path) -> Run:
    """Read a file and a specification, and answer every analysis.

    Raises
    ------
    SpecFaults
        With everything that is wrong with the specification.
    Fault
        With the first row and column of the file that cannot be used.
    """
    log = FaultLog(spec_path.name)
    spec = read_spec(spec_path, log)
    if spec is None:
        raise SpecFaults(log)
    data = read_data(data_path, spec.data)
    check_spec(spec, data.columns, log)
    if log.faults:
        raise SpecFaults(log)
    survey = survey_of(data, spec)
    divided = divided_unit(survey.frame or survey.answers, spec.design)
    weigher = Weigher(spec, survey, [divided] if divided else [])
    earlier_rounds = _earlier_rounds(spec, spec_path.parent)
    questions, results = [], []
    for number, analysis in enumerate(spec.analysis, 1):
        place = analysis_place(number, analysis.id)
        with _at(place):
            earlier = earlier_rounds.get(analysis.earlier) if analysis.earlier else None
            questions.append(ask(weigher, analysis, place, earlier))
            by = [] if analysis.verb in ACROSS or isinstance(analysis.compare, list) else analysis.by
            results.append(Result(analysis.id, by, answer(questions[-1])))
    return Run(spec, data, hide(questions, results, spec.disclosure.threshold), questions, weigher, earlier_rounds)


def survey_of(data: DataFile, spec: Spec) -> Survey:
    """Give a file its meaning: derived columns, and who answered."""
    frame = Frame.of(data, spec)
    for name, section in spec.derived.items():
        derive(frame, name, section)
    return make_survey(frame, spec.design)


@contextmanager
def _at(place: str) -> Iterator[None]:
    """Name the analysis in a fault that does not."""
    try:
        yield
    except Fault as fault:
        raise fault if fault.sentence.startswith("[") else Fault(f"{place}: {fault.sentence}") from fault


def _earlier_rounds(spec: Spec, folder: Path) -> dict[str, Weigher]:
    """Read the files of earlier rounds, each once; a name without folder lies beside the specification."""
    names = {analysis.earlier for analysis in spec.analysis if analysis.earlier}
    found = {}
    for name in sorted(names):
        data = read_data(folder / name, spec.data)
        log = FaultLog(name)
        check_spec(spec, data.columns, log)
        if log.faults:
            raise SpecFaults(log)
        found[name] = Weigher(spec, survey_of(data, spec))
    return found


def ask(weigher: Weigher, analysis: AnalysisSection, place: str, earlier: Weigher | None = None) -> Question:
    """Give an analysis its weights, its correction and its cells.

    Comparisons leave the finite population correction out unless the analysis itself asks for it; an analysis with a
    target besides is asked as a level too.
    """
    spec, survey = weigher.spec, weigher.survey
    design = weigher.design(analysis.weights)
    compares = analysis.compare is not None or analysis.earlier is not None
    level = None
    if compares and analysis.target is not None:
        level = ask(weigher, analysis.model_copy(update={"compare": None, "earlier": None}), place)
        analysis = analysis.model_copy(update={"target": None})
    fpc = analysis.fpc if analysis.fpc is not None else False if compares else spec.design.fpc
    cells = Cells.of(survey, analysis.by, analysis.where, place)
    chosen = design.uncorrected() if fpc is False else design
    before = None if earlier is None else ask(earlier, analysis, place)
    return Question(spec, analysis, survey, chosen.domain(cells.inside), cells, place, before, level)
