"""What happens to a batch when its last sheet is keyed or checked: a random share is chosen, judged, accepted.

The measured error rate is that of the first keying: fields that adjudication found wrong, of all fields keyed twice,
with the exact (Clopper–Pearson) interval. A batch goes back, to be keyed again as a whole, when the interval's lower
limit is above the round's limit: when its keying is surely worse than allowed. The upper limit would send every small
batch back, since five sheets without one error still leave room for six per cent.
"""

import secrets
from dataclasses import dataclass

from sqlalchemy.orm import Session

from enkat.ballots.vocabulary import Mode
from enkat.clock import Clock, iso_week, today
from enkat.records.invitations import add_to_week
from enkat.records.paper import KeyingCheck, PaperBatch, PaperBatchState, SheetState
from enkat.records.paper_queries import (
    checks_of_round,
    forget_keyed,
    into_the_box,
    key_again,
    positions,
    set_states,
    units_of_batch,
)
from enkat.records.rounds import SurveyRound
from enkat.services.faults import Fault
from enkat.statistics.intervals.binomial import clopper_pearson

PERMILLE = 1000
PERCENT = 100
UNDER_WAY = (SheetState.OPENED, SheetState.CHOSEN, SheetState.DIFFERS)
"""A batch waits for these."""


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """How often keying went wrong: of `fields` keyed twice, `errors` were wrong; `lo` to `hi` is the 95 % interval."""

    fields: int
    errors: int
    lo: float
    hi: float

    @property
    def share(self) -> float:
        """The measured share; 0 where nothing was keyed twice."""
        return self.errors / self.fields if self.fields else 0.0


def error_rate(fields: int, errors: int) -> ErrorRate:
    """Return a measured error rate with its exact interval; from 0 to 1 where nothing was keyed twice."""
    if fields == 0:
        return ErrorRate(0, 0, 0.0, 1.0)
    lo, hi = clopper_pearson(errors, fields)
    return ErrorRate(fields, errors, float(lo), float(hi))


def measured(session: Session, round_id: int) -> ErrorRate:
    """Return the error rate of a round's accepted batches together."""
    return error_rate(*checks_of_round(session, round_id))


def go_on(session: Session, clock: Clock, batch: PaperBatch) -> None:
    """Take a batch to its next state if nothing in it waits; inside the `writing` of what was done last.

    Whatever kills the process in the middle, the transaction is whole or not there.
    """
    session.flush()
    if positions(session, batch.id, *UNDER_WAY):
        return
    if batch.state is PaperBatchState.KEYING:
        chosen = _choose(session, batch)
        if chosen:
            return
    _judge(session, clock, batch)


def _choose(session: Session, batch: PaperBatch) -> int:
    """Draw the sheets that somebody else keys again, and return how many.

    They are drawn after the first keying, so that nobody keys them with more care.
    """
    round_ = session.get_one(SurveyRound, batch.round_id)
    keyed = positions(session, batch.id, SheetState.KEYED)
    number = -(-len(keyed) * round_.second_keying_percent // PERCENT)
    chosen = secrets.SystemRandom().sample(keyed, number)
    batch.state = PaperBatchState.CHECKING
    set_states(session, batch.id, chosen, SheetState.CHOSEN)
    return number


def _judge(session: Session, clock: Clock, batch: PaperBatch) -> None:
    round_ = session.get_one(SurveyRound, batch.round_id)
    check = session.get(KeyingCheck, {"batch_id": batch.id, "attempt": batch.attempt}, populate_existing=True)
    rate = error_rate(check.fields, check.errors) if check else error_rate(0, 0)
    if rate.lo > round_.keying_error_permille / PERMILLE:
        forget_keyed(session, batch.id)
        key_again(session, batch.id)
        batch.state, batch.attempt = PaperBatchState.KEYING, batch.attempt + 1
        return
    _accept(session, clock, batch)


def _accept(session: Session, clock: Clock, batch: PaperBatch) -> None:
    """Send a batch: its ballots into the box, its invitations sent, nothing left that was keyed."""
    week = iso_week(today(clock))
    for place in units_of_batch(session, batch.id):
        add_to_week(session, place, week, Mode.PAPER, accepted=place.n)
    sheets, marked, sealed = into_the_box(session, batch)
    if not sheets == marked == sealed:
        raise Fault(
            f"Bunt {batch.number} går inte att godkänna: {sheets} blad, {marked} inbjudningar, {sealed} svar. "
            "Inget är ändrat. Be den som leder omgången om hjälp."
        )
    batch.state, batch.accepted = PaperBatchState.ACCEPTED, sheets
