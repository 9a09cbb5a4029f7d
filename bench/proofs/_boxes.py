"""A ballot box full of random answers, made at once instead of one by one."""

import random
from dataclasses import dataclass

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from enkat.ballots.ballot import Ballot, payload_size
from enkat.ballots.key_shares import share_mark, split
from enkat.ballots.sealing import seal
from enkat.clock import system_clock
from enkat.instruments.routing import vector
from enkat.records.ballots import SealedBallot
from enkat.records.base import random_id
from enkat.records.invitations import Invitation, InvitationStatus
from enkat.records.keys import KeyHolder
from enkat.records.rounds import RoundState, RoundUnit, SurveyRound
from enkat.records.writing import writing
from enkat.services.ballots.code_entry import instrument_of
from tests.factories.ballots import OpenRound, add_round, an_answer


@dataclass
class FullBox:
    """A closed round, the shares of its key, and who said what (which only the proof knows)."""

    made: OpenRound
    shares: list[str]
    truth: dict[bytes, tuple[int, ...]]


def full_box(session: Session, unit_sizes: list[int], *, districts: int = 8, seed: int = 1, own: int = 9) -> FullBox:
    """Write a closed round in which everybody has answered, without time between the answers."""
    rng = random.Random(seed)  # noqa: S311 - a simulation
    made = add_round(session, system_clock, unit_sizes, districts=districts, seed=seed, own_questions=own)
    places = dict(session.execute(select(RoundUnit.unit_id, RoundUnit.district_id)).all())
    sealed, truth = [], {}
    for invitation in session.scalars(select(Invitation)):
        ballot = random_ballot(session, invitation, places[invitation.unit_id], rng)
        size = payload_size(instrument_of(session, invitation.snapshot_sha256))
        content = seal(made.pair.public, ballot.to_bytes(), size)
        sealed.append({"id": random_id(), "round_id": made.round_id, "content": content})
        truth[invitation.id] = ballot.vector
    shares = split(made.pair.private, 2, 3)
    with writing(session):
        session.execute(insert(SealedBallot), sealed)
        session.execute(update(Invitation).values(status=InvitationStatus.SENT))
        session.execute(update(SurveyRound).values(state=RoundState.CLOSED))
        session.add_all(
            KeyHolder(round_id=made.round_id, name=name, share_mark=share_mark(share))
            for name, share in zip(("Ada", "Bo", "Cy"), shares, strict=True)
        )
    return FullBox(made, shares, truth)


def random_ballot(session: Session, invitation: Invitation, district_id: int, rng: random.Random) -> Ballot:
    """Return a ballot of an invitation with random answers to every choice question."""
    instrument = instrument_of(session, invitation.snapshot_sha256)
    answering = an_answer(rng, service=invitation.service)
    answers = {question.id: rng.choice((1, 2, 3, 4, 5, -3)) for question in instrument.choice_questions}
    return Ballot(
        unit_id=str(invitation.unit_id),
        district_id=str(district_id),
        service=invitation.service,
        age_group=invitation.age_group,
        sex=invitation.sex,
        instrument_hash=invitation.snapshot_sha256,
        mode=answering.mode,
        respondent=answering.respondent,
        helper=answering.helper,
        language="sv",
        vector=tuple(vector(instrument, answers)),
        free_texts={"more": f"Text {rng.random()}"} if rng.random() < 0.2 else {},
    )
