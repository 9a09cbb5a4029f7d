"""What releases told: kept with each, and put together for the audit of the next."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from enkat.records.releases import Release, ReleaseLevel, ReleasePattern
from enkat.services.results.auditing import FEW, SUPPRESSED, Codes
from enkat.services.results.computing import Breakdown, RoundResults
from enkat.services.results.groups import GroupKind
from enkat.services.results.levels import Marks
from enkat.services.results.release_plan import LAYERS_OF
from enkat.services.results.searching import Searched
from enkat.services.rounds.release_plans import breakdowns_of, protection_of
from enkat.statistics.tallies import BoolArray

WIDER: Mapping[ReleaseLevel, tuple[ReleaseLevel, ...]] = {
    ReleaseLevel.PUBLIC: (ReleaseLevel.PUBLIC,),
    ReleaseLevel.INTERNAL: (ReleaseLevel.INTERNAL, ReleaseLevel.PUBLIC),
}
"""Which releases a reader at a level has seen."""
NOTHING = -1
"""Stands in kept figures where nothing was told."""


def in_release(results: RoundResults, breakdowns: Sequence[str]) -> BoolArray:
    """Say which nodes a release with these breakdowns lists at all: bool (nodes,)."""
    layers = {Breakdown.ALL, *(layer for name in breakdowns for layer in LAYERS_OF[name])}
    listed = np.array([group.kind in listed_kinds(breakdowns) for group in results.grouping.groups])
    # Small units are not listed, but whoever sees the rest can subtract them: the rules count them as shown.
    listed[results.grouping.small] = True
    return np.concatenate([listed & (layer in layers) for layer in results.layers])


def told(results: RoundResults, codes: Codes, breakdowns: Sequence[str]) -> BoolArray:
    """Say which nodes a release gives figures for: (nodes, questions)."""
    figures = (codes != SUPPRESSED) & (codes != FEW)
    return np.asarray(figures & in_release(results, breakdowns)[:, None], dtype=np.bool_)


def encoded(results: RoundResults, marks: Marks, breakdowns: Sequence[str]) -> dict[str, Any]:
    """Return a release's pattern as JSON."""
    survey_round = results.counted.survey_round
    return {
        "plan": {
            "breakdowns": list(breakdowns_of(survey_round.release_plan)),
            "protection": protection_of(survey_round.release_plan).value,
            "threshold_internal": survey_round.threshold_internal,
            "threshold_public": survey_round.threshold_public,
        },
        "searched": None if marks.searched is None else marks.searched.stored(),
        "breakdowns": list(breakdowns),
        "groups": [group.key for group in results.grouping.groups],
        "questions": [asked.question.ref for asked in results.counted.questions],
        "marks": {
            breakdown.value: ["".join(map(str, row)) for row in codes.tolist()]
            for breakdown, codes in marks.codes.items()
        },
        "steps": {breakdown.value: steps.tolist() for breakdown, steps in (marks.steps or {}).items()},
    }


def decoded(results: RoundResults, level: ReleaseLevel, pattern: Mapping[str, Any]) -> Marks | None:
    """Read a stored pattern; None where it is about other groups, questions or breakdowns."""
    groups = [group.key for group in results.grouping.groups]
    questions = [asked.question.ref for asked in results.counted.questions]
    same = (pattern["groups"], pattern["questions"]) == (groups, questions)
    if not same or set(pattern["marks"]) != {breakdown.value for breakdown in results.layers}:
        return None
    shape = (len(groups), len(questions))
    codes = {
        breakdown: np.array([[int(code) for code in row] for row in pattern["marks"][breakdown.value]], dtype=np.int8)
        for breakdown in results.layers
    }
    threshold = int(pattern["plan"][f"threshold_{level.value}"])
    searched, steps = pattern.get("searched"), pattern.get("steps")
    return Marks(
        level,
        threshold,
        {breakdown: found.reshape(shape) for breakdown, found in codes.items()},
        None if searched is None else Searched.read(searched),
        {Breakdown(name): np.array(found, dtype=np.int8) for name, found in steps.items()} if steps else None,
    )


