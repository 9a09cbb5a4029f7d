"""What happens after a round, and whom to ask: what is true of the round that a unit's report is about."""

from datetime import date
from typing import Final

from enkat.records.round_kinds import RoundKind
from enkat.records.rounds import SurveyRound
from enkat.services.rounds.planning import next_due_year
from enkat.services.rounds.promise import written_date
from enkat.services.rounds.yearwheel import publish_day

ADVICE: Final = (
    "Läs resultatet tillsammans med medarbetarna. Vad är ni nöjda med, och vad förvånar er?",
    "Berätta för brukarna vad de har svarat. Det finns ett blad att dela ut för varje enhet.",
    "Bestäm vad ni ska göra, vem som gör det och när det ska vara klart.",
)


OFTEN: Final = {1: "varje år", 2: "vartannat år", 3: "vart tredje år", 4: "vart fjärde år", 5: "vart femte år"}


def what_next(survey_round: SurveyRound, published: date | None) -> list[str]:
    """Say when the public is or was told, and when the next round is due; nothing is promised of other surveys.

    Parameters
    ----------
    survey_round : SurveyRound
    published : date or None
        When the public results were first released.
    """
    if survey_round.practice:
        return ["Omgången är en övning. Inget av den lämnas ut."]
    told = published is not None or bool(survey_round.results_month)
    said = [_release(survey_round, published)] if told or survey_round.kind is RoundKind.USER_SURVEY else []
    years = survey_round.interval_years
    often = OFTEN.get(years, f"vart {years}:e år")
    said.append(f"Undersökningen görs {often}. Nästa omgång är {next_due_year(survey_round)}.")
    return said


def _release(survey_round: SurveyRound, published: date | None) -> str:
    if published is not None:
        return f"Resultatet för allmänheten lämnades ut {written_date(published, 'sv')}."
    if survey_round.results_month:
        return f"Resultatet för allmänheten kommer i {survey_round.results_month}. Fram till dess är rapporten intern."
    day = written_date(publish_day(survey_round), "sv")
    return f"Resultatet för allmänheten ska lämnas ut senast {day}. Fram till dess är rapporten intern."


def whom_to_ask(survey_round: SurveyRound) -> list[str]:
    """Say who answers for the round and how to reach them, as far as the round names them."""
    said = []
    if survey_round.responsible_board:
        said.append(f"{survey_round.responsible_board} ansvarar för undersökningen.")
    if survey_round.phone:
        hours = f" ({survey_round.phone_hours})" if survey_round.phone_hours else ""
        said.append(f"Frågor om rapporten? Ring {survey_round.phone}{hours}.")
    if survey_round.dpo_contact:
        said.append(f"Frågor om personuppgifter: {survey_round.dpo_contact}.")
    if survey_round.registry_number:
        said.append(f"Diarienummer: {survey_round.registry_number}.")
    return said
