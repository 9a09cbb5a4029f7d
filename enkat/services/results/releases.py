"""Releases: what left the analysts' room is kept, and asked for again it shows the same cells."""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.releases import Release, ReleaseLevel
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.results.computing import Breakdown, RoundResults, breakdowns_of
from enkat.services.results.levels import Marks, marks_for

CITY_SCOPE = "city"


def released_marks(session: Session, results: RoundResults, level: ReleaseLevel) -> Marks:
    """Return a level's marks: those of its first release of the same data, else freshly computed ones.

    A changed threshold or rule therefore never shows tomorrow what could be subtracted from yesterday's export.
    """
    if level is ReleaseLevel.ANALYST:
        return marks_for(results, level)
    earlier = session.scalars(
        select(Release)
        .where(
            Release.round_id == results.counted.survey_round.id,
            Release.level == level,
            Release.data_version == results.counted.version,
        )
        .order_by(Release.id)
        .limit(1)
    ).first()
    found = None if earlier is None else _decoded(results, level, earlier.pattern)
    return found or marks_for(results, level)


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
) -> Release:
    """Keep an export below analyst level: pattern, plan, digest of its bytes, who and when; and log it."""
    survey_round = results.counted.survey_round
    with writing(session):
        release = Release(
            round_id=survey_round.id,
            level=marks.level,
            scope=scope,
            format=file_format,
            released_at=clock(),
            account_id=account_id,
            pattern=_encoded(results, marks),
            data_version=results.counted.version,
            sha256=hashlib.sha256(content).hexdigest(),
        )
        session.add(release)
        session.flush()
        record(
            session,
            clock,
            account_id=account_id,
            action="results.exported",
            subject=f"round:{survey_round.id}",
            details={"level": marks.level.value, "format": file_format, "scope": scope, "release": release.id},
        )
    return release


def releases_of(session: Session, round_id: int) -> Sequence[Release]:
    """Return a round's releases, the newest first."""
    return session.scalars(select(Release).where(Release.round_id == round_id).order_by(Release.id.desc())).all()


def _encoded(results: RoundResults, marks: Marks) -> dict[str, Any]:
    survey_round = results.counted.survey_round
    return {
        "plan": {
            "breakdowns": list(breakdowns_of(survey_round.release_plan)),
            "threshold_internal": survey_round.threshold_internal,
            "threshold_public": survey_round.threshold_public,
        },
        "groups": [group.key for group in results.grouping.groups],
        "questions": [asked.question.ref for asked in results.counted.questions],
        "marks": {
            breakdown.value: ["".join(map(str, row)) for row in codes.tolist()]
            for breakdown, codes in marks.codes.items()
        },
    }


def _decoded(results: RoundResults, level: ReleaseLevel, pattern: dict[str, Any]) -> Marks | None:
    """Read a stored pattern; None where it is about other groups, questions or breakdowns."""
    fresh_groups = [group.key for group in results.grouping.groups]
    questions = [asked.question.ref for asked in results.counted.questions]
    same = (pattern["groups"], pattern["questions"]) == (fresh_groups, questions)
    if not same or set(pattern["marks"]) != {breakdown.value for breakdown in results.layers}:
        return None
    codes = {
        Breakdown(name): np.array([[int(code) for code in row] for row in rows], dtype=np.int8).reshape(
            len(fresh_groups), len(questions)
        )
        for name, rows in pattern["marks"].items()
    }
    return Marks(level, codes)
