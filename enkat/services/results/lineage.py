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
    """

    now: Sequence[int]
    before: Sequence[int]
    note: str = ""


def lineages(session: Session, results: RoundResults, old: RoundResults) -> list[Lineage]:
    """Return each present group's lineage: units linked by successions between two rounds are one together."""
    at = {group.key: index for index, group in enumerate(old.grouping.groups)}
    here = {group.key: index for index, group in enumerate(results.grouping.groups)}
    families = _families(session, old.counted.survey_round, results.counted.survey_round)
    found = []
    for index, group in enumerate(results.grouping.groups):
        family = families.get(group.unit.id, frozenset()) if group.unit is not None else frozenset[int]()
        keys = [f"unit:{unit}" for unit in sorted(family)] if family else [group.key]
        now, before = [here[key] for key in keys if key in here], [at[key] for key in keys if key in at]
        found.append(Lineage(now, before, _note(index, now, before, results, old)) if before else Lineage([], []))
    return found


def _families(session: Session, old: SurveyRound, new: SurveyRound) -> dict[int, frozenset[int]]:
    """Return the units that are linked with a unit by what happened between two rounds, itself included."""
    rows = session.execute(
        select(UnitSuccession.predecessor_id, UnitSuccession.successor_id).where(
            UnitSuccession.happened_on > old.reference_date, UnitSuccession.happened_on <= new.reference_date
        )
    )
    families: dict[int, frozenset[int]] = {}
    for one, other in rows:
        joined = families.get(one, frozenset({one})) | families.get(other, frozenset({other}))
        families |= dict.fromkeys(joined, joined)
    return families


def _note(index: int, now: Sequence[int], before: Sequence[int], results: RoundResults, old: RoundResults) -> str:
    group = results.grouping.groups[index]
    parts = []
    others = [results.grouping.groups[one].name for one in now if one != index]
    if others:
        parts.append(f"jämförs tillsammans med {' och '.join(others)}")
    was = [old.grouping.groups[one] for one in before]
    if [one.key for one in was] != [group.key]:
        parts.append(f"förut {' och '.join(one.name for one in was)}")
    parts += _new_form(group, was)
    return ", ".join(parts)


def _new_form(group: Group, was: Sequence[Group]) -> list[str]:
    """Tell that the operating form is another than it was."""
    forms = sorted({one.unit.operating_form_label for one in was if one.unit is not None})
    if group.unit is None or forms == [group.unit.operating_form_label]:
        return []
    return [f"annan regiform (förut {' och '.join(forms)})"]
