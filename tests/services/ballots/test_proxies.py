"""What proxies say for themselves: kept only where every answer of the class is a proxy's."""

from dataclasses import replace

from enkat.ballots.ballot import Ballot
from enkat.ballots.vocabulary import AgeGroup, Helper, KeptWho, Mode, Respondent, Sex
from enkat.instruments.instrument import Instrument
from enkat.instruments.missing import Missing
from enkat.instruments.routing import vector
from enkat.instruments.vocabulary import ServiceType
from enkat.services.ballots.tabulating import CountedRows, tabulate
from tests.factories.ballots import small_instrument

NOT_SHOWN = Missing.NOT_SHOWN.value


def asking_proxies() -> Instrument:
    """Return an instrument whose first question a proxy answers twice."""
    base = small_instrument()
    first = base.questions[0]
    own = replace(first, id="feels_safe_own_view", source=base.id, only_proxy=True)
    return replace(base, questions=(first, own, *base.questions[1:]))


def ballot(instrument: Instrument, who: Respondent, helper: Helper, unit: str = "1") -> Ballot:
    """Return a ballot in which a proxy is happier than they think that the person is."""
    answers: dict[str, int | str] = {question.id: 2 for question in instrument.choice_questions}
    answers["feels_safe_own_view"] = 5
    return Ballot(
        unit,
        "1",
        ServiceType.HOME_CARE,
        AgeGroup.FROM_80,
        Sex.WOMAN,
        "h",
        Mode.PHONE if who is Respondent.PROXY else Mode.WEB,
        who,
        helper,
        "sv",
        tuple(vector(instrument, answers, proxy=who is Respondent.PROXY)),
    )


def counted(selves: int, proxies: int, *, helper: Helper = Helper.RELATIVE, with_staff: int = 0) -> CountedRows:
    """Tabulate a unit with so many answers of each kind."""
    instrument = asking_proxies()
    ballots = [ballot(instrument, Respondent.SELF, Helper.NONE) for _ in range(selves)]
    ballots += [ballot(instrument, Respondent.PROXY, helper) for _ in range(proxies)]
    ballots += [ballot(instrument, Respondent.SELF_HELPED, Helper.PROVIDER_STAFF) for _ in range(with_staff)]
    return tabulate(1, ballots, {"h": instrument})


def said(rows: CountedRows, question: str) -> dict[str, dict[int, int]]:
    """Return the tally of a question by who answered."""
    who = {row["id"]: row["who"] for row in rows.classes}
    found: dict[str, dict[int, int]] = {}
    for row in rows.tallies:
        if row["question_id"] == question:
            found.setdefault(who[row["kept_class_id"]], {})[row["code"]] = row["n"]
    return found


def test_where_proxies_are_enough_the_persons_view_counts_and_the_own_view_stands_apart() -> None:
    rows = counted(8, 5)
    assert said(rows, "feels_safe") == {KeptWho.SELF: {2: 8}, KeptWho.PROXY: {2: 5}}
    assert said(rows, "feels_safe_own_view") == {KeptWho.SELF: {NOT_SHOWN: 8}, KeptWho.PROXY: {5: 5}}


def test_where_proxies_joined_the_others_their_own_view_would_tell_them_apart_and_goes() -> None:
    rows = counted(8, 3)
    assert said(rows, "feels_safe") == {KeptWho.SELF_OR_PROXY: {2: 11}}
    assert said(rows, "feels_safe_own_view") == {KeptWho.SELF_OR_PROXY: {NOT_SHOWN: 11}}
    assert len({row["vector"] for row in rows.answers}) == 1


def test_with_the_providers_staff_a_proxy_is_not_told_from_a_helper() -> None:
    rows = counted(8, 2, helper=Helper.PROVIDER_STAFF, with_staff=4)
    assert said(rows, "feels_safe_own_view")[KeptWho.WITH_STAFF] == {NOT_SHOWN: 6}


def test_how_answers_came_in_says_nothing_of_what_only_proxies_are_asked() -> None:
    rows = counted(8, 6)
    assert {row["question_id"] for row in rows.collection} == {"feels_safe", "is_heard", "home_care_0"}
