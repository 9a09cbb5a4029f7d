"""Invented people answer: every twentieth through the pages, the others through the send service."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.ballots.derivation import CodeKeys, derive
from enkat.demo.letters import codes_by_number, further_codes
from enkat.demo.pages import PageVisitor
from enkat.demo.place import DemoPlace, MovingClock
from enkat.demo.register_files import number_of
from enkat.demo.response import HELPERS, REMARKS, RESPONDENTS
from enkat.demo.truth import Year
from enkat.records.clients import Client
from enkat.records.invitations import Invitation
from enkat.records.rounds import SurveyRound
from enkat.records.writing import writing
from enkat.services.ballots.answering import Answering, send
from enkat.services.ballots.code_entry import instrument_of
from enkat.services.rounds.opening import secret_name

EVERY = 20
TOGETHER = 100
"""Sends in one write; a real send is a transaction of its own."""
WORKERS = 2


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

    def keys_of(self, codes: Sequence[str]) -> list[CodeKeys]:
        """Return the keys of codes, worked out on all cores."""
        secret = self.place.secrets.get(secret_name(self.round.id))
        cost = self.round.scrypt_log2_n or self.place.settings.scrypt_log2_n
        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(lambda code: derive(code, secret, cost), codes))

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
    work: FieldWork, people: Sequence[Asked], codes: dict[bytes, str], days: Sequence[date], visitor: PageVisitor
) -> Iterator[int]:
    """Let people answer over the days, in chance order; yield how many have done so after every step."""
    order = np.random.default_rng([work.year.city.seed, work.year.people.year, 8]).permutation(len(people))
    done = 0
    for day, part in zip(days, np.array_split(order, len(days)), strict=True):
        work.clock.go_to(day, 13)
        today = [people[number] for number in part]
        by_page = [one for one in today if one.number % EVERY == 0]
        by_service = [one for one in today if one.number % EVERY]
        for start in range(0, len(by_service), TOGETHER):
            chunk = by_service[start : start + TOGETHER]
            _send(work, chunk, [codes[one.invitation_id] for one in chunk])
            done += len(chunk)
            yield done
        for one in by_page:
            visit(work, visitor, one, codes[one.invitation_id])
            done += 1
            yield done


def _send(work: FieldWork, chunk: Sequence[Asked], codes: Sequence[str]) -> None:
    keys = work.keys_of(codes)
    given = [work.answering(one) for one in chunk]
    with writing(work.session):
        for key, answering in zip(keys, given, strict=True):
            send(work.session, work.clock, round_id=work.round.id, keys=key, answering=answering)
    work.session.expunge_all()
    work.session.add(work.round)


def visit(work: FieldWork, visitor: PageVisitor, one: Asked, code: str, *, sends: bool = True) -> int:
    """Let somebody answer through the pages; return how many pages were shown."""
    turnout = work.year.turnout
    return visitor.answer(
        work.round.short_name,
        code,
        work.answers(one),
        respondent=RESPONDENTS[turnout.respondent[one.place]],
        helper=HELPERS[turnout.helper[one.place]],
        send=sends,
    )


def days_between(first: date, last: date) -> list[date]:
    """Return the days of a round's field work, a few apart."""
    return [first + timedelta(days=day) for day in range(0, (last - first).days + 1, 4)]
