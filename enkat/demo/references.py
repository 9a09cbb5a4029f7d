"""What the demo city's results are held against: the year's targets, an invented national survey, an old survey."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.demo.cities import LATER, YEARS
from enkat.demo.truth import Year
from enkat.records.targets import TargetScope
from enkat.services.external_series.keeping import HEADINGS, add_series, import_figures
from enkat.services.rounds.historic import FigureRow, add_historic_round, replace_figures
from enkat.services.targets.setting import NewTarget, set_target

TARGETS: Final = {"feels_safe": "85", "staff_treatment": "90", "wishes_respected": "85"}
RESPONSE_TARGET: Final = "60"
DECISION: Final = "Verksamhetsplan {year}, ÄN {year}/12 (exempel)"
NATIONAL: Final = {
    "feels_safe": "Hur tryggt eller otryggt känns det att bo hemma med stöd från hemtjänsten?",
    "overall_satisfaction": "Hur nöjd eller missnöjd är du sammantaget med din hemtjänst?",
}
NATIONAL_YEARS: Final = (2023, 2024, 2025)
SMALLEST: Final = 30
"""Units with fewer clients have no figure of their own in the national survey."""
OLD: Final = {"feels_safe": "82", "staff_treatment": "88", "overall_satisfaction": "79"}


def set_targets(session: Session, clock: Clock, year: int, account_id: int) -> None:
    """Set a year's targets for every unit and for the city."""
    decision = DECISION.format(year=year)
    for question, percent in TARGETS.items():
        for scope in (TargetScope.CITY, TargetScope.UNIT):
            new = NewTarget(year, scope, percent, decision, question_id=question)
            set_target(session, clock, new, questions=TARGETS, account_id=account_id)
    rate = NewTarget(year, TargetScope.UNIT, RESPONSE_TARGET, decision)
    set_target(session, clock, rate, questions=TARGETS, account_id=account_id)


def add_old_survey(session: Session, clock: Clock, account_id: int) -> None:
    """Enter a survey that was made before the program: levels of the city, without numbers of answers."""
    made = add_historic_round(
        session,
        clock,
        title="Brukarundersökning 2018",
        year=2018,
        source="Rapport ÄN 2018/77 (påhittad)",
        account_id=account_id,
    )
    rows = [(number, FigureRow(question, share)) for number, (question, share) in enumerate(OLD.items(), 2)]
    replace_figures(session, clock, made.id, rows, questions=OLD, account_id=account_id)


def add_national_survey(session: Session, clock: Clock, year: Year, account_id: int) -> None:
    """Enter an invented national survey: near what the city's people think, asked otherwise and of others."""
    made = add_series(
        session,
        clock,
        title="Nationell undersökning (påhittad)",
        publisher="En påhittad myndighet",
        source="Påhittade siffror för demon. Frågar bara dem som är 65 år eller äldre, varje vår.",
        account_id=account_id,
    )
    rows = list(enumerate(_national_rows(year), 2))
    import_figures(session, clock, made.id, rows, questions=NATIONAL, account_id=account_id)


def _national_rows(year: Year) -> Iterator[dict[str, str]]:
    rng = np.random.default_rng(LATER)
    for question, indicator in NATIONAL.items():
        of_units, of_city = year.true_shares(question)
        for asked in NATIONAL_YEARS:
            head = {"År": str(asked), "Fråga": indicator, "Kärnfråga": question}
            yield _row(head, of_city)
            for plan, share in zip(year.city.units, of_units, strict=True):
                size = min(plan.sizes.get(one, 0) for one in YEARS)
                if size >= SMALLEST and not np.isnan(share):
                    n = size // 2
                    yield _row({**head, "Enhet": plan.code, "Antal svar": str(n)}, rng.binomial(n, share) / n)


def _row(cells: dict[str, str], share: float) -> dict[str, str]:
    whole = {**cells, "Andel": f"{max(round(100 * share), 2)} %"}
    return {heading: whole.get(heading, "") for heading in HEADINGS}
