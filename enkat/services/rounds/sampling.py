"""The draw: which of a sampled unit's people are asked, the same again from the same seed and frame."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from enkat.ballots.vocabulary import AgeGroup, Sex
from enkat.instruments.vocabulary import ServiceType


@dataclass(frozen=True, slots=True)
class FrameMember:
    """One form that the frame holds: a person at a unit, about a service."""

    client_id: int | None
    """None for the holder of a loose code."""
    reference: str
    unit_id: int
    unit_code: str
    service: ServiceType
    sex: Sex
    age_group: AgeGroup
    protected: bool

    @property
    def key(self) -> str:
        """What identifies the member in the frame and the draw, whatever the database's numbers."""
        return f"{self.unit_code}\t{self.reference}\t{self.service}"


def frame_hash(members: Iterable[FrameMember]) -> str:
    """Return the SHA-256 of the frame: every member with class, sorted; equal frames, equal hash."""
    lines = sorted(f"{member.key}\t{member.sex}\t{member.age_group}\n" for member in members)
    return hashlib.sha256("".join(lines).encode("utf-8")).hexdigest()


def _draw_number(seed: int, member: FrameMember) -> bytes:
    return hashlib.sha256(f"{seed}\t{member.key}".encode()).digest()


def draw(members: Sequence[FrameMember], sizes: Mapping[int, int], seed: int) -> list[FrameMember]:
    """Return who is asked: whole units, and of each sampled unit the members with the lowest draw numbers.

    A draw number is the SHA-256 of seed, unit, person and service: a simple random sample without replacement in each
    unit (the strata), which depends neither on order nor on the program's version.
    """
    by_unit: dict[int, list[FrameMember]] = {}
    for member in members:
        by_unit.setdefault(member.unit_id, []).append(member)
    asked: list[FrameMember] = []
    for unit_id, whole in by_unit.items():
        size = sizes.get(unit_id)
        if size is None or size >= len(whole):
            asked += whole
        else:
            asked += sorted(whole, key=lambda member: _draw_number(seed, member))[:size]
    return sorted(asked, key=lambda member: member.key)
