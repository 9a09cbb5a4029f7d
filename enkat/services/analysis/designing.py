"""Makes the survey of a file: who answered, how many there are of each stratum, and what each answer weighs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from enkat.services.analysis.checks import RESPONDED
from enkat.services.analysis.columns import BoolArray, FloatArray, IntArray
from enkat.services.analysis.frame import Frame, yes_or_no
from enkat.services.analysis.spec import DesignSection
from enkat.services.analysis.telling import told
from enkat.services.faults import Fault
from enkat.statistics.microdata.design import SurveyDesign

PLACE = "[design]"


@dataclass(frozen=True, slots=True)
class Survey:
    """A file of answers, ready to be estimated from.

    Attributes
    ----------
    section : DesignSection
    answers : Frame
        The rows of those who answered.
    frame : Frame or None
        Everybody who was asked, where the file tells; ``answers`` holds the rows of ``responded``.
    responded : bool array (rows of the frame,)
    stratum : int64 array (answers,)
        Stratum of each answer: its level's number in ``strata``.
    strata : list of str
    population : float64 array (strata,) or None
        Clients in the frame of each stratum; NaN for one without answers whose number is told by a column.
    """

    section: DesignSection
    answers: Frame
    frame: Frame | None
    responded: BoolArray
    stratum: IntArray
    strata: list[str]
    population: FloatArray | None

    @property
    def headings(self) -> Mapping[str, str | None]:
        """Heading of the file for each argument of the statistics."""
        section = self.section
        return {
            "weights": section.weight,
            "strata": stratum_column(section),
            "fpc": section.population or stratum_column(section),
            "clusters": section.cluster,
            "persons": section.person,
        }

    def design(self, start: str) -> SurveyDesign:
        """Return the design with one of the start weights: "none", "N/r" or "given".

        Raises
        ------
        Fault
            Where a weight, stratum or number in the frame cannot be used.
        """
        with told(PLACE, self.headings, self.answers):
            return SurveyDesign.of(
                rows=self.answers.rows,
                weights=self._weights(start),
                strata=self.stratum_labels if len(self.strata) > 1 else None,
                clusters=_labels(self.answers, self.section.cluster),
                persons=_labels(self.answers, self.section.person),
                fpc=self._fpc(),
                lonely=self.section.lonely,
            )

    def _weights(self, start: str) -> FloatArray | None:
        if start == "none":
            return np.ones(self.answers.rows)
        if start == "given" and self.section.weight is not None:
            return self.answers.numbers(self.section.weight)
        if self.population is None:
            raise Fault(f"{PLACE}: Vikterna N/r behöver antalet i ramen: ange N eller en fil med kolumnen responded.")
        if self.section.cluster and self.frame is None:
            return None
        respondents = np.bincount(self.stratum, minlength=len(self.strata))
        return np.asarray(self.population[self.stratum] / respondents[self.stratum], dtype=np.float64)

    def _fpc(self) -> FloatArray | None:
        """Primary units in the frame, for each answer."""
        if self.section.population is not None:
            return self.answers.numbers(self.section.population)
        if self.population is None or self.frame is None:
            return None
        if self.section.cluster is None:
            return np.asarray(self.population[self.stratum], dtype=np.float64)
        column = self.frame.columns[self.section.cluster]
        pairs = np.unique(np.stack([_stratum_codes(self.frame, self.section)[0], column.codes]), axis=1)
        return np.bincount(pairs[0], minlength=len(self.strata))[self.stratum].astype(np.float64)

    @property
    def frame_strata(self) -> IntArray:
        """Stratum of each row of the frame."""
        return _stratum_codes(self.frame or self.answers, self.section)[0]

    @property
    def stratum_labels(self) -> npt.NDArray[np.object_]:
        """Name of the stratum of each answer."""
        return np.array(self.strata, dtype=object)[self.stratum]

    @property
    def person_labels(self) -> npt.NDArray[np.object_]:
        """Text in the person's column of each answer."""
        column = self.answers.columns[str(self.section.person)]
        found = np.array(column.levels, dtype=object)[column.codes]
        found[self.answers.missing(column.name)] = None
        return found

    def default_weights(self) -> str:
        """Return the start weights where the specification names none."""
        if self.section.weight is not None:
            return "given"
        return "none" if self.population is None else "N/r"


