"""Invented people answer: every twentieth through the pages, as many on paper, the others through the send service."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.ballots.derivation import CodeKeys, derive
from enkat.demo.letters import codes_by_number, further_codes
from enkat.demo.paper import Returned, send_on_paper
from enkat.demo.place import DemoPlace, MovingClock
from enkat.demo.register_files import number_of
from enkat.demo.response import HELPERS, REMARKS, RESPONDENTS
from enkat.demo.truth import Year
from enkat.demo.visiting import Browsers, Visit, make_visits
from enkat.records.clients import Client
from enkat.records.invitations import Invitation
from enkat.records.rounds import SurveyRound
from enkat.records.rounds_queries import snapshots_of, units_of
from enkat.records.writing import writing
from enkat.services.ballots.answering import Answering, send
from enkat.services.ballots.code_entry import instrument_of
from enkat.services.rounds.opening import secret_name

EVERY = 20
ON_PAPER = 10
"""Of every `EVERY` people, which one is visited through the pages (0) and which one sends a form."""
TOGETHER = 100
"""Sends in one write; a real send is a transaction of its own."""


@dataclass(frozen=True)
class Asked:
    """An invitation and the person behind it; `place` counts in the year's population."""

    invitation_id: bytes
    place: int
    number: int
    snapshot_sha256: str


@dataclass(frozen=True)
class FieldWork:
    """A round that takes answers, with everything that answering needs."""

    place: DemoPlace
    session: Session
    clock: MovingClock
    round: SurveyRound
    year: Year

    def asked(self) -> list[Asked]:
        """Return everybody who is asked."""
        query = (
            select(Invitation.id, Client.reference, Invitation.snapshot_sha256)
            .join(Client, Client.id == Invitation.client_id)
            .where(Invitation.round_id == self.round.id)
        )
        found = []
        for invitation_id, reference, digest in self.session.execute(query):
            number = number_of(reference)
            found.append(Asked(invitation_id, self.year.place_of[number], number, digest))
        return sorted(found, key=lambda asked: asked.number)

    def codes(self, people: Sequence[Asked], shop_file: Path) -> dict[bytes, str]:
        """Return a code for everybody: the one in the letter, or one given by phone."""
        in_letters = codes_by_number(shop_file)
        codes = {one.invitation_id: in_letters[one.number] for one in people if one.number in in_letters}
        others = [one.invitation_id for one in people if one.invitation_id not in codes]
        return codes | further_codes(self.place, self.session, self.round, others)

    @cached_property
    def _derivation(self) -> tuple[bytes, int]:
        cost = self.round.scrypt_log2_n or self.place.settings.scrypt_log2_n
        return self.place.secrets.get(secret_name(self.round.id)), cost

    def keys_of(self, codes: Sequence[str]) -> list[CodeKeys]:
        """Return the keys of codes; touches no database, so that another thread can do it."""
        secret, cost = self._derivation
        return [derive(code, secret, cost) for code in codes]

    def visit(self, one: Asked, code: str, day: date, *, sends: bool = True) -> Visit:
        """Return what a person does on the pages."""
        turnout = self.year.turnout
        return Visit(
            self.round.short_name,
            code,
            self.answers(one),
            RESPONDENTS[turnout.respondent[one.place]],
            HELPERS[turnout.helper[one.place]],
            day,
            sends,
        )

    def answering(self, one: Asked) -> Answering:
        """Return what a person sends."""
        turnout = self.year.turnout
        return Answering(
            answers=self.answers(one),
            mode=turnout.mode(one.place),
            respondent=RESPONDENTS[turnout.respondent[one.place]],
            helper=HELPERS[turnout.helper[one.place]],
        )

    def answers(self, one: Asked) -> dict[str, int | str]:
        """Return a person's answers by question."""
        instrument = instrument_of(self.session, one.snapshot_sha256)
        remark = int(self.year.turnout.remark[one.place])
        return self.year.answers(one.place, instrument, remark=REMARKS[remark] if remark >= 0 else "")


def answer_all(
    work: FieldWork, people: Sequence[Asked], codes: dict[bytes, str], days: Sequence[date], browsers: Browsers
) -> Iterator[int]:
    """Let people answer over the days, in chance order; yield how many have done so after every step."""
    order = np.random.default_rng([work.year.city.seed, work.year.people.year, 8]).permutation(len(people))
    by_page = list[Visit]()
    chunks = list[tuple[date, list[Asked]]]()
    for day, part in zip(days, np.array_split(order, len(days)), strict=True):
        today = [people[number] for number in part]
        by_page += [work.visit(one, codes[one.invitation_id], day) for one in today if one.number % EVERY == 0]
        others = [one for one in today if one.number % EVERY not in {0, ON_PAPER}]
        chunks += [(day, others[start : start + TOGETHER]) for start in range(0, len(others), TOGETHER)]
    done = 0
    for done in _send_all(work, chunks, codes):
        yield done
    forms = [one for one in people if one.number % EVERY == ON_PAPER]
    if forms:
        work.clock.go_to(days[-1], 15)
        keys = work.keys_of([codes[one.invitation_id] for one in forms])
        given = [
            Returned(codes[one.invitation_id], key, work.answering(one)) for one, key in zip(forms, keys, strict=True)
        ]
        send_on_paper(work.place, work.session, work.clock, work.round, given)
    done += len(forms)
    yield done
    for visited in make_visits(work.place.settings, browsers, by_page):
        yield done + visited


def _send_all(
    work: FieldWork, chunks: Sequence[tuple[date, Sequence[Asked]]], codes: dict[bytes, str]
) -> Iterator[int]:
    """Send chunk after chunk; the keys of the next are worked out meanwhile."""
    session, round_id = work.session, work.round.id
    held = [work.round, *units_of(session, round_id), *snapshots_of(session, round_id).values()]  # keeps them loaded
    work.keys_of([])  # reads the round here, since the other thread must not touch the session
    done = 0
    with ThreadPoolExecutor(1) as ahead:
        waiting = [ahead.submit(work.keys_of, [codes[one.invitation_id] for one in chunk]) for _, chunk in chunks]
        for (day, chunk), keys in zip(chunks, waiting, strict=True):
            work.clock.go_to(day, 13)
            given = [work.answering(one) for one in chunk]
            ready = keys.result()
            with writing(session):
                for key, answering in zip(ready, given, strict=True):
                    send(session, work.clock, round_id=round_id, keys=key, answering=answering)
            done += len(chunk)
            yield done
    held.clear()


def days_between(first: date, last: date) -> list[date]:
    """Return the days of a round's field work, a few apart."""
    return [first + timedelta(days=day) for day in range(0, (last - first).days + 1, 4)]
