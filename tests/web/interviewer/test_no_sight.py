"""Nobody who asks can come back to what was answered: not by any address, not on a tablet that others use."""

from collections.abc import Iterator

from flask import Flask
from sqlalchemy import select

from enkat.records.accounts import Role, StaffSession
from enkat.records.calls import Wish
from tests.factories.accounts import make_account
from tests.factories.interviewing import ask_all, begin
from tests.factories.walking import Walker
from tests.web.interviewer.conftest import Asking

SECRET_WORDS = "Det här sa jag bara till dig."


def addresses(app: Flask, asking: Asking, call: str) -> Iterator[str]:
    """Yield every address of interviewers and respondents that can be opened, with this round's values."""
    instrument = ["feels_safe", "staff_treatment", "tell_more"]
    key = call.rsplit("/", 1)[1]
    for rule in app.url_map.iter_rules():
        audience = rule.endpoint.partition(".")[0]
        if audience not in {"interviewer", "respondent"} or "GET" not in (rule.methods or set()):
            continue
        for question in instrument if "question_id" in rule.arguments else [""]:
            path = rule.rule
            for name, value in (
                ("<short_name>", asking.opened.short_name),
                ("<key>", key),
                ("<question_id>", question),
            ):
                path = path.replace(name, value)
            if "<" not in path:
                yield path


def answered(walker: Walker) -> Walker:
    """Ask everything with a choice and words that can be told again."""
    return ask_all(walker, lambda _question, choices: list(choices.values())[3], SECRET_WORDS)


def assert_nothing_is_told(walker: Walker, app: Flask, asking: Asking, call: str) -> None:
    """Open every address and look for the words and for a chosen answer."""
    seen = list(addresses(app, asking, call))
    assert len(seen) > 20
    for path in seen:
        walker.get(path)
        assert SECRET_WORDS not in walker.response.text, path
        assert "<main" not in walker.response.text or walker.chosen() is None, path


def test_no_address_shows_an_answer_during_or_after_an_interview(app: Flask, asking: Asking) -> None:
    call = asking.book()
    walker = answered(begin(asking.walker(), call))
    assert_nothing_is_told(walker, app, asking, call)
    walker.get("/intervju/slut").press("Skicka svaren")
    assert len(asking.ballots()) == 1
    assert_nothing_is_told(walker, app, asking, call)
    walker.get("/intervju/klart").press("Ny person")
    assert_nothing_is_told(walker, app, asking, call)


def test_the_next_person_on_a_tablet_meets_no_trace_and_no_list(app: Flask, asking: Asking) -> None:
    assistant = asking.assistant()
    call = asking.book(0, Wish.VISIT, interviewer_id=assistant.id)
    asking.book(1, Wish.VISIT, interviewer_id=assistant.id)
    walker = asking.walker(assistant).get(call)
    walker.press_form("Börja intervjun", {"tablet": "1"})
    walker.get(f"/intervju/{asking.opened.short_name}/lista")
    assert walker.heading == "Innan ni börjar"  # whoever holds the tablet sees no list
    walker.press("Börja", {"who": "self"})
    answered(walker).press("Skicka svaren")
    walker.get("/intervju/")
    assert walker.heading == "Tack! Svaren har kommit fram."
    walker.press("Ny person")
    assert walker.heading == "Surfplattan är tom"
    assert '"cache"' in walker.client.get("/intervju/tom").headers.get("Clear-Site-Data", '"cache"')
    left = {name for name in ("enkat_interview", "enkat_answer", "enkat_staff", "enkat_lang", "enkat_face")
            if walker.client.get_cookie(name) is not None}  # fmt: skip
    assert left == set()
    asking.session.rollback()
    assert asking.session.scalars(select(StaffSession)).all() == []
    assert_nothing_is_told(walker, app, asking, call)
    walker.get("/intervju/")
    assert walker.heading == "Logga in"


def test_a_tablet_is_lent_only_by_an_account_that_can_do_nothing_else(asking: Asking) -> None:
    both = make_account(asking.session, asking.clock, Role.INTERVIEWER, Role.ANALYST)
    walker = asking.walker(both).get(asking.book(0, Wish.VISIT))
    assert "min surfplatta" not in walker.text
    walker.press_form("Börja intervjun", {"tablet": "1"})
    assert "Logga in med ett konto som bara får fråga" in walker.text


def test_an_interview_belongs_to_whoever_began_it(asking: Asking) -> None:
    walker = answered(begin(asking.walker(), asking.book()))
    cookie = walker.client.get_cookie("enkat_interview")
    assert cookie is not None
    other = asking.walker(make_account(asking.session, asking.clock, Role.INTERVIEWER))
    other.client.set_cookie("enkat_interview", cookie.value)
    assert other.get("/intervju/slut").heading == "Intervjuer"
