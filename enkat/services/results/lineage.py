"""Which groups of an earlier round a group continues, over units that were replaced, merged or split."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.organisations import UnitSuccession
from enkat.records.rounds import SurveyRound
from enkat.services.results.computing import RoundResults
from enkat.services.results.groups import Group


@dataclass(frozen=True)
class Lineage:
    """The groups now and before that can be compared; indices on each round's axis of groups.

    Attributes
    ----------
    now, before : sequences of int
        Of a merged unit, all that it was; of a split one, all that came of it. Empty where nothing can be compared.
    note : str
        What happened between the rounds, in Swedish; empty where nothing did.
    then : str
        What the group was in the earlier round, for a table of rounds; empty where it was the same.
    """

    now: Sequence[int]
    before: Sequence[int]
    note: str = ""
    then: str = ""


def successions_of(session: Session) -> Sequence[UnitSuccession]:
    """Return everything that is known of units that were replaced, merged or split."""
    return session.scalars(select(UnitSuccession)).all()


def lineages(links: Sequence[UnitSuccession], results: RoundResults, old: RoundResults) -> list[Lineage]:
    """Return each present group's lineage: units linked by successions between two rounds are one together."""
    at = {group.key: index for index, group in enumerate(old.grouping.groups)}
    here = {group.key: index for index, group in enumerate(results.grouping.groups)}
    families = _families(links, old.counted.survey_round, results.counted.survey_round)
    found = []
    for index, group in enumerate(results.grouping.groups):
        family = families.get(group.unit.id, frozenset()) if group.unit is not None else frozenset[int]()
        keys = [f"unit:{unit}" for unit in sorted(family)] if family else [group.key]
        now, before = [here[key] for key in keys if key in here], [at[key] for key in keys if key in at]
        if not before:
            found.append(Lineage([], []))
            continue
        was = [old.grouping.groups[one] for one in before]
        others = [results.grouping.groups[one].name for one in now if one != index]
        found.append(Lineage(now, before, _note(group, was, others), _then(group, was, others)))
    return found


def _families(links: Sequence[UnitSuccession], old: SurveyRound, new: SurveyRound) -> dict[int, frozenset[int]]:
    """Return the units that are linked with a unit by what happened between two rounds, itself included."""
    families: dict[int, frozenset[int]] = {}
    for link in links:
        if old.reference_date < link.happened_on <= new.reference_date:
            pair = link.predecessor_id, link.successor_id
            joined = frozenset(pair).union(*(families.get(one, ()) for one in pair))
            families |= dict.fromkeys(joined, joined)
    return families


def _note(group: Group, was: Sequence[Group], others: Sequence[str]) -> str:
    """Tell what happened since the earlier round, as a remark on the change."""
    parts = []
    if others:
        parts.append(f"jämförs tillsammans med {' och '.join(others)}")
    if [one.key for one in was] != [group.key]:
        parts.append(f"förut {' och '.join(one.name for one in was)}")
    if forms := _other_forms(group, was):
        parts.append(f"annan regiform (förut {forms})")
    return ", ".join(parts)


def _then(group: Group, was: Sequence[Group], others: Sequence[str]) -> str:
    """Tell what the group was in the earlier round, as a remark on that round's figure."""
    parts = []
    if others:
        parts.append(f"före delningen, tillsammans med {' och '.join(others)}")
    if [one.key for one in was] != [group.key]:
        parts.append(f"då {' och '.join(one.name for one in was)}")
    if forms := _other_forms(group, was):
        parts.append(f"annan regiform: {forms}")
    providers = sorted({one.unit.provider_name for one in was if one.unit is not None})
    if group.unit is not None and providers != [group.unit.provider_name]:
        parts.append(f"utförare då: {' och '.join(providers)}")
    return ", ".join(parts)


def _other_forms(group: Group, was: Sequence[Group]) -> str:
    """Return the operating forms of earlier units where they are another than the unit's; empty where they are not."""
    forms = sorted({one.unit.operating_form_label for one in was if one.unit is not None})
    if group.unit is None or forms == [group.unit.operating_form_label]:
        return ""
    return " och ".join(forms)
