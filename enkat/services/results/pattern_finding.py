"""Searching a round's patterns and keeping them: once for each level and version of the data."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.releases import ReleaseLevel, ReleasePattern
from enkat.records.writing import writing
from enkat.services.jobs.context import JobContext
from enkat.services.results.computing import RoundResults, compute
from enkat.services.results.history import encoded, stored_pattern
from enkat.services.results.levels import Marks
from enkat.services.results.release_plan import is_searched, planned
from enkat.services.results.releases import marks_of_release, searched_marks
from enkat.services.results.searching import Progress, search_codes

SECONDS: Final = 120.0
"""How long the pattern of one level is searched for."""
LEVELS: Final = (ReleaseLevel.INTERNAL, ReleaseLevel.PUBLIC)
"""The public pattern stays within the internal one, so that one comes first."""


def find_patterns(
    session: Session, clock: Clock, results: RoundResults, *, progress: Progress, seconds: float = SECONDS
) -> list[Marks]:
    """Search for the patterns that a round's plan asks for and nobody has searched yet, and keep them.

    A level that has a release of the same data needs none: what was released is repeated.

    Parameters
    ----------
    session, clock, results
    progress : callable
    seconds : float
        For each level.

    Returns
    -------
    list of Marks
        What was found, one for each level that lacked a pattern.
    """
    found = []
    for level in _lacking(session, results):
        marks = searched_marks(session, results, level, partial(search_codes, seconds=seconds, progress=progress))
        _keep(session, clock, results, marks)
        found.append(marks)
    return found


def _lacking(session: Session, results: RoundResults) -> Iterator[ReleaseLevel]:
    if is_searched(results):
        for level in LEVELS:
            if marks_of_release(session, results, level) is None and stored_pattern(session, results, level) is None:
                yield level


def _keep(session: Session, clock: Clock, results: RoundResults, marks: Marks) -> None:
    """Keep a pattern, unless somebody else has kept one meanwhile: the first is the one that is shown."""
    pattern = ReleasePattern(
        round_id=results.counted.survey_round.id,
        level=marks.level,
        data_version=results.counted.version,
        pattern=encoded(results, marks, planned(results)),
        found_at=clock(),
    )
    with writing(session):
        if stored_pattern(session, results, marks.level) is None:
            session.add(pattern)


def make_patterns(context: JobContext) -> dict[str, Any]:
    """Search the patterns of the round that the job is about."""
    results = compute(context.session, context.arguments["round_id"])
    found = find_patterns(context.session, context.clock, results, progress=context.progress)
    return {"searched": {marks.level.value: marks.searched.stored() for marks in found if marks.searched}}
