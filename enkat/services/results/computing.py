"""Compute a round's figures for every group, question and breakdown at once."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from sqlalchemy.orm import Session

from enkat.ballots.vocabulary import KeptWho, Sex
from enkat.records.rounds import SurveyRound
from enkat.services.results.calibrating import Weighting, weighting
from enkat.services.results.groups import Grouping, make_grouping
from enkat.services.results.reading import SEXES, CountedRound
from enkat.services.results.reading_rounds import read_round, read_rounds
from enkat.services.rounds.release_plans import breakdowns_of
from enkat.statistics.design import Design
from enkat.statistics.estimates import METHODS, Estimates, Method
from enkat.statistics.intervals import FloatArray, ratio
from enkat.statistics.tallies import OFFSET, BoolArray, IntArray, QuestionSums, Tally, sum_groups


class Breakdown(enum.StrEnum):
    """Whose answers a layer of figures holds."""

    ALL = "all"
    WITHOUT_PROXIES = "without_proxies"
    WOMEN = "women"
    MEN = "men"

    @property
    def label(self) -> str:
        """The Swedish words."""
        return _BREAKDOWN_LABELS[self]


_BREAKDOWN_LABELS = {
    Breakdown.ALL: "alla svar",
    Breakdown.WITHOUT_PROXIES: "utan ombud",
    Breakdown.WOMEN: "kvinnor",
    Breakdown.MEN: "män",
}
_SEX_OF = {Breakdown.WOMEN: Sex.WOMAN, Breakdown.MEN: Sex.MAN}


@dataclass(frozen=True, slots=True)
class Layer:
    """Figures of one breakdown; arrays are (groups, questions) unless said otherwise.

    Attributes
    ----------
    estimates : Estimates
    clients : int64
        Eligible clients of the group whom the question concerns (N of the frame).
    respondents : int64
        Respondents of the breakdown who were given the questionnaire with the question.
    does_not_know, blank : float64
        Weighted share of "vet inte" among opinions and "vet inte"; of blanks among those shown the question.
    distribution : float64 (groups, questions, options)
        Weighted share of each option in the denominator, option code c at index c - 1.
    counts : int64 (groups, questions, options)
        The unweighted counts behind it.
    available : bool
        Whether the kept classes tell the breakdown for the group at all.
    known : bool (strata,)
        Strata whose classes tell it.
    plain : float64
        Share positive by the weights N/r alone, beside the calibrated one.
    weighting : Weighting
        How the answers of districts, operating forms and the city are weighted.
    """

    estimates: Estimates
    clients: IntArray
    respondents: IntArray
    does_not_know: FloatArray
    blank: FloatArray
    distribution: FloatArray
    counts: IntArray
    available: BoolArray
    known: BoolArray
    plain: FloatArray
    weighting: Weighting


@dataclass(frozen=True)
class RoundResults:
    """All figures of a round.

    Attributes
    ----------
    invited, ineligible, sent : int64 arrays (groups, questions)
        Invitations to clients whom the question concerns, those ineligible, those answered.
    with_staff : QuestionSums (1, questions)
        Answers given with the provider's staff, outside every other figure.
    sized : bool array (groups,)
        Whether N of the group is known: without it there are shares of those who answered, and no intervals.
    """

    counted: CountedRound
    grouping: Grouping
    layers: Mapping[Breakdown, Layer]
    invited: IntArray
    ineligible: IntArray
    sent: IntArray
    with_staff: QuestionSums
    sized: BoolArray


def compute(session: Session, round_id: int) -> RoundResults:
    """Read a counted round and compute its figures.

    Raises
    ------
    NotFoundFault, NotCountedFault
        As `read_round`.
    """
    return compute_counted(read_round(session, round_id))


def compute_rounds(session: Session, rounds: Sequence[SurveyRound]) -> list[RoundResults]:
    """Read counted rounds together and compute their figures, in the order given.

    Raises
    ------
    NotCountedFault
        As `read_rounds`.
    """
    return [compute_counted(counted) for counted in read_rounds(session, rounds)]


def compute_counted(counted: CountedRound) -> RoundResults:
    """Compute the figures of what was read."""
    planned = breakdowns_of(counted.survey_round.release_plan)
    grouping = make_grouping(counted.units, by_form="operating_form" in planned)
    strata = _Strata(counted, grouping)
    layers = {Breakdown.ALL: strata.layer(Breakdown.ALL)}
    if "without_proxies" in planned:
        layers[Breakdown.WITHOUT_PROXIES] = strata.layer(Breakdown.WITHOUT_PROXIES)
    if "sex" in planned:
        layers |= {breakdown: strata.layer(breakdown) for breakdown in _SEX_OF}
    staff = [who is KeptWho.WITH_STAFF for who, _sexes in counted.traits]
    beside = counted.tally.summed(np.where(staff, 0, -1), 1)
    sized = strata.over_groups((~counted.sized).astype(np.int64)[:, None])[:, 0] == 0
    return RoundResults(
        counted=counted,
        grouping=grouping,
        layers={breakdown: _without_n(layer, sized) for breakdown, layer in layers.items()},
        invited=strata.over_groups(counted.by_question(counted.invited).sum(axis=1)),
        ineligible=strata.over_groups(counted.by_question(counted.ineligible).sum(axis=1)),
        sent=strata.over_groups(counted.by_question(counted.sent).sum(axis=1)),
        with_staff=QuestionSums.of(beside, counted.rules),
        sized=sized,
    )


def _without_n(layer: Layer, sized: BoolArray) -> Layer:
    """Take the intervals from groups whose N nobody knows; their shares are those of the ones who answered."""
    if sized.all():
        return layer
    found, known = layer.estimates, sized[:, None]
    estimates = replace(
        found,
        se=np.where(known, found.se, np.nan),
        lo=np.where(known, found.lo, np.nan),
        hi=np.where(known, found.hi, np.nan),
        lo_clients=np.where(known, found.lo_clients, -1),
        hi_clients=np.where(known, found.hi_clients, -1),
        method=np.where(known, found.method, METHODS.index(Method.NONE)).astype(np.int8),
    )
    return replace(layer, estimates=estimates)


class _Strata:
    """The strata of a round: units that keep their answers, and the small units whose answers were joined."""

    def __init__(self, counted: CountedRound, grouping: Grouping) -> None:
        self.counted = counted
        self.grouping = grouping
        self.place = counted.places
        self.size = len(grouping.stratum_district)
        self.tallies: dict[Breakdown, Tally] = {}
        self.who = np.array([who.value for who, _sexes in counted.traits])
        self.belongs = {breakdown: _belonging(counted.traits, breakdown) for breakdown in Breakdown}
        self.owner = self._owners()
        self.sums = QuestionSums.of(counted.tally, counted.rules)
        self.weightings: dict[Breakdown, Weighting] = {}

    def _owners(self) -> IntArray:
        """Which stratum speaks for each unit's clients: its own, its district's or the city's small units; -1 none."""
        units = len(self.counted.units)
        heard = set(self.place.tolist())
        of_district = self.grouping.stratum_district[:units] + units
        last = self.size - 1
        choices = ((index, int(of_district[index]), last) for index in range(units))
        return np.array([next((place for place in row if place in heard), -1) for row in choices], dtype=np.int64)

    def layer(self, breakdown: Breakdown) -> Layer:
        """Compute one breakdown for all groups."""
        counted, rules = self.counted, self.counted.rules
        of_unit = self._clients(breakdown)
        eligible = sum_groups(of_unit, self.owner, self.size)
        tally = self._tally(breakdown)
        known = self._known(breakdown)
        sums = _masked(QuestionSums.of(tally, rules), known)
        eligible = np.where(known[:, None], eligible, 0)
        uncertain = np.array([asked.uncertain for asked in counted.questions])
        if breakdown is Breakdown.WITHOUT_PROXIES:
            everybody = _masked(QuestionSums.of(self._tally(Breakdown.ALL), rules), known)
            design = Design.of(everybody, np.maximum(eligible, everybody.respondents), uncertain).domain(sums)
        else:
            design = Design.of(sums, np.maximum(eligible, sums.respondents), uncertain)
        counts = np.where(rules.base, tally.counts * known[:, None, None], 0)[:, :, OFFSET + 1 :]
        return self._groups(breakdown, design, self.over_groups(of_unit), counts, known)

    def _weighting(self, breakdown: Breakdown, eligible: IntArray) -> Weighting:
        """Return a breakdown's weights; "without proxies" keeps those of all answers."""
        basis = Breakdown.ALL if breakdown is Breakdown.WITHOUT_PROXIES else breakdown
        if basis not in self.weightings:
            sexes = [SEXES.index(_SEX_OF[basis])] if basis in _SEX_OF else range(len(SEXES))
            chosen = self.belongs[basis] & (self.place >= 0)
            self.weightings[basis] = weighting(self.counted, self.owner, eligible, chosen, sexes)
        return self.weightings[basis]

    def _clients(self, breakdown: Breakdown) -> IntArray:
        """Eligible clients of each unit whom a question concerns: (units, questions)."""
        by_sex = self.counted.by_question(self.counted.eligible)
        if breakdown in _SEX_OF:
            return by_sex[:, SEXES.index(_SEX_OF[breakdown])]
        return np.asarray(by_sex.sum(axis=1), dtype=np.int64)

    def _tally(self, breakdown: Breakdown) -> Tally:
        if breakdown not in self.tallies:
            chosen = np.where(self.belongs[breakdown], self.place, -1)
            self.tallies[breakdown] = self.counted.tally.summed(chosen, self.size)
        return self.tallies[breakdown]

    def _known(self, breakdown: Breakdown) -> BoolArray:
        """Which strata have classes that tell the breakdown: (strata,).

        Proxies are not told where they were joined with others, sexes not unless each sex among the clients has a
        class of its own.
        """
        if breakdown in _SEX_OF:
            parts = [(part, sum_groups(self._clients(part), self.owner, self.size).any(axis=1)) for part in _SEX_OF]
            heard = [self._heard(part) for part, _clients in parts]
            missing = [clients & ~told for (_part, clients), told in zip(parts, heard, strict=True)]
            return np.asarray(np.any(heard, axis=0) & ~np.any(missing, axis=0), dtype=np.bool_)
        known = self._heard(breakdown)
        if breakdown is Breakdown.WITHOUT_PROXIES:
            known &= ~self._heard(Breakdown.ALL, KeptWho.SELF_OR_PROXY)
        return known

    def _heard(self, breakdown: Breakdown, who: KeptWho | None = None) -> BoolArray:
        """Which strata have a class of a breakdown (and of who answered): (strata,)."""
        chosen = self.belongs[breakdown] if who is None else self.belongs[breakdown] & (self.who == who.value)
        found = np.zeros(self.size, dtype=np.bool_)
        found[self.place[chosen]] = True
        return found

    def _groups(
        self, breakdown: Breakdown, design: Design, clients: IntArray, counts: IntArray, known: BoolArray
    ) -> Layer:
        """Estimate every group of strata."""
        inside = self.belongs[breakdown] & (self.place >= 0) & known[self.place]
        domain = _masked(self.sums, inside)
        of_class = np.where(self.counted.rules.base, self.counted.tally.counts, 0)[:, :, OFFSET + 1 :]
        weighting = self._weighting(breakdown, design.eligible)
        units = design.units()
        estimates, plain, unsure, blanks, spread, raw, respondents, available = ([] for _ in range(8))
        for labels, size in self.grouping.wholes():
            given = design.over(labels, size, units=units)
            plain.append(given.share)
            estimates.append(weighting.improve(given, domain, labels, size))
            group = np.where(inside, labels[self.place], -1)
            opinions, shown = domain.answered + domain.does_not_know, domain.respondents - domain.outside
            unsure.append(weighting.ratio(domain.does_not_know, opinions, group, size))
            blanks.append(weighting.ratio(domain.blank, shown, group, size))
            spread.append(weighting.ratio(of_class, domain.answered, group, size))
            raw.append(sum_groups(counts, labels, size))
            respondents.append(sum_groups(design.sums.respondents, labels, size))
            available.append(sum_groups(known.astype(np.int64), labels, size) > 0)
        sums = design.sums
        return Layer(
            estimates=_stacked([*estimates, units]),
            clients=clients,
            respondents=np.concatenate([*respondents, sums.respondents]),
            does_not_know=np.concatenate([*unsure, ratio(sums.does_not_know, sums.answered + sums.does_not_know)]),
            blank=np.concatenate([*blanks, ratio(sums.blank, sums.respondents - sums.outside)]),
            distribution=np.concatenate([*spread, ratio(counts, sums.answered[..., None])]),
            counts=np.concatenate([*raw, counts]),
            available=np.concatenate([*available, known])[:, None] & (clients > 0),
            known=known,
            plain=np.concatenate([*plain, units.share]),
            weighting=weighting,
        )

    def over_groups(self, of_unit: IntArray) -> IntArray:
        """Sum a count per unit for the city, districts, forms, units and those whose answers were joined."""
        units = len(self.counted.units)
        grouping = self.grouping
        joined = np.where(self.owner >= units, self.owner - units, -1)
        return np.concatenate(
            [
                of_unit.sum(axis=0, keepdims=True),
                sum_groups(
                    of_unit, grouping.stratum_district[:units], grouping.districts.stop - grouping.districts.start
                ),
                sum_groups(of_unit, grouping.stratum_form[:units], grouping.forms.stop - grouping.forms.start),
                of_unit,
                sum_groups(of_unit, joined, self.size - units),
            ]
        )


def _belonging(traits: Sequence[tuple[KeptWho, tuple[str, ...]]], breakdown: Breakdown) -> BoolArray:
    """Say of each class whether all its ballots belong to a breakdown."""
    if breakdown is Breakdown.WITHOUT_PROXIES:
        return np.array([who is KeptWho.SELF for who, _sexes in traits], dtype=np.bool_)
    wanted = (_SEX_OF[breakdown].value,) if breakdown in _SEX_OF else None
    return np.array(
        [who is not KeptWho.WITH_STAFF and wanted in {None, sexes} for who, sexes in traits], dtype=np.bool_
    )


def _masked(sums: QuestionSums, known: BoolArray) -> QuestionSums:
    """Empty the strata that do not tell the breakdown."""
    return replace(sums, **{field.name: getattr(sums, field.name) * known[:, None] for field in fields(sums)})


def _stacked(parts: Sequence[Estimates]) -> Estimates:
    """Put the estimates of several kinds of groups above each other."""
    return Estimates(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Estimates)))
