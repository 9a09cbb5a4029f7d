"""The audit of a release: the attacker over it and all its readers have seen before; what would tell is refused."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from enkat.records.releases import Release, ReleaseLevel
from enkat.services.faults import Fault
from enkat.services.results.auditing import SUPPRESSED, Codes, Findings, attack, respondent_ranges
from enkat.services.results.cells import ReleaseCells, release_cells
from enkat.services.results.computing import RoundResults
from enkat.services.results.history import WIDER, breakdowns_in, in_release, known_before, releases_before
from enkat.services.results.levels import Marks, stacked, threshold_of
from enkat.services.results.release_plan import table_words
from enkat.services.results.searching import Searched
from enkat.statistics.disclosure.release_tables import CRITERION
from enkat.statistics.tallies import BoolArray

CLOSED = {"method": "closing"}
"""What an audit says of marks that the simple rule made."""
VERSION = 1
"""Of the attacker: raised when it learns something new."""


class DisclosureFault(Fault):
    """A release that would give somebody's answers away.

    Attributes
    ----------
    nearest : sequence of str or None
        Breakdowns of the largest table that passes; None where none does.
    """

    def __init__(self, sentence: str, nearest: Sequence[str] | None) -> None:
        super().__init__(sentence, "breakdowns")
        self.nearest = nearest


@dataclass(frozen=True)
class _Reader:
    """Somebody who sees the release: at which level, and what was seen before."""

    level: ReleaseLevel
    threshold: int
    known: BoolArray
    earlier: Sequence[Release]

    def scope(self, results: RoundResults, breakdowns: Sequence[str]) -> BoolArray:
        """Say which nodes this or an earlier release is about."""
        names = {name for release in self.earlier for name in breakdowns_in(release)}
        return in_release(results, [*breakdowns, *names])


@dataclass(frozen=True)
class _Trial:
    """A release before one of its readers."""

    results: RoundResults
    laid: ReleaseCells
    codes: Codes
    reader: _Reader

    def found(self, breakdowns: Sequence[str]) -> Findings:
        """Attack the release with some of its breakdowns, and all that was seen before."""
        seen = _as_seen(self.results, self.laid, self.codes, breakdowns)
        scope = self.reader.scope(self.results, breakdowns)
        return attack(self.laid, seen, self.reader.threshold, known=self.reader.known, scope=scope)

    @cached_property
    def before(self) -> BoolArray:
        """What follows from earlier releases alone."""
        nothing = np.full(self.codes.shape, SUPPRESSED, dtype=np.int8)
        scope = self.reader.scope(self.results, ())
        found = attack(self.laid, nothing, self.reader.threshold, known=self.reader.known, scope=scope)
        return found.given_away

    def lost(self, breakdowns: Sequence[str]) -> BoolArray:
        """Return what follows from the release and did not before."""
        found = self.found(breakdowns).given_away
        return found & ~self.before if found.any() else found


def audit_release(session: Session, results: RoundResults, marks: Marks, breakdowns: Sequence[str]) -> dict[str, Any]:
    """Let the attacker try a release and return what to keep of it.

    A public release is seen by internal readers too, together with all that they have seen; both are tried.

    Raises
    ------
    DisclosureFault
        If something would follow that did not follow from earlier releases; it names the nearest permitted table.
    """
    begun = time.perf_counter()
    laid = release_cells(results)
    secrets = already = 0
    readers = [_reader(session, results, level) for level, seen in WIDER.items() if marks.level in seen]
    ranges: list[tuple[int, int]] = []
    for reader in readers:
        trial = _Trial(results, laid, stacked(marks), reader)
        found = trial.found(breakdowns)
        if found.given_away.any():
            lost = found.given_away & ~trial.before
            if lost.any():
                raise _refusal(trial, breakdowns, lost)
            already += int(trial.before.sum())
        secrets = max(secrets, found.secrets)
        seen = _as_seen(results, laid, trial.codes, breakdowns)
        scope = reader.scope(results, breakdowns)
        ranges += respondent_ranges(laid, seen, reader.threshold, known=reader.known, scope=scope)
    widths = np.array([hi - lo for lo, hi in ranges])
    return {
        "version": VERSION,
        "criterion": CRITERION,
        "readers": [reader.level.value for reader in readers],
        "thresholds": [reader.threshold for reader in readers],
        "earlier_releases": max(len(reader.earlier) for reader in readers),
        "protection": CLOSED if marks.searched is None else marks.searched.stored(),
        "secrets": secrets,
        "given_away_before": already,
        "ranges": {
            "counts": len(ranges),
            "narrowest": int(widths.min()) if ranges else None,
            "median": float(np.median(widths)) if ranges else None,
            "widest": int(widths.max()) if ranges else None,
        },
        "seconds": round(time.perf_counter() - begun, 3),
    }


def searched_in(release: Release) -> Searched | None:
    """Return what the search for a release's pattern came to, as its audit has it; None for the simple rule."""
    protection = (release.audit or {}).get("protection", CLOSED)
    return None if protection == CLOSED else Searched.read(protection)


def _reader(session: Session, results: RoundResults, level: ReleaseLevel) -> _Reader:
    releases = releases_before(session, [results], level)[results.counted.survey_round.id]
    return _Reader(level, threshold_of(results, level), known_before(results, releases), releases)


def _as_seen(results: RoundResults, laid: ReleaseCells, codes: Codes, breakdowns: Sequence[str]) -> Codes:
    """Hide what a release with fewer breakdowns leaves out."""
    left_out = laid.cells.asked & ~in_release(results, breakdowns)[:, None]
    return np.where(left_out, SUPPRESSED, codes).astype(np.int8)


def _refusal(trial: _Trial, breakdowns: Sequence[str], lost: BoolArray) -> DisclosureFault:
    """Say what would follow, and name the largest table that passes."""
    count = int(lost.any(axis=1).sum())
    groups = "En grupp med få svar" if count == 1 else f"{count} grupper med få svar"
    smaller = [chosen for size in range(len(breakdowns) - 1, -1, -1) for chosen in combinations(breakdowns, size)]
    nearest = next((chosen for chosen in smaller if not trial.lost(chosen).any()), None)
    if nearest is None:
        advice = "Ingen ny tabell kan lämnas ut på den här nivån. Hämta ett tidigare utlämnande på nytt."
    else:
        advice = f"Närmast tillåtna tabell: {table_words(nearest)}."
    return DisclosureFault(
        f"Filen lämnas inte ut. {groups} skulle gå att räkna ut ur den tillsammans med tidigare utlämnanden. {advice}",
        nearest,
    )