def stored_patterns(session: Session, rounds: Sequence[RoundResults], level: ReleaseLevel) -> dict[int, Marks]:
    """Return the marks that were searched for a level and the present data, by round; nothing where nobody searched."""
    results_of = {one.counted.survey_round.id: one for one in rounds}
    kept = session.scalars(
        select(ReleasePattern).where(ReleasePattern.round_id.in_(results_of), ReleasePattern.level == level)
    )
    found = {
        one.round_id: decoded(results_of[one.round_id], level, one.pattern)
        for one in kept
        if one.data_version == results_of[one.round_id].counted.version
    }
    return {round_id: marks for round_id, marks in found.items() if marks is not None}


def stored_pattern(session: Session, results: RoundResults, level: ReleaseLevel) -> Marks | None:
    """Return the marks that were searched for a level and the present data, None where nobody has searched."""
    return stored_patterns(session, [results], level).get(results.counted.survey_round.id)


def figures_of(results: RoundResults, shown: BoolArray) -> dict[str, Any]:
    """Return what a release told, for its record: counts and the share."""
    size = len(results.grouping.groups)
    found = {}
    for number, (breakdown, layer) in enumerate(results.layers.items()):
        of_layer = shown[number * size : (number + 1) * size]
        share = np.nan_to_num(layer.estimates.share, nan=0.0)
        arrays = {
            "answered": layer.estimates.answered,
            "positive": layer.estimates.positive,
            "per_mille": np.floor(share * 1000 + 0.5).astype(np.int64),
            "percent": np.floor(share * 100 + 0.5).astype(np.int64),
        }
        found[breakdown.value] = {name: np.where(of_layer, values, NOTHING).tolist() for name, values in arrays.items()}
    return found


def figure_array(results: RoundResults, figures: Mapping[str, Any], name: str) -> npt.NDArray[np.int64]:
    """Read one kind of kept figures: (nodes, questions)."""
    shape = (len(results.grouping.groups), len(results.counted.questions))
    return np.concatenate(
        [np.array(figures[breakdown.value][name], dtype=np.int64).reshape(shape) for breakdown in results.layers]
    )


def releases_before(
    session: Session, rounds: Sequence[RoundResults], audience: ReleaseLevel, *, figures: bool = True
) -> dict[int, list[Release]]:
    """Return the releases that readers at a level have seen, by round, the oldest first; figures where asked for."""
    found: dict[int, list[Release]] = {one.counted.survey_round.id: [] for one in rounds}
    statement = (
        select(Release).where(Release.round_id.in_(found), Release.level.in_(WIDER[audience])).order_by(Release.id)
    )
    for release in session.scalars(statement.options(undefer(Release.figures)) if figures else statement):
        found[release.round_id].append(release)
    return found


def breakdowns_in(release: Release) -> Sequence[str]:
    """Return the breakdowns that a release gave; the first releases gave all of their plan."""
    found: Sequence[str] = release.pattern.get("breakdowns", release.pattern["plan"]["breakdowns"])
    return found


def known_before(results: RoundResults, releases: Sequence[Release]) -> BoolArray:
    """Say which nodes' present figures earlier releases told: (nodes, questions).

    A figure of another edition counts as known where as many have answered as then: the reader of a corrected edition
    takes all that the change list does not name for unchanged. A release whose figures were not kept told everything.
    """
    size = len(results.grouping.groups) * len(results.layers)
    known = np.zeros((size, len(results.counted.questions)), dtype=np.bool_)
    estimates = [layer.estimates for layer in results.layers.values()]
    answered = np.concatenate([one.answered for one in estimates])
    for release in releases:
        marks = decoded(results, release.level, release.pattern)
        if marks is None:
            continue
        shown = told(results, np.concatenate(list(marks.codes.values())), breakdowns_in(release))
        if release.data_version != results.counted.version and release.figures is not None:
            shown &= figure_array(results, release.figures, "answered") == answered
        known |= shown
    return known


def listed_kinds(breakdowns: Sequence[str]) -> frozenset[GroupKind]:
    """Return the kinds of groups that a release with these breakdowns lists."""
    kinds = set(GroupKind) - {GroupKind.SMALL_UNITS}
    return frozenset(kinds if "operating_form" in breakdowns else kinds - {GroupKind.OPERATING_FORM})
