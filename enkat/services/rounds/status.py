"""The status board: how far each unit has come, from invitations and weekly counters. Never a result."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from enkat.languages import sv_key
from enkat.records.invitations import INELIGIBLE, InvitationStatus
from enkat.records.status_queries import frame_sizes, kept_at_old_unit, round_units, status_counts, week_rows
from enkat.services.rounds.finding import get_round

NOTED_SHARE = 0.02
"""Answers that stay with a unit the person had left are pointed out above this share."""


@dataclass(frozen=True)
class UnitStatus:
    """How far a unit has come; `known` tells whether N is, which of loose codes nobody may know.

    Attributes
    ----------
    n
        Eligible people: the frame without those known to be ineligible.
    asked, ineligible, sent, waiting
        Invitations; `asked` counts ineligible ones too, `waiting` may still be reminded.
    weekly
        Net answers per ISO week, the earliest first.
    moved
        Answers of people who had moved to another unit, when more than 2 % of the unit's answers; otherwise None.
    """

    unit_id: int
    name: str
    district_id: int
    district_name: str
    n: int
    asked: int
    ineligible: int
    sent: int
    waiting: int
    refused: int
    duplicates: int
    weekly: dict[str, int]
    moved: int | None
    loose: bool = False
    known: bool = True

    @property
    def rate(self) -> float | None:
        """Response rate: sent / (asked − ineligible); None where nobody is left to ask.

        Of loose codes: sent / N where N is known.
        """
        eligible = self.n * self.known if self.loose else self.asked - self.ineligible
        return self.sent / eligible if eligible else None


@dataclass(frozen=True)
class StatusBoard:
    """All units that the reader may see, and their sum."""

    units: tuple[UnitStatus, ...]
    weeks: tuple[str, ...]
    total: UnitStatus


@dataclass
class _Weeks:
    net: dict[str, int] = field(default_factory=dict)
    duplicates: int = 0


def _weekly(session: Session, round_id: int) -> dict[int, _Weeks]:
    weeks: dict[int, _Weeks] = defaultdict(_Weeks)
    for row in week_rows(session, round_id):
        unit = weeks[row.unit_id]
        unit.net[row.week] = unit.net.get(row.week, 0) + row.accepted - row.taken_back
        unit.duplicates += row.duplicate_refused
    return weeks


def _total(units: Iterable[UnitStatus], weeks: Iterable[str]) -> UnitStatus:
    listed = list(units)

    def add(name: str) -> int:
        return sum(getattr(unit, name) for unit in listed)

    return UnitStatus(
        unit_id=0,
        name="",
        district_id=0,
        district_name="",
        n=add("n"),
        asked=add("asked"),
        ineligible=add("ineligible"),
        sent=add("sent"),
        waiting=add("waiting"),
        refused=add("refused"),
        duplicates=add("duplicates"),
        weekly={week: sum(unit.weekly.get(week, 0) for unit in listed) for week in weeks},
        moved=None,
        loose=any(unit.loose for unit in listed),
        known=all(unit.known for unit in listed),
    )


def status_board(session: Session, round_id: int, districts: frozenset[int] | None = None) -> StatusBoard:
    """Return how far the units have come, by district and name.

    Parameters
    ----------
    districts
        The districts the reader is limited to; None = the whole city.
    """
    counts, sizes = status_counts(session, round_id), frame_sizes(session, round_id)
    weekly, moved = _weekly(session, round_id), kept_at_old_unit(session, round_id)
    loose = get_round(session, round_id).loose_codes
    refusals = (InvitationStatus.REFUSED, InvitationStatus.OPTED_OUT, InvitationStatus.UNABLE)
    units = []
    for unit in round_units(session, round_id):
        if districts is not None and unit.district_id not in districts:
            continue
        own = {status: counts.get((unit.unit_id, status), 0) for status in InvitationStatus}
        ineligible = sum(own[status] for status in INELIGIBLE)
        sent = own[InvitationStatus.SENT]
        late = moved.get(unit.unit_id, 0)
        units.append(
            UnitStatus(
                unit_id=unit.unit_id,
                name=unit.name,
                district_id=unit.district_id,
                district_name=unit.district_name,
                n=sizes.get(unit.unit_id, 0) - ineligible,
                asked=sum(own.values()),
                ineligible=ineligible,
                sent=sent,
                waiting=own[InvitationStatus.OPEN],
                refused=sum(own[status] for status in refusals),
                duplicates=weekly[unit.unit_id].duplicates,
                weekly=weekly[unit.unit_id].net,
                moved=late if late > NOTED_SHARE * max(sent, 1) else None,
                loose=loose,
                known=not loose or unit.unit_id in sizes,
            )
        )
    units.sort(key=lambda unit: (sv_key(unit.district_name), sv_key(unit.name)))
    weeks = sorted({week for unit in units for week in unit.weekly})
    return StatusBoard(tuple(units), tuple(weeks), _total(units, weeks))
