"""A round's quality in figures: response, representativity, weights, over-coverage, how far figures move."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from enkat.ballots.vocabulary import Mode
from enkat.documents.charts.response import Response
from enkat.records.answers import status_totals
from enkat.records.invitations import InvitationStatus
from enkat.records.retention import ProtocolKind, protocols_of
from enkat.records.status_queries import mode_counts
from enkat.services.results.computing import Breakdown, RoundResults
from enkat.services.results.figures import UNKNOWN_N, View
from enkat.services.results.groups import GroupKind
from enkat.services.results.levels import MARK_TEXTS
from enkat.services.results.method import threshold
from enkat.services.results.reading import AGES, SEXES, AskedQuestion
from enkat.services.rounds.correcting import STATUS_WORDS
from enkat.statistics.calibration import BOUNDS, merge_cells
from enkat.statistics.disclosure.marks import Mark
from enkat.statistics.nonresponse import Representativity, WeightSummary, representativity, weight_summary
from enkat.statistics.tallies import IntArray


@dataclass(frozen=True, slots=True)
class Move:
    """One question in the whole city: its share, with the weights N/r alone, and without proxies; None: not shown."""

    asked: AskedQuestion
    share: float
    plain: float
    without_proxies: float | None


@dataclass(frozen=True)
class Counted:
    """What the protocol of the count says."""

    written_on: date
    unreadable: int
    not_kept: int


@dataclass(frozen=True)
class Quality:
    """Everything that is measured of a round's quality.

    Attributes
    ----------
    units, sexes, ages : sequences of Response
    sized : bool
        Whether it is known how many could answer; without it nothing is said of non-response.
    modes : mapping of Mode to int
        Answers by the way they came; empty where the counters are erased.
    outside : mapping of InvitationStatus to int
        People asked who turned out to stand outside the population: over-coverage.
    weights : WeightSummary or None
        Of the largest set of questions; None without answers.
    counted : Counted or None
        None for a round whose protocol is not here.
    """

    total: Response
    invited: int
    units: Sequence[Response]
    sexes: Sequence[Response]
    ages: Sequence[Response]
    modes: Mapping[Mode, int]
    outside: Mapping[InvitationStatus, int]
    representativity: Representativity
    weights: WeightSummary | None
    moves: Sequence[Move]
    counted: Counted | None
    sized: bool = True

    @property
    def over_coverage(self) -> float | None:
        """Share of those invited who stood outside the population; None where nobody was invited."""
        return sum(self.outside.values()) / self.invited if self.invited else None

    @property
    def outside_words(self) -> list[tuple[str, int]]:
        """Over-coverage by reason, in Swedish."""
        return [(STATUS_WORDS[status], n) for status, n in self.outside.items()]


def quality_of(session: Session, view: View) -> Quality:
    """Measure the quality of a counted round, as far as the reader may see it."""
    counted = view.results.counted
    cells = counted.cells
    asked = (cells.invited - cells.ineligible).sum(axis=3)
    sent = cells.sent.sum(axis=3)
    sized, traits = bool(counted.sized.all()), not counted.survey_round.loose_codes
    told = asked if sized else np.zeros_like(asked)
    totals = status_totals(session, counted.survey_round.id)
    units = len(counted.units)
    return Quality(
        total=Response("Alla", answered=int(sent.sum()), asked=int(told.sum())),
        invited=int(cells.invited.sum()) if traits else 0,
        units=_units(view, asked.sum(axis=(1, 2)), sent.sum(axis=(1, 2))),
        sexes=_joined(asked.sum(axis=(0, 2)), sent.sum(axis=(0, 2)), [s.label for s in SEXES], threshold(view))
        if traits
        else [],
        ages=_joined(asked.sum(axis=(0, 1)), sent.sum(axis=(0, 1)), [a.label for a in AGES], threshold(view))
        if traits
        else [],
        modes={mode: n for mode, n in mode_counts(session, counted.survey_round.id).items() if n},
        outside={status: n for status, n in totals.items() if status.ineligible},
        representativity=representativity(told.reshape(units, -1), (sent if sized else told).reshape(units, -1)),
        weights=_weights(view.results),
        moves=_moves(view),
        counted=_counted(session, counted.survey_round.id),
        sized=sized,
    )


def _units(view: View, asked: IntArray, sent: IntArray) -> list[Response]:
    """Return the visible units; the answers of one whose figures are all hidden are not told."""
    found = []
    start = view.results.grouping.units.start
    for index, group in view.groups(GroupKind.UNIT):
        questions = range(len(view.questions))
        shown = any(view.marks.mark(Breakdown.ALL, index, at).shows_figures for at in questions)
        unit = index - start
        counts = (int(sent[unit]), int(asked[unit])) if shown else (-1, -1)
        if shown and not view.results.sized[index]:
            found.append(Response(group.name, -1, -1, words=UNKNOWN_N))
            continue
        found.append(Response(group.name, *counts, words="" if shown else MARK_TEXTS[Mark.SUPPRESSED]))
    return found


def _joined(asked: IntArray, sent: IntArray, labels: Sequence[str], fewest: int) -> list[Response]:
    """Return neighbouring groups, joined until each holds enough answers."""
    cells = merge_cells(sent[None, :], fewest)[0]
    return [
        Response(
            " och ".join(label for label, cell in zip(labels, cells.tolist(), strict=True) if cell == number),
            answered=int(sent[cells == number].sum()),
            asked=int(asked[cells == number].sum()),
        )
        for number in range(int(cells.max(initial=0)) + 1)
    ]


def _weights(results: RoundResults) -> WeightSummary | None:
    parts = results.layers[Breakdown.ALL].weighting.parts
    if not parts:
        return None
    made = max((part.calibration for part in parts), key=lambda one: int(one.respondents.sum()))
    return weight_summary(made.weights, made.factor, made.classes.n, BOUNDS)


def _moves(view: View) -> list[Move]:
    """Return the city's figures that the level shows, with what other choices would have made of them."""
    plain, without = view.results.layers[Breakdown.ALL].plain, Breakdown.WITHOUT_PROXIES in view.results.layers
    found = []
    for at, asked in enumerate(view.questions):
        figure = view.figure(0, at)
        if not figure.shown or asked.only_spread:
            continue
        share = view.figure(0, at, Breakdown.WITHOUT_PROXIES).share if without else math.nan
        proxies = None if math.isnan(share) else share
        found.append(Move(asked, figure.share, view.told(float(plain[0, at]), 0, at), proxies))
    return found


def _counted(session: Session, round_id: int) -> Counted | None:
    protocol = next((one for one in protocols_of(session, round_id) if one.kind is ProtocolKind.COUNT), None)
    if protocol is None:
        return None
    unreadable, not_kept = (int(protocol.content.get(name, 0)) for name in ("unreadable", "not_kept"))
    return Counted(protocol.written_on, unreadable, not_kept)


def largest_move(quality: Quality, *, without_proxies: bool) -> float:
    """Return the greatest distance between the city's figures and those made another way, as a share."""
    other = [move.without_proxies if without_proxies else move.plain for move in quality.moves]
    gaps = [abs(move.share - share) for move, share in zip(quality.moves, other, strict=True) if share is not None]
    return float(np.max(gaps, initial=0.0))
