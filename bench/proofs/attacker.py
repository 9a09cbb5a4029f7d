"""An attacker with the database, its backups, raw files and logs tries to read answers and to link them to people."""

import hashlib
import logging
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import NormalDist
from typing import Any

from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.orm import Session

from bench.figures import Figure, write
from bench.proofs._boxes import full_box
from bench.proofs._searching import all_bytes, codes_found, hashes_found
from bench.proofs._visits import NGINX, address_of, answer_through_pages, lines_of, order_in_log
from bench.world import World, empty, world
from enkat.ballots.codes import new_code
from enkat.ballots.derivation import PRODUCTION_LOG2_N, derive
from enkat.ballots.kept_classes import FLOOR, KeptClassKey, RegisterCell, assign
from enkat.ballots.vocabulary import KeptLevel, KeptWho, kept_who
from enkat.clock import system_clock
from enkat.records.answers import Answer, CollectionTally, FreeText, KeptClass
from enkat.records.ballots import SealedBallot
from enkat.records.engine import make_engine, make_sessions
from enkat.records.invitations import Invitation, InvitationCode
from enkat.records.metadata import metadata
from enkat.records.rounds import RoundState, RoundUnit, SurveyRound
from enkat.records.writing import writing
from enkat.services.ballots.answering import Answering, send
from enkat.services.ballots.counting import count
from enkat.services.ballots.drafting import DraftContent, save_draft
from enkat.services.ballots.wiping import wipe
from enkat.services.safety.backup import make_backup
from tests.factories.ballots import SECRET, OpenRound, an_answer

Order = Mapping[bytes, Any]
ANSWER_SIDE = ("kept_class", "class_margin", "answer", "tally", "collection_tally", "free_text")
PERSON_SIDE = ("client", "invitation", "invitation_code", "invitation_correction")
MILLION = 1_000_000
CONTROL = "control: right matches had the order of sending been kept"
GUESSES = 1_000
VISITORS = 10
"""One in so many answers through pages; the others through the service that the pages call."""
THREE_SD = 1 - NormalDist().cdf(3)


@dataclass
class FieldWork:
    """A round as it was answered; the truth is known to the proof alone."""

    made: OpenRound
    truth: dict[bytes, tuple[int, ...]] = field(default_factory=dict)
    cells: dict[bytes, RegisterCell] = field(default_factory=dict)
    sent_as: dict[bytes, int] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)