def make_survey(frame: Frame, section: DesignSection) -> Survey:
    """Find those who answered, and how many of each stratum there are.

    Raises
    ------
    Fault
        Where nobody answered, a stratum is missing, or the number in the frame cannot be read.
    """
    name = responded_column(section, frame.columns)
    codes, strata = _stratum_codes(frame, section)
    if name is None:
        everybody = np.ones(frame.rows, dtype=np.bool_)
        population = _told_population(frame, section, codes, len(strata))
        return Survey(section, frame, None, everybody, codes, strata, population)
    responded = yes_or_no(frame, name)
    if not responded.any():
        raise Fault(f"{frame.data.name}, kolumn {name}: ingen har svarat.")
    if section.population is not None:
        answers = frame.taken(responded)
        told_of = _told_population(answers, section, codes[responded], len(strata))
        return Survey(section, answers, None, responded, codes[responded], strata, told_of)
    counted = np.bincount(codes, minlength=len(strata)).astype(np.float64)
    return Survey(section, frame.taken(responded), frame, responded, codes[responded], strata, counted)


def divided_unit(frame: Frame, section: DesignSection) -> str | None:
    """Say which unit, the first in the file, has rows in more than one district, as a sentence; None where none has."""
    if section.unit is None or section.district is None:
        return None
    unit, district = frame.columns[section.unit], frame.columns[section.district]
    known = np.flatnonzero(~(frame.missing(section.unit) | frame.missing(section.district)))
    first = np.full(len(unit.levels), -1)
    first[unit.codes[known[::-1]]] = known[::-1]
    other = known[district.codes[known] != district.codes[first[unit.codes[known]]]]
    if not other.size:
        return None
    row = int(other[0])
    name, begin = unit.levels[unit.codes[row]], int(first[unit.codes[row]])
    return (
        f"{name} ligger i {district.levels[district.codes[begin]]} på rad {frame.data.lines[begin]} och i "
        f"{district.levels[district.codes[row]]} på rad {frame.data.lines[row]}. Varje rad räknas i sin egen stadsdel."
    )


def responded_column(section: DesignSection, columns: Collection[str]) -> str | None:
    """Return the column that says who responded, if there is any."""
    return section.responded or (RESPONDED if RESPONDED in columns else None)


def stratum_column(section: DesignSection) -> str | None:
    """Return the column of the strata: the one named, else the units."""
    return section.stratum or section.unit


def _stratum_codes(frame: Frame, section: DesignSection) -> tuple[IntArray, list[str]]:
    name = stratum_column(section)
    if name is None:
        return np.zeros(frame.rows, dtype=np.int64), ["hela filen"]
    missing = frame.missing(name)
    if missing.any():
        row = int(np.argmax(missing))
        raise Fault(f"{PLACE}: {frame.place(row)}, kolumn {name}: värdet saknas. Varje rad behöver ett stratum.")
    return frame.columns[name].codes, frame.columns[name].levels


def _told_population(frame: Frame, section: DesignSection, codes: IntArray, size: int) -> FloatArray | None:
    """Return the number in the frame of each stratum, as the column N tells it."""
    if section.population is None:
        return None
    found = np.full(size, np.nan)
    found[codes[::-1]] = frame.numbers(section.population)[::-1]
    return found


def _labels(frame: Frame, name: str | None) -> FloatArray | None:
    """Return a column as labels that the statistics know: NaN where one is missing."""
    if name is None:
        return None
    return np.where(frame.missing(name), np.nan, frame.columns[name].codes.astype(np.float64))
