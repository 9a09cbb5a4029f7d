"""A year's targets held against a round's results, as far as the reader may see the figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from sqlalchemy.orm import Session

from enkat.records.round_kinds import RoundKind
from enkat.records.targets import Target, TargetScope, targets_of
from enkat.services.results.computing import Breakdown
from enkat.services.results.figures import View
from enkat.services.results.groups import Group, GroupKind
from enkat.services.targets.setting import WHOLE
from enkat.statistics import targets as rules
from enkat.statistics.targets import Observed, Outcome

_SCOPES = {
    GroupKind.CITY: TargetScope.CITY,
    GroupKind.DISTRICT: TargetScope.DISTRICT,
    GroupKind.UNIT: TargetScope.UNIT,
}
_Place = tuple[TargetScope, int | None, int | None]


@dataclass(frozen=True)
class Judgements:
    """What came of a year's targets in a round.

    Attributes
    ----------
    shares : mapping of (group, question) to Outcome
        Only where the reader may see the figure: a verdict on a hidden one would tell of it.
    response : mapping of group to Outcome
        Targets on the response rate, where any figure of the group is shown.
    """

    shares: Mapping[tuple[int, int], Outcome] = field(default_factory=dict)
    response: Mapping[int, Outcome] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.shares or self.response)


def judge_view(session: Session, view: View) -> Judgements:
    """Hold the targets of the round's year against what a view shows: the city sets them for its user surveys only."""
    of_city = view.survey_round.kind is RoundKind.USER_SURVEY
    targets = _Targets(targets_of(session, view.survey_round.reference_date.year) if of_city else [])
    if not targets:
        return Judgements()
    shares: dict[tuple[int, int], Outcome] = {}
    response: dict[int, Outcome] = {}
    totals = _response_totals(view)
    for group, described in view.groups(*_SCOPES):
        shown = [at for at in range(len(view.questions)) if view.marks.mark(Breakdown.ALL, group, at).shows_figures]
        for question in (at for at in shown if not view.questions[at].only_spread):
            target = targets.of(described, view.questions[question].question.id)
            if target is not None:
                shares[group, question] = _judge(view, group, question, target)
        on_response = targets.of(described, None)
        if shown and on_response is not None:
            sent, asked = totals[group]
            response[group] = rules.judge_response(on_response, sent=sent, asked=asked)
    return Judgements(shares, response)


class _Targets:
    """A year's targets by question and place; one place's own goes before that of every place."""

    def __init__(self, found: list[Target]) -> None:
        self._by_place: dict[tuple[str | None, _Place], rules.Target] = {
            (one.question_id, (one.scope, one.district_id, one.unit_id)): rules.Target(
                Fraction(one.basis_points, WHOLE)
            )
            for one in found
        }

    def __bool__(self) -> bool:
        return bool(self._by_place)

    def of(self, group: Group, question_id: str | None) -> rules.Target | None:
        return next((self._by_place[key] for key in self._keys(group, question_id) if key in self._by_place), None)

    def _keys(self, group: Group, question_id: str | None) -> Iterator[tuple[str | None, _Place]]:
        scope = _SCOPES[group.kind]
        if scope is TargetScope.UNIT and group.unit is not None:
            yield question_id, (scope, None, group.unit.id)
        if scope is TargetScope.DISTRICT:
            yield question_id, (scope, group.district_id, None)
        yield question_id, (scope, None, None)


def _judge(view: View, group: int, question: int, target: rules.Target) -> Outcome:
    results, cell = view.results, (group, question)
    estimates = results.layers[Breakdown.ALL].estimates
    observed = Observed(
        positive=int(estimates.positive[cell]),
        answered=int(estimates.answered[cell]),
        population=int(estimates.population[cell]),
        sent=int(results.sent[cell]),
        asked=int(results.invited[cell] - results.ineligible[cell]),
    )
    lo, hi = int(estimates.lo_clients[cell]), int(estimates.hi_clients[cell])
    if lo >= 0:
        return rules.judge(target, observed, lo, hi)
    return rules.judge_weighted(target, observed, float(estimates.lo[cell]), float(estimates.hi[cell]))


def _response_totals(view: View) -> list[tuple[int, int]]:
    """Return answers and those asked, known ineligible ones left out, for every group."""
    counted, grouping = view.results.counted, view.results.grouping
    sent = counted.sent.sum(axis=(1, 2))
    asked = (counted.invited - counted.ineligible).sum(axis=(1, 2))
    totals = []
    for group in range(len(grouping.groups)):
        strata = grouping.strata_of(group)
        of_units = strata[strata < len(counted.units)]
        totals.append((int(sent[of_units].sum()), int(asked[of_units].sum())))
    return totals
