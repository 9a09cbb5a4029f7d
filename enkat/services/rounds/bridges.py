"""Bridges: where a core question differs from the last round's, somebody says how far the two compare, and why."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from enkat.instruments.comparability import Comparability, CoreDifference, core_differences
from enkat.instruments.instrument import Instrument
from enkat.instruments.snapshot import cached
from enkat.instruments.vocabulary import ServiceType
from enkat.records.rounds import RoundBridge, RoundState, SurveyRound
from enkat.records.rounds_queries import snapshots_of
from enkat.records.writing import writing
from enkat.services.faults import Fault
from enkat.services.rounds.finding import get_round, require_state


def differences_from_last(
    session: Session, round_: SurveyRound, instruments: Mapping[ServiceType, Instrument]
) -> dict[str, list[CoreDifference]]:
    """Return what differs in core questions from the previous round, by question id, over all services both ask."""
    found: dict[str, list[CoreDifference]] = {}
    if round_.previous_round_id is None or round_.practice:
        return found
    for service, before in snapshots_of(session, round_.previous_round_id).items():
        if service not in instruments:
            continue
        for difference in core_differences(cached(before.sha256, before.content), instruments[service]):
            found.setdefault(difference.question_id, []).append(difference)
    return found


def missing_bridges(session: Session, round_: SurveyRound, instruments: Mapping[ServiceType, Instrument]) -> list[str]:
    """Return a Swedish sentence for each changed core question that nobody has declared a comparability for."""
    declared = {bridge.question_id for bridge in round_.bridges}
    return [
        f"{differences[0].message} Säg hur den kan jämföras med förra omgången, och varför."
        for question_id, differences in differences_from_last(session, round_, instruments).items()
        if question_id not in declared
    ]


def declare_bridge(
    session: Session, round_id: int, question_id: str, comparability: Comparability, reason: str
) -> RoundBridge:
    """Declare how a core question compares with the earlier round's; a later declaration replaces an earlier one."""
    if not reason.strip():
        raise Fault("Skriv varför frågan kan jämföras så, och vem som har bedömt det.", "reason")
    with writing(session):
        round_ = get_round(session, round_id)
        require_state(round_, RoundState.PLANNED)
        bridge = session.merge(
            RoundBridge(round_id=round_id, question_id=question_id, comparability=comparability, reason=reason.strip())
        )
        session.flush()
        session.expire(round_, ["bridges"])
    return bridge