def answer_all(session: Session, place: World, logs: Path) -> FieldWork:
    """Let everybody answer in random order: one in ten through logged pages, the others through the services.

    One in five of the latter saves a draft first.
    """
    rng = random.Random(5)  # noqa: S311 - a simulation
    made = place.made
    work = FieldWork(made)
    districts = dict(session.execute(select(RoundUnit.unit_id, RoundUnit.district_id)).all())
    people = {number: session.get_one(Invitation, one) for number, one in enumerate(made.invitation_ids)}
    turns = list(people)
    rng.shuffle(turns)

    def note(number: int, said: tuple[int, ...], who: KeptWho) -> None:
        one = people[number]
        work.truth[one.id], work.sent_as[one.id] = said, len(work.sent_as)
        work.cells[one.id] = RegisterCell(
            str(one.unit_id), str(districts[one.unit_id]), one.service, one.sex, one.age_group, who
        )

    visitors = turns[: len(turns) // VISITORS]
    work.words += [_word(rng, number) for number in visitors]
    for number, said in zip(visitors, answer_through_pages(place, logs, visitors, work.words, rng), strict=True):
        note(number, said, KeptWho.SELF)
    for number in turns[len(visitors) :]:
        answering = _answering(rng, number)
        if rng.random() < 0.2:
            draft = DraftContent(answers=answering.answers)
            save_draft(session, system_clock, round_id=made.round_id, keys=made.keys[number], draft=draft)
        send(session, system_clock, round_id=made.round_id, keys=made.keys[number], answering=answering)
        work.words.append(str(answering.answers["more"]))
        said = tuple(int(code) for name, code in answering.answers.items() if name != "more")
        note(number, said, kept_who(answering.respondent, answering.helper))
    return work


def _word(rng: random.Random, number: int) -> str:
    """Return a free text that nobody else writes; it looks the same in an address, a form and a log."""
    return f"hemligtord{number}x{rng.getrandbits(40):x}"


def _answering(rng: random.Random, number: int) -> Answering:
    drawn = an_answer(rng)
    names = ["feels_safe", "is_heard", *(f"home_care_{number}" for number in range(9))]
    answers: dict[str, int | str] = {name: rng.choice((1, 2, 3, 4, 5, -3)) for name in names}
    answers["more"] = _word(rng, number)
    return Answering(answers, drawn.mode, drawn.respondent, drawn.helper)


def before_count(engine: Engine, folder: Path, work: FieldWork, tried: int) -> dict[str, float]:
    """Search everything that lies on disk for codes, their hashes and answers."""
    data = all_bytes(engine, folder)
    codes = [*work.made.codes, *(new_code() for _ in range(tried - len(work.made.codes)))]
    planted = data + codes[0].encode() + b" " + hashlib.sha256(codes[1].encode()).digest()
    return {
        "bytes searched": len(data),
        "codes searched": len(codes),
        "codes found as text": len(codes_found(data, codes)),
        "codes found as plain hashes": hashes_found(data, codes),
        "answers found": sum(word.encode() in data for word in work.words),
        "control: planted code and hash, both seen": len(codes_found(planted, codes[:1]))
        + hashes_found(planted, codes[1:2]),
    }


def cost_per_guess(guesses: int) -> float:
    """Return CPU milliseconds per guess of a code with the round's secret in hand, at production cost."""
    codes = [new_code() for _ in range(guesses)]
    begun = time.process_time()
    for code in codes:
        derive(code, SECRET, PRODUCTION_LOG2_N)
    return (time.process_time() - begun) / guesses * 1000


def person_orders(session: Session, work: FieldWork, logs: Path) -> dict[str, Order]:
    """Return every order of people that an attacker can see or guess, taken while the round is open."""
    lookups = dict(session.execute(select(InvitationCode.invitation_id, InvitationCode.lookup)).all())
    ids = work.made.invitation_ids
    orders: dict[str, Order] = {
        "moment of sending": work.sent_as,
        "invitation id": {one: one for one in ids},
        "code look-up": lookups,
        "place in the frame": {one: place for place, one in enumerate(ids)},
    }
    if logged := order_in_log(logs):
        places = ((one, logged.get(address_of(place), len(ids) + place)) for place, one in enumerate(ids))
        orders["address in the proxy's log"] = dict(places)
    if session.get_bind().dialect.name == "postgresql":
        orders["invitation xmin"] = _hidden(session, "invitation", "xmin::text::bigint")
        orders["invitation ctid"] = _hidden(session, "invitation", "ctid")
        box = _hidden(session, "sealed_ballot", "xmin::text::bigint")
        by_transaction = {number: ballot for ballot, number in box.items()}
        found = orders["invitation xmin"]
        orders["id of the ballot with the same xmin"] = {one: by_transaction.get(found[one], one) for one in ids}
    return orders


def _hidden(session: Session, table: str, column: str) -> dict[bytes, Any]:
    rows = session.execute(text(f"SELECT id, {column} FROM {table} ORDER BY {column}")).all()  # noqa: S608
    if column == "ctid":
        return {bytes(one): place for place, (one, _) in enumerate(rows)}
    return {bytes(one): number for one, number in rows}


def answer_orders(session: Session, folder: Path) -> dict[str, Order]:
    """Return every order of counted answers."""
    ids = list(session.scalars(select(Answer.id)))
    orders: dict[str, Order] = {"answer id": {one: one for one in ids}}
    if session.get_bind().dialect.name == "postgresql":
        orders["answer xmin"] = _hidden(session, "answer", "xmin::text::bigint")
        orders["answer ctid"] = _hidden(session, "answer", "ctid")
    else:
        data = (folder / "enkat.sqlite").read_bytes()
        orders["place in the file"] = {one: data.find(one) for one in ids}
    return orders


def link(
    session: Session, work: FieldWork, people: Mapping[str, Order], answers: Mapping[str, Order]
) -> dict[str, int]:
    """Match people with answers within each kept class by every pair of orders; return how many matches are right."""
    plan = assign(Counter(work.cells.values()))
    members: dict[KeptClassKey, list[bytes]] = {}
    for one, cell in work.cells.items():
        key = plan.class_of[cell]
        if key is not None:
            members.setdefault(key, []).append(one)
    kept = {_key(row): row.id for row in session.scalars(select(KeptClass))}
    vectors: dict[bytes, list[tuple[bytes, tuple[int, ...]]]] = {}
    for answer_id, class_id, vector in session.execute(select(Answer.id, Answer.kept_class_id, Answer.vector)):
        codes = tuple(byte - 256 if byte > 127 else byte for byte in vector)
        vectors.setdefault(class_id, []).append((answer_id, codes))
    right: dict[str, int] = {"classes": len(members)}
    for by_person, person in people.items():
        for by_answer, order in answers.items():
            right[f"{by_person} × {by_answer}"] = sum(
                work.truth[one] == found[1]
                for key, group in members.items()
                for one, found in zip(
                    sorted(group, key=lambda each, rank=person: rank[each]),  # type: ignore[misc]
                    sorted(vectors[kept[key]], key=lambda each, rank=order: rank[each[0]]),  # type: ignore[misc]
                    strict=True,
                )
            )
    return right


def _key(row: KeptClass) -> KeptClassKey:
    place = {KeptLevel.UNIT: row.unit_id, KeptLevel.DISTRICT: row.district_id, KeptLevel.CITY: None}[row.level]
    return KeptClassKey(
        row.level,
        "" if place is None else str(place),
        KeptWho(row.who),
        tuple(row.services),  # type: ignore[arg-type]
        tuple(row.sexes),  # type: ignore[arg-type]
        tuple(row.age_groups),  # type: ignore[arg-type]
    )


def shared_values(engine: Engine) -> int:
    """Return how many random values (16 bytes and more) stand both at a person and at an answer."""

    def values(names: Sequence[str]) -> set[bytes]:
        with engine.connect() as connection:
            rows = [row for name in names for row in connection.execute(metadata.tables[name].select())]
        return {bytes(value) for row in rows for value in row if isinstance(value, (bytes, memoryview))}

    return len(values(ANSWER_SIDE) & values(PERSON_SIDE))


def attack(kind: str, people: int, units: int, tried: int) -> list[Figure]:
    """Run the whole attack on one database."""
    figures: list[Figure] = []
    with world(kind, people, units) as place:
        folder, logs = place.folder, place.folder / "logs"
        logs.mkdir()
        handler = logging.FileHandler(logs / "everything.log")
        logging.getLogger().addHandler(handler)
        logging.getLogger().setLevel(logging.DEBUG)
        with make_sessions(place.engine)() as session:
            work = answer_all(session, place, logs)
            figures.append(
                Figure(kind, "before the count: lines of proxy, server and program logs", lines_of(logs), "")
            )
            make_backup(session, system_clock, place.settings())
            found = before_count(place.engine, folder, work, tried)
            figures += [Figure(kind, f"before the count: {name}", value, "") for name, value in _neutral(found)]
            figures += [Figure(kind, f"before the count: {name}", value, "", 0) for name, value in _bad(found)]
            orders = person_orders(session, work, logs)
            with writing(session):
                session.execute(update(SurveyRound).values(state=RoundState.CLOSED))
            private = work.made.pair.private
            count(session, system_clock, work.made.round_id, private=private, present=["Ada"], account_id=None)
            wipe(session)
            figures += _linkage(kind, link(session, work, orders, answer_orders(session, folder)), people)
            figures.append(Figure(kind, CONTROL, _control(session, work), ""))
            figures.append(
                Figure(kind, "after the count: values shared by people and answers", shared_values(place.engine), "", 0)
            )
        logging.getLogger().removeHandler(handler)
        handler.close()
    return figures


def _control(session: Session, work: FieldWork) -> int:
    """Return how many matches would be right if answers had kept the order of sending: the attack can succeed."""
    places = {vector: work.sent_as[one] for one, vector in work.truth.items()}
    kept: Order = {
        one: places[tuple(byte - 256 if byte > 127 else byte for byte in vector)]
        for one, vector in session.execute(select(Answer.id, Answer.vector))
    }
    return link(session, work, {"sending": work.sent_as}, {"kept order": kept})["sending × kept order"]


def _bad(found: Mapping[str, float]) -> list[tuple[str, float]]:
    return [(name, value) for name, value in found.items() if "found" in name]


def _neutral(found: Mapping[str, float]) -> list[tuple[str, float]]:
    return [(name, value) for name, value in found.items() if "found" not in name]


def _linkage(kind: str, right: dict[str, int], people: int) -> list[Figure]:
    classes = right.pop("classes")
    best = max(right, key=lambda name: right[name])
    z = NormalDist().inv_cdf(1 - THREE_SD / len(right))
    limit = classes + z * classes**0.5
    return [
        Figure(kind, f"after the count: answers attacked, in {classes} classes", people, ""),
        Figure(kind, "chance: right matches by guessing, one per class", classes, ""),
        Figure(kind, f"best of {len(right)} pairs of orders ({best}), right matches", right[best], "", round(limit, 1)),
    ]


def hostile(kind: str, repeats: int) -> list[Figure]:
    """Count a city of units of 1 to 20 people and look for anything under five."""
    with empty(kind) as url:
        engine = make_engine(url)
        with make_sessions(engine)() as session:
            box = full_box(session, list(range(1, 21)) * repeats, districts=5, seed=3)
            private = box.made.pair.private
            protocol = count(
                session, system_clock, box.made.round_id, private=private, present=["Ada"], account_id=None
            )
            smallest = session.scalar(select(func.min(KeptClass.n))) or 0
            kept = protocol.content["kept"] + protocol.content["not_kept"]
            lost = protocol.content["opened"] - kept
            groups = (
                CollectionTally.unit_id,
                CollectionTally.dimension,
                CollectionTally.category,
                CollectionTally.question_id,
            )
            sums = session.scalars(select(func.sum(CollectionTally.n)).group_by(*groups)).all()
            units = {row.unit_id for row in session.scalars(select(KeptClass)) if row.unit_id}
            named = {one for one in session.scalars(select(FreeText.unit_id)) if one}
            box_left = session.scalar(select(func.count()).select_from(SealedBallot)) or 0
        engine.dispose()
    return [
        Figure(kind, f"hostile units of 1–20 people, {20 * repeats} units: ballots", box_left, ""),
        Figure(kind, "hostile: people missing of five in the smallest class", max(0, FLOOR - smallest), "", 0),
        Figure(
            kind, "hostile: people missing of five in the smallest collection group", max(0, FLOOR - min(sums)), "", 0
        ),
        Figure(kind, "hostile: ballots lost without being reported", lost, "", 0),
        Figure(kind, "hostile: free texts that name a unit without classes of its own", len(named - units), "", 0),
    ]


def main() -> None:
    """Attack both databases and write the result."""
    small = "--small" in sys.argv
    people, units, tried = (240, 6, 2_000) if small else (2_400, 24, MILLION)
    milliseconds = cost_per_guess(20 if small else GUESSES)
    figures = [
        Figure("any", "CPU per guess of a code with the round's secret, N = 2¹³", milliseconds, "ms"),
        Figure("any", "CPU years to try all 7·10¹³ codes", 7e13 * milliseconds / 1000 / 3.156e7, "years"),
    ]
    for kind in ("sqlite", "postgresql"):
        figures += attack(kind, people, units, tried) + hostile(kind, 1 if small else 6)
    for figure in figures:
        print(figure.line())
    controls = [figure.value for figure in figures if "control" in figure.name and figure.name != CONTROL]
    controls += [2 * figure.value / people for figure in figures if figure.name == CONTROL]
    if not small:
        notes = "The limit of linkage is chance + 3 sd, corrected for the number of pairs tried. Logs of gunicorn, "
        notes += "the program and nginx." if NGINX else "and the program; nginx was not found."
        write("attacker", figures, notes)
    if not all(figure.held for figure in figures) or any(value < 1.8 for value in controls):
        sys.exit(1)


if __name__ == "__main__":
    main()
