"""Weighs a survey's answers as an analysis says: start weights, then known totals, then limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from enkat.services.analysis.columns import FloatArray
from enkat.services.analysis.designing import Survey
from enkat.services.analysis.frame import Frame
from enkat.services.analysis.spec import Spec, WeightsSection
from enkat.services.analysis.telling import told
from enkat.services.faults import Fault
from enkat.statistics.microdata.calibration import Distance, calibrate
from enkat.statistics.microdata.design import SurveyDesign
from enkat.statistics.microdata.poststrata import AGREEMENT, Margin, poststratify, rake
from enkat.statistics.microdata.trimming import trim

SIZE: Final = "N"
"""Key in totals for the number of people, where no margin tells it."""
Labels = npt.NDArray[np.object_]


@dataclass
class Weigher:
    """Makes the designs of a specification, each once.

    Attributes
    ----------
    spec : Spec
    survey : Survey
    notes : list of str
        What whoever reads the result should know of the file and of what was done to weights.
    """

    spec: Spec
    survey: Survey
    notes: list[str] = field(default_factory=list)
    _made: dict[str, SurveyDesign] = field(default_factory=dict)

    def section(self, choice: str | WeightsSection | None) -> tuple[str, WeightsSection]:
        """Return what an analysis's choice of weights means, and its name."""
        chosen = choice if choice is not None else self.spec.design.weights
        if isinstance(chosen, WeightsSection):
            return chosen.model_dump_json(), chosen
        name = chosen or self.survey.default_weights()
        if name in self.spec.weights:
            return name, self.spec.weights[name]
        return name, WeightsSection.model_validate({"start": name})

    def design(self, choice: str | WeightsSection | None) -> SurveyDesign:
        """Return the design with the chosen weights.

        Raises
        ------
        Fault
            Where a weight cannot be used, or the totals cannot be met.
        """
        name, section = self.section(choice)
        if name not in self._made:
            self._made[name] = self._adjusted(name, section)
        return self._made[name]

    def _adjusted(self, name: str, section: WeightsSection) -> SurveyDesign:
        design = self.survey.design(section.start or self.survey.default_weights())
        place = "weights" if name.startswith("{") else f"[weights.{name}]"
        with told(place, self.survey.headings, self.survey.answers):
            if section.method is not None:
                design = _met(self.survey, section, design, place)
            if section.trim is not None:
                trimmed = trim(design, lower=section.trim[0], upper=section.trim[1])
                share = f"{100 * trimmed.share:.2f}".replace(".", ",")
                self.notes.append(f"{place}: {trimmed.rows} vikter trimmade, {share} % av vikten flyttad.")
                return trimmed.design
        return design


def _met(survey: Survey, section: WeightsSection, design: SurveyDesign, place: str) -> SurveyDesign:
    margins = [_margin(survey, name, section.totals.get(name), place) for name in factor_margins(section)]
    if section.method == "post-stratify":
        return poststratify(design, margins[0].by, margins[0].counts)
    if section.method == "rake":
        return rake(design, margins)
    values, totals = numeric_totals(survey, section)
    return calibrate(
        design,
        margins=margins,
        values=values,
        totals=totals,
        distance=Distance(section.calfun),
        bounds=None if section.bounds is None else (section.bounds[0], section.bounds[1]),
    )


def factor_margins(section: WeightsSection) -> list[str]:
    """Return the margins whose cells are counted, in order."""
    names = dict.fromkeys([*section.margins, *section.totals])
    return [name for name in names if not isinstance(section.totals.get(name, {}), int | float)]


def numeric_totals(survey: Survey, section: WeightsSection) -> tuple[dict[str, FloatArray], dict[str, float]]:
    """Return numeric auxiliary variables and their totals: as told, else summed over the frame.

    Without a margin the number of people is met too, where it is known: R's intercept.
    """
    totals = {name: float(total) for name, total in section.totals.items() if isinstance(total, int | float)}
    for name in section.numeric:
        if survey.frame is not None and name not in totals:
            totals[name] = float(survey.frame.numbers(name).sum())
    if totals and not factor_margins(section) and survey.population is not None:
        totals.setdefault(SIZE, float(np.nansum(survey.population)))
    ones = np.ones(survey.answers.rows)
    return {name: ones if name == SIZE else survey.answers.numbers(name) for name in totals}, totals


def _margin(survey: Survey, name: str, told_counts: object, place: str) -> Margin:
    columns = name.split("|")
    by: dict[str, Labels] = {column: margin_labels(survey.answers, column) for column in columns}
    counts = margin_counts(survey, columns, told_counts)
    known = None if survey.population is None else float(np.nansum(survey.population))
    total = sum(counts.values())
    if known is not None and survey.section.cluster is None and abs(total - known) > AGREEMENT * known:
        raise Fault(
            f"{place}: marginalen {name} summerar till {total:g} men ramen har {known:g}. Rätta antalen i totals."
        )
    return Margin(by, counts)


def margin_labels(frame: Frame, name: str) -> Labels:
    """Return a column's values as text; None where one is missing."""
    column = frame.columns[name]
    found = np.array([str(label) for label in column.labels()], dtype=object)[column.codes]
    found[frame.missing(name)] = None
    return found


def margin_counts(survey: Survey, columns: Sequence[str], told_counts: object) -> Mapping[object, float]:
    """Return the count of each cell, by tuple of texts: as told, else counted in the frame."""
    if isinstance(told_counts, Mapping):
        return {tuple(str(cell).split("|")): float(count) for cell, count in told_counts.items()}
    if survey.frame is None:
        return {}
    labels = [margin_labels(survey.frame, column) for column in columns]
    counts: dict[object, float] = {}
    for column in columns:
        missing = survey.frame.missing(column)
        if missing.any():
            place = survey.frame.place(int(np.argmax(missing)))
            raise Fault(f"{place}, kolumn {column}: värdet saknas. Varje rad i ramen behöver ett.")
    for cell in zip(*labels, strict=True):
        counts[cell] = counts.get(cell, 0.0) + 1
    return counts
