"""What proxies think themselves is a question of its own in results, and moves nothing of what the person thinks."""

import math

import pytest
from sqlalchemy.orm import Session

from enkat.ballots.vocabulary import Helper, Mode, Respondent
from enkat.records.releases import ReleaseLevel
from enkat.services.ballots.answering import Answering, send
from enkat.services.ballots.code_entry import enter_code
from enkat.services.ballots.counting import count
from enkat.services.results.exporting import view_results
from enkat.services.results.figures import Figure
from enkat.services.results.groups import GroupKind
from enkat.services.results.sentences import sentence
from enkat.services.rounds.closing import close_round
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.rounds import small_round

SELVES, POSITIVE_SELVES, OWN_POSITIVE = 8, 6, 1


def counted(session: Session, clock: FixedClock, settings: Settings, proxies: int) -> dict[str, Figure]:
    """Count one unit: of the persons 6 of 8 and all proxied ones feel safe; of the proxies themselves one does."""
    secrets = Secrets(settings)
    opened = small_round(session, clock, settings, secrets, sizes={"BJÖ": SELVES + proxies})
    for number, code in enumerate(opened.codes):
        proxy = number >= SELVES
        answers = {"feels_safe": 1 if proxy or number < POSITIVE_SELVES else 5}
        if proxy:
            answers["feels_safe_own_view"] = 1 if number < SELVES + OWN_POSITIVE else 5
        keys = enter_code(
            session, clock, settings=settings, secrets=secrets, round_id=opened.round_id, typed=code, address=""
        ).keys
        respondent, helper = (Respondent.PROXY, Helper.RELATIVE) if proxy else (Respondent.SELF, Helper.NONE)
        answering = Answering(answers, Mode.WEB, respondent, helper)
        assert send(session, clock, round_id=opened.round_id, keys=keys, answering=answering).accepted
    close_round(session, clock, opened.round_id, None, early=True)
    private = opened.pair.private
    count(session, clock, opened.round_id, private=private, present=["Ada", "Bo"], account_id=None)
    view = view_results(session, None, opened.short_name, ReleaseLevel.ANALYST)
    (unit,) = [index for index, _group in view.groups(GroupKind.UNIT)]
    at = view.question_index
    return {name: view.figure(unit, at[name]) for name in ("feels_safe", "feels_safe_own_view")}


def positive(figure: Figure) -> int:
    """Return how many gave a positive answer."""
    return sum(option.count for option in figure.options if option.code in figure.asked.scale.positive)


@pytest.mark.one_database
def test_the_own_view_is_told_apart_and_the_persons_view_counts(
    session: Session, clock: FixedClock, app_settings: Settings
) -> None:
    figures = counted(session, clock, app_settings, 6)
    person, own = figures["feels_safe"], figures["feels_safe_own_view"]
    assert (person.answered, own.answered) == (SELVES + 6, 6)
    assert (positive(person), positive(own)) == (POSITIVE_SELVES + 6, OWN_POSITIVE)
    assert person.lo_clients > 0
    assert math.isnan(own.share)  # nobody knows how many proxies there are: nothing is said of the unit's clients
    assert (math.isnan(own.lo), own.lo_clients, own.population) == (True, -1, -1)
    assert sentence(own).startswith("Så fördelar sig svaren: ")


@pytest.mark.one_database
def test_where_proxies_are_too_few_nothing_of_their_own_view_is_left(
    session: Session, clock: FixedClock, app_settings: Settings
) -> None:
    figures = counted(session, clock, app_settings, 3)
    person, own = figures["feels_safe"], figures["feels_safe_own_view"]
    assert (person.answered, positive(person)) == (SELVES + 3, POSITIVE_SELVES + 3)
    assert own.answered <= 0
    assert positive(own) == 0
