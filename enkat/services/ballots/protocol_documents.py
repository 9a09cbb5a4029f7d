"""Protocols for people: the facts as pairs of words, and as a PDF to sign."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from enkat.documents.pdf import compile_pdf
from enkat.records.retention import Protocol, ProtocolKind
from enkat.records.rounds import SurveyRound
from enkat.services.ballots.rounds import find_round
from enkat.services.faults import NotFoundFault
from enkat.services.keys.destroying import key_remains

TITLES: Mapping[ProtocolKind, str] = {
    ProtocolKind.KEYS: "Protokoll över nycklar",
    ProtocolKind.REHEARSAL: "Protokoll över övning",
    ProtocolKind.COUNT: "Protokoll över räkning",
    ProtocolKind.DESTRUCTION: "Protokoll över förstöring",
}
"""The kinds of protocol that the ballot box writes."""

_KEY_MAY_EXIST = (
    "Nyckeln kan ännu finnas. Den räknas som förstörd när så många nyckelhållare har förstört sina delar att resten "
    "inte räcker, ersatta delar medräknade."
)
_KEY_GONE = "Nyckeln är förstörd: för få delar finns kvar för att öppna en valsedel."


def title_of(protocol: Protocol) -> str:
    """Return a protocol's title; the box and the key are destroyed each in its time."""
    title = TITLES[protocol.kind]
    if protocol.kind is not ProtocolKind.DESTRUCTION:
        return title
    return f"{title} av {'urnan' if 'box_destroyed' in protocol.content else 'nyckeln'}"


def find_protocol(session: Session, round_id: int, protocol_id: int) -> Protocol:
    """Return a protocol of the ballot box; NotFoundFault where the round has none of that number."""
    found = session.get(Protocol, protocol_id)
    if found is None or found.round_id != round_id or found.kind not in TITLES:
        raise NotFoundFault("Protokollet finns inte. Välj ett i listan.")
    return found


def pairs_of(protocol: Protocol) -> list[tuple[str, str]]:
    """Return a protocol's facts as pairs of Swedish words and values."""
    makers = {
        ProtocolKind.KEYS: _key_pairs,
        ProtocolKind.REHEARSAL: _rehearsal_pairs,
        ProtocolKind.COUNT: _count_pairs,
        ProtocolKind.DESTRUCTION: _destruction_pairs,
    }
    return makers[protocol.kind](protocol.content)


def protocol_pdf(session: Session, round_id: int, protocol_id: int) -> bytes:
    """Return a protocol as a tagged PDF with lines for those present to sign."""
    protocol = find_protocol(session, round_id, protocol_id)
    survey_round = find_round(session, round_id)
    content = protocol.content
    return compile_pdf(
        "protocol",
        {
            "title": f"{title_of(protocol)}: {survey_round.title}",
            "practice": "Övning" if survey_round.practice else "",
            "footer": f"Protokoll {protocol.id} · SHA-256 {protocol.sha256}",
            "sentences": _sentences(session, survey_round, protocol),
            "pairs": [("Skrivet", protocol.written_on.isoformat()), *pairs_of(protocol)],
            "table_title": "Per enhet",
            "headings": ["Enhet", "Skickade", "Öppnade"],
            "rows": [[unit["name"], str(unit["sent"]), str(unit["opened"])] for unit in content.get("units", [])],
            "signers": list(content.get("present") or content.get("tested") or []),
        },
    )


def _sentences(session: Session, survey_round: SurveyRound, protocol: Protocol) -> list[str]:
    if protocol.kind not in {ProtocolKind.COUNT, ProtocolKind.DESTRUCTION}:
        return []
    return [_KEY_GONE if key_remains(session, survey_round.id).destroyed else _KEY_MAY_EXIST]


def _key_pairs(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    pairs = [
        ("Omgång", content["round"]),
        ("Öppen nyckel", content["public_key"]),
        ("Delar som behövs", f"{content['needed']} av {len(content['holders'])}"),
        ("Nyckelhållare", "; ".join(f"{holder['name']} (märke {holder['mark']})" for holder in content["holders"])),
    ]
    if "replaced" in content:
        pairs.append(("Byte", f"{content['successor']} tar över efter {content['replaced']}"))
        pairs.append(("Närvarande", ", ".join(content["present"])))
    return pairs


def _rehearsal_pairs(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        ("Övningssedlar låsta och öppnade", str(content["ballots"])),
        ("Prövade sin del", ", ".join(content["tested"])),
        ("Kvar att pröva", ", ".join(content["untested"]) or "ingen"),
    ]


def _count_pairs(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    levels = content["classes"]
    return [
        ("Omgång", content["round"]),
        ("Stängde", content["closes_on"]),
        ("Närvarande", ", ".join(content["present"])),
        ("Delar som behövs", str(content["needed"])),
        ("Skickade svar", str(content["sent"])),
        ("Valsedlar i urnan", str(content["in_box"])),
        ("Öppnade", str(content["opened"])),
        ("Oläsliga, räknades inte", str(content["unreadable"])),
        ("För få för att sparas", str(content["not_kept"])),
        ("Sparade svar", str(content["kept"])),
        ("Minsta grupp", str(content["smallest_class"] or "–")),
        ("Grupper", f"{levels['unit']} i enheter, {levels['district']} i stadsdelar, {levels['city']} i hela staden"),
        ("Fritexter att läsa", str(content["free_texts"])),
        ("Öppen nyckel", content["public_key"]),
    ]


def _destruction_pairs(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    if "box_destroyed" not in content:
        shares = "; ".join(f"{share['name']} ({share['on']})" for share in content["confirmed"])
        return [("Nyckeln", "förstörd"), ("Förstörda delar", shares)]
    return [
        ("Omgång", content["round"]),
        ("Raderade valsedlar", str(content["ballots_deleted"])),
        ("Säkerhetskopia som är återställd på prov", content["backup"]),
        ("Kopians kontrollsumma", content["backup_sha256"]),
        ("Hemligheten bakom koderna", "borttagen" if content["code_secret_removed"] else "finns kvar i miljön"),
        ("Rensning", content["wipe"]),
    ]
