"""From what a scanner or a hand types to the code of a sheet: one round, the same throttle as on the web."""

import re
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from enkat.ballots.codes import CodeFaultKind
from enkat.ballots.derivation import CodeKeys
from enkat.clock import Clock
from enkat.records.rounds import RoundState, SurveyRound
from enkat.services.ballots.code_entry import CodeRefused, find_code
from enkat.services.ballots.throttling import Pause
from enkat.services.faults import ConflictFault, Fault
from enkat.settings import Secrets, Settings

_ADDRESS = re.compile(r"^.*/o/(?P<round>[^/#\s]+)#(?P<code>.+)$")
TAKES_PAPER = (RoundState.OPEN, RoundState.CLOSED)
_SENTENCES = {
    CodeFaultKind.LENGTH: (
        "Koden har 16 siffror i fyra grupper. Här är det {digits}. Läs av bladet igen, eller skriv koden för hand."
    ),
    CodeFaultKind.CHARACTERS: (
        "Koden har bara siffror. Läste läsaren av fel? Läs av bladet igen, eller skriv de 16 siffrorna för hand."
    ),
    CodeFaultKind.CHECK_DIGITS: ("Koden stämmer inte: någon siffra är fel. Jämför en grupp i taget med bladet."),
    CodeFaultKind.PERSONNUMMER: (
        "Det ser ut som ett personnummer. Vi behöver det inte och har inte sparat det. Skriv koden på bladet."
    ),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Where sheets of one round are scanned, and from where."""

    round_id: int
    short_name: str
    settings: Settings
    secrets: Secrets
    address: str
    pause: Pause = time.sleep


def require_paper(round_: SurveyRound) -> None:
    """Refuse sheets of a round that is not open, nor closed and waiting for its count."""
    if round_.state not in TAKES_PAPER:
        raise ConflictFault("Omgången tar inte emot papper nu: den är inte öppnad, eller redan räknad.")


def scan(session: Session, clock: Clock, desk: Desk, typed: str) -> tuple[CodeKeys, Row[Any]]:
    """Return the keys of a sheet's code and what it opens.

    A scanner types the address of the QR code, which names the round; a hand types the 16 digits.

    Raises
    ------
    Fault
        The sheet is another round's, digits are missing or wrong, or the code does not hold in this round.
    """
    address = _ADDRESS.match(typed.strip())
    if address and address["round"] != desk.short_name:
        raise Fault(
            f"Bladet hör till en annan omgång: {address['round'][:20]}. Här registreras {desk.short_name}. "
            "Lägg det i den andra omgångens hög.",
            "code",
        )
    digits = address["code"] if address else typed
    try:
        return find_code(
            session,
            clock,
            settings=desk.settings,
            secrets=desk.secrets,
            round_id=desk.round_id,
            typed=digits,
            address=desk.address,
            pause=desk.pause,
        )
    except CodeRefused as refused:
        if refused.kind is not None:
            number = sum(character.isdecimal() for character in digits)
            raise Fault(_SENTENCES[refused.kind].format(digits=number), "code") from None
        raise Fault(
            f"Koden gäller inte i {desk.short_name}. Jämför med bladet, och se efter vilken omgång som står på det. "
            "Stämmer båda är koden stoppad: lägg bladet för sig och fråga den som leder omgången.",
            "code",
        ) from None
