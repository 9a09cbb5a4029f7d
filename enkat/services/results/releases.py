"""Releases: what left the analysts' room is kept, and asked for again it shows the same cells."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from enkat.clock import Clock, local_date
from enkat.records.releases import Release, ReleaseLevel
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import Fault
from enkat.services.results.computing import RoundResults
from enkat.services.results.history import (
    NOTHING,
    decoded,
    encoded,
    figure_array,
    figures_of,
    known_before,
    releases_before,
    stored_patterns,
    told,
)
from enkat.services.results.levels import Marks, Seek, marks_for, stacked
from enkat.services.results.reading import NotProtectedFault
from enkat.services.results.release_audits import audit_release
from enkat.services.results.release_plan import is_searched, planned

CITY_SCOPE = "city"


class CorrectedFault(Fault):
    """The data has changed since the latest release, and nobody has said why."""


@dataclass(frozen=True)
class Edition:
    """A corrected edition: which release it corrects, why, and every figure that it shows differently.

    Attributes
    ----------
    changes : sequence of mapping
        Each with ``group``, ``name``, ``breakdown``, ``question``, and ``answered`` and whole ``percent`` before and
        after; None where nothing was or is shown.
    """

    corrects: datetime
    reason: str
    changes: Sequence[dict[str, Any]]


def released_marks(session: Session, results: RoundResults, level: ReleaseLevel) -> Marks:
    """Return a level's marks: those of its first release of the same data, else freshly computed ones.

    A changed threshold or rule therefore never shows tomorrow what could be subtracted from yesterday's export. After a
    correction of the data the pattern of the edition before is repeated: what it hid stays hidden.

    Raises
    ------
    NotProtectedFault
        If the plan asks for a search that has not been made.
    """
    return _searched(marks_of_rounds(session, [results], level)[0])


def _searched(found: Marks | None) -> Marks:
    if found is None:
        raise NotProtectedFault(
            "Siffrorna visas när sökningen efter vilka grupper som ska döljas är klar. Den görs en gång efter "
            "räkningen och tar några minuter."
        )
    return found


def marks_of_rounds(session: Session, rounds: Sequence[RoundResults], level: ReleaseLevel) -> list[Marks | None]:
    """Return the released marks of several rounds in as many questions as for one; None waits for its search."""
    if level is ReleaseLevel.ANALYST:
        return [marks_for(one, level) for one in rounds]
    seen = releases_before(session, rounds, level, figures=False)
    found = {round_id: marks for one in rounds for round_id, marks in _repeated(one, level, seen)}
    left = [one for one in rounds if _id(one) not in found]
    if searched := [one for one in left if is_searched(one)]:
        found |= stored_patterns(session, searched, level)
    if fresh := [one for one in left if not is_searched(one)]:
        found |= _fresh(session, fresh, level, seen)
    return [found.get(_id(one)) for one in rounds]


def marks_of_release(session: Session, results: RoundResults, level: ReleaseLevel) -> Marks | None:
    """Return the marks of a level's first release of the same data, None where there is none."""
    seen = releases_before(session, [results], level, figures=False)
    return dict(_repeated(results, level, seen)).get(_id(results))


def searched_marks(session: Session, results: RoundResults, level: ReleaseLevel, seek: Seek) -> Marks:
    """Return marks that are newly searched for and keep what earlier releases hid."""
    seen = releases_before(session, [results], level, figures=False)
    return _fresh(session, [results], level, seen, seek)[_id(results)]


_Seen = Mapping[int, Sequence[Release]]


def _id(results: RoundResults) -> int:
    return results.counted.survey_round.id


def _repeated(results: RoundResults, level: ReleaseLevel, seen: _Seen) -> Iterator[tuple[int, Marks]]:
    """Give the round and its marks, or nothing where there is no release of the same data."""
    version = results.counted.version
    same = next((one for one in seen[_id(results)] if one.level is level and one.data_version == version), None)
    marks = None if same is None else decoded(results, level, same.pattern)
    if marks is not None:
        yield _id(results), marks


def _fresh(
    session: Session, rounds: Sequence[RoundResults], level: ReleaseLevel, seen: _Seen, seek: Seek | None = None
) -> dict[int, Marks]:
    told_before = [one for one in rounds if seen[_id(one)]]
    figures = releases_before(session, told_before, level) if told_before else {}
    internal: Sequence[Marks | None] = [None] * len(rounds)
    if level is ReleaseLevel.PUBLIC:
        internal = [_searched(marks) for marks in marks_of_rounds(session, rounds, ReleaseLevel.INTERNAL)]
    found = {}
    for one, inside in zip(rounds, internal, strict=True):
        releases = [release for release in seen[_id(one)] if release.level is level]
        before = decoded(one, level, releases[-1].pattern) if releases else None
        known = known_before(one, figures.get(_id(one), ()))
        found[_id(one)] = marks_for(one, level, hidden=before, known=known, inside=inside, seek=seek)
    return found


