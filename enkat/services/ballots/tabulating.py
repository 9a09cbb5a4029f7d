"""From opened ballots to the rows that are kept: classes, answers, tallies, margins and free texts. Pure computing."""

import random
from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from enkat.ballots.ballot import Ballot
from enkat.ballots.kept_classes import FLOOR, KeptClassKey, KeptClassPlan, RegisterCell, assign, join_small
from enkat.ballots.vocabulary import Helper, KeptLevel, KeptWho, Mode, kept_who
from enkat.instruments.instrument import Instrument
from enkat.instruments.missing import Missing
from enkat.languages import LANGUAGES
from enkat.records.answers import CollectionDimension, FreeTextState
from enkat.records.base import random_id

Row = dict[str, Any]

_ORDERS: dict[CollectionDimension, tuple[str, ...]] = {
    CollectionDimension.MODE: tuple(Mode),
    CollectionDimension.LANGUAGE: tuple(LANGUAGES),
    CollectionDimension.HELPER: tuple(Helper),
    CollectionDimension.INTERVIEWER: (),
}
_NOBODY = "none"
_WHERE_SEVERAL = frozenset({CollectionDimension.LANGUAGE, CollectionDimension.INTERVIEWER})
"""Dimensions that say nothing where the whole round has one value; they are then left out."""


@dataclass
class CountedRows:
    """Rows per table, ready to be inserted in one transaction.

    Attributes
    ----------
    not_kept
        Ballots in classes that stay under the floor even in the whole city.
    """

    classes: list[Row] = field(default_factory=list)
    margins: list[Row] = field(default_factory=list)
    answers: list[Row] = field(default_factory=list)
    tallies: list[Row] = field(default_factory=list)
    collection: list[Row] = field(default_factory=list)
    texts: list[Row] = field(default_factory=list)
    not_kept: int = 0


def tabulate(
    round_id: int, ballots: Sequence[Ballot], instruments: Mapping[str, Instrument], *, floor: int = FLOOR
) -> CountedRows:
    """Return everything that is kept of the opened ballots, each table in a fresh random order.

    Nothing is kept apart with fewer than `floor` ballots.
    """
    cells = [_cell(ballot) for ballot in ballots]
    plan = assign(cells, floor)
    rows = CountedRows(not_kept=plan.not_kept)
    members = defaultdict[KeptClassKey, list[Ballot]](list)
    for ballot, cell in zip(ballots, cells, strict=True):
        key = plan.class_of[cell]
        if key is not None:
            members[key].append(ballot)
    for key, group in members.items():
        _add_class(rows, round_id, key, group, instruments)
    _add_texts(rows, round_id, zip(ballots, cells, strict=True), plan)
    for dimension in CollectionDimension:
        _add_collection(rows, round_id, dimension, ballots, instruments, floor=floor)
    shuffler = random.SystemRandom()
    for table in (rows.classes, rows.margins, rows.answers, rows.tallies, rows.collection, rows.texts):
        shuffler.shuffle(table)
    return rows


def _cell(ballot: Ballot) -> RegisterCell:
    return RegisterCell(
        ballot.unit_id,
        ballot.district_id,
        ballot.service,
        ballot.sex,
        ballot.age_group,
        kept_who(ballot.respondent, ballot.helper),
    )


def _add_class(
    rows: CountedRows,
    round_id: int,
    key: KeptClassKey,
    members: Sequence[Ballot],
    instruments: Mapping[str, Instrument],
) -> None:
    class_id = random_id()
    hashes = Counter(ballot.instrument_hash for ballot in members)
    main = min(hashes, key=lambda name: (-hashes[name], name))
    rows.classes.append({
        "id": class_id,
        "round_id": round_id,
        "level": key.level,
        "unit_id": int(key.place_id) if key.level is KeptLevel.UNIT else None,
        "district_id": int(_district(key, members)) if key.level is not KeptLevel.CITY else None,
        "snapshot_sha256": main,
        "services": list(key.services),
        "sexes": list(key.sexes),
        "age_groups": list(key.age_groups),
        "who": key.who,
        "n": len(members),
    })  # fmt: skip
    margin = Counter((ballot.sex, ballot.age_group) for ballot in members)
    rows.margins += [
        {"kept_class_id": class_id, "sex": sex, "age_group": age, "n": n} for (sex, age), n in margin.items()
    ]
    tally = Counter[tuple[str, int]]()
    questions = [question.id for question in instruments[main].choice_questions]
    hidden = _hidden(instruments[main]) if key.who is not KeptWho.PROXY else frozenset[int]()
    for vector in _aligned(main, members, instruments, hidden):
        rows.answers.append({"id": random_id(), "kept_class_id": class_id, "vector": array("b", vector).tobytes()})
        tally.update(zip(questions, vector, strict=True))
    rows.tallies += [
        {"kept_class_id": class_id, "question_id": question, "code": code, "n": n}
        for (question, code), n in tally.items()
    ]


