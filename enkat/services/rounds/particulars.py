"""What a round must have before it opens; each thing that is missing is a sentence that says what to do."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from enkat.instruments.catalogue import Catalogue
from enkat.records.retention import RecordKind
from enkat.records.rounds import SurveyRound
from enkat.records.rounds_queries import kinds_without_retention, present_holders
from enkat.services.rounds.bridges import missing_bridges
from enkat.services.rounds.composing import compose_all
from enkat.services.rounds.finding import get_round
from enkat.services.rounds.framing import FramePreview, build_frame

REQUIRED = {
    "responsible_board": "Ansvarig nämnd saknas. Skriv vilken nämnd som ansvarar för undersökningen.",
    "frame_source": "Källan till registret saknas. Skriv varifrån uppgifterna om brukarna kommer.",
    "legal_basis": "Rättslig grund saknas. Skriv den lag eller det beslut som undersökningen stödjer sig på.",
    "dpo_contact": "Kontakt till dataskyddsombudet saknas. Skriv telefon eller e-post.",
    "registry_number": "Diarienummer saknas. Skriv ärendets nummer i diariet.",
    "phone": "Telefonnummer saknas. Skriv numret dit den som fått brevet kan ringa.",
    "phone_hours": "Telefontider saknas. Skriv när någon svarar i telefonen.",
    "urgent_phone": "Numret för den som behöver hjälp nu saknas. Skriv det.",
    "complaint_phone": "Telefonnumret för klagomål och byte av utförare saknas. Skriv det.",
    "results_month": "Månaden då resultatet kommer saknas. Skriv den, till exempel ”mars 2027”.",
}
"""Texts that the letter, the pages or the law need."""

KIND_WORDS = {
    RecordKind.DRAFTS: "påbörjade svar",
    RecordKind.INVITATIONS: "inbjudningar",
    RecordKind.CODES: "koder",
    RecordKind.LETTER_FILES: "brevfiler",
    RecordKind.SEALED_BALLOTS: "låsta svar",
    RecordKind.ANSWERS: "räknade svar",
    RecordKind.FREE_TEXTS: "fritextsvar",
    RecordKind.TALLIES: "summor",
    RecordKind.RELEASES: "utlämnade tabeller",
    RecordKind.PROTOCOLS: "protokoll",
    RecordKind.REGISTER: "brukarregistret",
    RecordKind.IMPORTS: "inläsningar",
    RecordKind.AUDIT_DETAILS: "loggens detaljer",
    RecordKind.CONCERNS: "noterad oro",
    RecordKind.DIALOGUES: "anteckningar från dialog",
    RecordKind.CONTACTS: "utskickens listor och kontaktuppgifter",
}


def _texts(round_: SurveyRound) -> Iterator[str]:
    for name, sentence in REQUIRED.items():
        if name == "frame_source" and round_.loose_codes:
            continue
        if not getattr(round_, name).strip():
            yield sentence
    if not round_.staff_may_help and not round_.bookable_assistant.strip():
        yield (
            "Personalen får inte hjälpa till. Då måste det gå att boka en frågeassistent. "
            "Skriv hur man bokar, eller låt personalen hjälpa till."
        )


def _retention(session: Session, round_: SurveyRound) -> Iterator[str]:
    for kind in kinds_without_retention(session, round_.id):
        yield f"Gallringsregel saknas för {KIND_WORDS[kind]}. Lägg till en regel med beslut."


def _keys(session: Session, round_: SurveyRound) -> Iterator[str]:
    holders = present_holders(session, round_.id)
    if round_.public_key is None or len(holders) < round_.key_holders:
        yield f"Nycklarna är inte gjorda. Gör nycklar och dela ut dem till {round_.key_holders} innehavare."
        return
    for holder in holders:
        if holder.tested_on is None:
            yield f"{holder.name} har inte provat sin nyckeldel. Gör en provräkning där hen deltar."


def missing_particulars(
    session: Session, round_id: int, catalogue: Catalogue | None = None, frame: FramePreview | None = None
) -> list[str]:
    """Return what the round lacks before it may open, a Swedish sentence each; an empty list = it may open.

    Parameters
    ----------
    catalogue
        The definitions the round would open with. Left out: what depends on them (texts in promised languages and
        faces, bridges) is not looked at.
    frame
        The round's frame, where it is known already.
    """
    round_ = get_round(session, round_id)
    lacks = [*_texts(round_), *_retention(session, round_), *_keys(session, round_)]
    if not round_.instruments:
        lacks.append("Omgången frågar inte om någon insats. Välj minst en.")
    lacks += (frame or build_frame(session, round_id)).problems
    if catalogue is not None:
        instruments, sentences = compose_all(catalogue, round_)
        lacks += sentences
        lacks += missing_bridges(session, round_, instruments)
    return lacks