def _of_level(session: Session, results: RoundResults, level: ReleaseLevel) -> Sequence[Release]:
    """Return a round's releases at a level, the oldest first."""
    of_round = Release.round_id == results.counted.survey_round.id
    return session.scalars(select(Release).where(of_round, Release.level == level).order_by(Release.id)).all()


def edition_of(session: Session, results: RoundResults, marks: Marks, reason: str) -> Edition | None:
    """Return what a corrected edition must tell; None for anything else.

    Raises
    ------
    CorrectedFault
        If the data has changed since the latest release and no reason is given.
    """
    releases = _of_level(session, results, marks.level)
    if not releases or releases[-1].data_version == results.counted.version:
        return None
    latest = session.get_one(Release, releases[-1].id, options=[undefer(Release.figures)], populate_existing=True)
    if not reason.strip():
        raise CorrectedFault(
            f"Uppgifterna har ändrats sedan utlämnandet {latest.released_at.date().isoformat()}. Skriv varför, så görs "
            "en rättad utgåva med en lista över allt som är ändrat.",
            "reason",
        )
    return Edition(latest.released_at, reason.strip(), _changes(results, marks, latest))


def _changes(results: RoundResults, marks: Marks, latest: Release) -> list[dict[str, Any]]:
    """List every figure that differs from the latest release's; empty where that one's figures were not kept."""
    if latest.figures is None or decoded(results, marks.level, latest.pattern) is None:
        return []
    now = figures_of(results, told(results, stacked(marks), planned(results)))
    names = ("answered", "positive", "per_mille", "percent")
    before, after = ([figure_array(results, figures, name) for name in names] for figures in (latest.figures, now))
    size = len(results.grouping.groups)
    layers = list(results.layers)
    differing = np.any([old != new for old, new in zip(before, after, strict=True)], axis=0)
    changes = []
    for node, question in zip(*(axis.tolist() for axis in np.nonzero(differing)), strict=True):
        group = results.grouping.groups[node % size]
        changes.append(
            {
                "group": group.key,
                "name": group.name,
                "breakdown": layers[node // size].label,
                "question": results.counted.questions[question].question.id,
                "answered": [_told(one[0][node, question]) for one in (before, after)],
                "percent": [_told(one[3][node, question]) for one in (before, after)],
            }
        )
    return changes


def _told(value: np.int64) -> int | None:
    return None if value == NOTHING else int(value)


def store_release(
    session: Session,
    clock: Clock,
    results: RoundResults,
    marks: Marks,
    *,
    account_id: int | None,
    scope: str,
    file_format: str,
    content: bytes,
    breakdowns: Sequence[str] | None = None,
    edition: Edition | None = None,
) -> Release:
    """Audit an export below analyst level and keep it: pattern, figures, audit, digest, who and when; and log it.

    Raises
    ------
    CorrectedFault
        If the data has changed since the latest release and ``edition`` does not say why.
    DisclosureFault
        If it would give something away; nothing is kept.
    """
    survey_round = results.counted.survey_round
    chosen = planned(results) if breakdowns is None else breakdowns
    edition = edition or edition_of(session, results, marks, "")
    release = Release(
        round_id=survey_round.id,
        level=marks.level,
        scope=scope,
        format=file_format,
        released_at=clock(),
        account_id=account_id,
        pattern=encoded(results, marks, chosen),
        data_version=results.counted.version,
        sha256=hashlib.sha256(content).hexdigest(),
        audit=audit_release(session, results, marks, chosen),
        figures=figures_of(results, told(results, stacked(marks), chosen)),
        reason="" if edition is None else edition.reason,
        changes=None if edition is None else list(edition.changes),
    )
    _keep(session, clock, release)
    return release


def _keep(session: Session, clock: Clock, release: Release) -> None:
    """Write a release and log it."""
    with writing(session):
        session.add(release)
        session.flush()
        record(
            session,
            clock,
            account_id=release.account_id,
            action="results.exported",
            subject=f"round:{release.round_id}",
            details={
                "level": release.level.value,
                "format": release.format,
                "scope": release.scope,
                "release": release.id,
            },
        )


def releases_of(session: Session, round_id: int) -> Sequence[Release]:
    """Return a round's releases, the newest first."""
    return session.scalars(select(Release).where(Release.round_id == round_id).order_by(Release.id.desc())).all()


def published_on(session: Session, round_id: int) -> date | None:
    """Return the day of the first release that everybody may read, None before it."""
    of_round = Release.round_id == round_id, Release.level == ReleaseLevel.PUBLIC
    first = session.scalar(select(func.min(Release.released_at)).where(*of_round))
    return None if first is None else local_date(first)