def _district(key: KeptClassKey, members: Sequence[Ballot]) -> str:
    return key.place_id if key.level is KeptLevel.DISTRICT else members[0].district_id


def _hidden(instrument: Instrument) -> frozenset[int]:
    """Return the places of what only proxies are asked: in a class that also holds others it would tell them apart."""
    return frozenset(place for place, question in enumerate(instrument.choice_questions) if question.only_proxy)


def _aligned(
    main: str, members: Sequence[Ballot], instruments: Mapping[str, Instrument], hidden: frozenset[int]
) -> list[tuple[int, ...]]:
    """Return the members' answers in the order of one instrument.

    Where services with different instruments share a class, only questions that all of them asked are kept: a question
    of one service's own would tell its few members apart. What stands at the places `hidden` is left out, too.
    """
    hashes = {ballot.instrument_hash for ballot in members}
    if hashes == {main} and not hidden:
        return [ballot.vector for ballot in members]
    places = {
        name: {question.ref: place for place, question in enumerate(instruments[name].choice_questions)}
        for name in hashes
    }
    order = [question.ref for question in instruments[main].choice_questions]
    shared = set.intersection(*(set(by_ref) for by_ref in places.values())) - {order[place] for place in hidden}
    return [
        tuple(
            ballot.vector[places[ballot.instrument_hash][ref]] if ref in shared else Missing.NOT_SHOWN.value
            for ref in order
        )
        for ballot in members
    ]


def _add_texts(rows: CountedRows, round_id: int, ballots: Any, plan: KeptClassPlan) -> None:
    for ballot, cell in ballots:
        key = plan.class_of[cell]
        if key is None:
            continue
        rows.texts += [
            {
                "id": random_id(),
                "round_id": round_id,
                "unit_id": int(ballot.unit_id) if key.level is KeptLevel.UNIT else None,
                "question_id": question,
                "content": text,
                "masked": "",
                "state": FreeTextState.UNREAD,
            }
            for question, text in ballot.free_texts.items()
        ]


def _category(dimension: CollectionDimension, ballot: Ballot) -> str:
    return {
        CollectionDimension.MODE: ballot.mode.value,
        CollectionDimension.LANGUAGE: ballot.language,
        CollectionDimension.HELPER: ballot.helper.value,
        CollectionDimension.INTERVIEWER: ballot.interviewer or _NOBODY,
    }[dimension]


def _add_collection(
    rows: CountedRows,
    round_id: int,
    dimension: CollectionDimension,
    ballots: Sequence[Ballot],
    instruments: Mapping[str, Instrument],
    *,
    floor: int,
) -> None:
    """Tally a dimension per unit, joined until no category has under the floor; small units together, or not at all.

    What only proxies are asked is left out: it would say how the few of them in a category answered.
    """
    if dimension in _WHERE_SEVERAL and len({_category(dimension, ballot) for ballot in ballots}) <= 1:
        return
    by_unit = defaultdict[int | None, list[Ballot]](list)
    sizes = Counter(ballot.unit_id for ballot in ballots)
    for ballot in ballots:
        by_unit[int(ballot.unit_id) if sizes[ballot.unit_id] >= floor else None].append(ballot)
    for unit_id, members in by_unit.items():
        joined = join_small(Counter(_category(dimension, ballot) for ballot in members), _ORDERS[dimension], floor)
        tally = Counter[tuple[str, str, int]]()
        for ballot in members:
            name = joined[_category(dimension, ballot)]
            if name is not None:
                questions = instruments[ballot.instrument_hash].choice_questions
                tally.update(
                    (name, question.id, code)
                    for question, code in zip(questions, ballot.vector, strict=True)
                    if not question.only_proxy
                )
        rows.collection += [
            {
                "id": random_id(),
                "round_id": round_id,
                "unit_id": unit_id,
                "dimension": dimension,
                "category": name,
                "question_id": question,
                "code": code,
                "n": n,
            }
            for (name, question, code), n in tally.items()
        ]
