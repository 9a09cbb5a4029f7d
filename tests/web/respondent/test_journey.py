"""A whole answer without script, from the letter's code to the thanks and back."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.ballots.ballot import Ballot
from enkat.ballots.sealing import open_ballot
from enkat.ballots.vocabulary import Helper, Mode, Respondent
from enkat.instruments.missing import Missing
from enkat.records.ballots import Draft, SealedBallot
from enkat.settings import Settings
from tests.clocks import FixedClock
from tests.factories.respondents import answer_all, enter, to_first_question
from tests.factories.rounds import SmallRound
from tests.factories.walking import Walker
from tests.serving import dispose, make_app

NOT_SHOWN = Missing.NOT_SHOWN.value
"""Stands where only whoever answers for another is asked."""


def opened_ballots(session: Session, opened: SmallRound) -> list[Ballot]:
    session.rollback()  # what the pages have written is read anew
    contents = session.scalars(select(SealedBallot.content)).all()
    return [Ballot.from_bytes(open_ballot(opened.pair.private, content)) for content in contents]


def test_an_answer_goes_from_the_code_to_the_sealed_ballot(
    walker: Walker, opened: SmallRound, session: Session
) -> None:
    walker.get("/")
    walker.get(walker.links()[next(text for text in walker.links() if "2026" in text)])
    assert walker.heading == "Skriv koden från brevet"
    walker.press("Fortsätt", {"code": opened.codes[0]})
    assert walker.heading.startswith("Frågorna gäller hemtjänst från ")
    assert "Du väljer själv om du vill svara." in walker.text
    walker.press("Börja")
    assert walker.heading == "Vem svarar på frågorna?"
    walker.press("Nästa", {"who": "self_helped"})
    assert walker.heading == "Vem hjälper till?"
    walker.press("Nästa", {"helper": "relative"})
    assert "Fråga 1 av" in walker.text
    answer_all(walker, lambda labels: next(iter(labels.values())))
    assert walker.heading == "Titta igenom dina svar"
    walker.press("Skicka mina svar")
    assert walker.heading == "Tack! Ditt svar har kommit fram."
    assert "08-123 45 10" in walker.text
    (ballot,) = opened_ballots(session, opened)
    assert (ballot.mode, ballot.respondent, ballot.helper) == (Mode.WEB, Respondent.SELF_HELPED, Helper.RELATIVE)
    assert set(ballot.vector) == {1, NOT_SHOWN}
    assert list(ballot.free_texts.values()) == ["De är snälla.\nTack!"]
    assert session.scalars(select(Draft)).all() == []


def test_everything_may_be_left_out(walker: Walker, opened: SmallRound, session: Session) -> None:
    enter(walker, opened).press("Börja").press("Nästa")
    assert walker.notice == "Du har inte svarat på frågan. Du får hoppa över den."
    assert not walker.title.startswith("Fel")
    walker.press("Hoppa över")
    notices = 0
    for _ in range(30):
        if "granska" in walker.path:
            break
        walker.press("Nästa")
        if walker.notice:
            notices += 1
            walker.press("Hoppa över")
    assert notices == 1  # who skips one question is not told again
    assert "Du har hoppat över 10 frågor. Det är okej." in walker.text
    walker.press("Skicka mina svar")
    (ballot,) = opened_ballots(session, opened)
    assert set(ballot.vector) == {-2, NOT_SHOWN}
    assert (ballot.respondent, ballot.helper) == (Respondent.SELF, Helper.NONE)


def test_an_answer_outlives_thirty_days_a_restart_and_the_device(
    app: Flask, walker: Walker, opened: SmallRound, app_settings: Settings, clock: FixedClock
) -> None:
    to_first_question(walker, opened)
    for _ in range(4):
        walker.press("Nästa", {"answer": next(iter(walker.choices().values()))})
    stopped_at = walker.heading
    dispose(app)
    clock.advance(days=30)
    restarted = make_app(app_settings, clock)
    other = enter(Walker(restarted.test_client()), opened)
    assert "Dina svar finns kvar" in other.text
    other.press("Fortsätt")
    assert other.heading == stopped_at
    assert "Fråga 5 av" in other.text
    dispose(restarted)


def test_a_pause_takes_the_keys_from_the_browser(walker: Walker, opened: SmallRound) -> None:
    to_first_question(walker, opened)
    first = walker.path
    walker.press("Spara och fortsätt en annan gång", {"answer": "1"})
    assert walker.heading == "Dina svar är sparade"
    walker.get(first)
    assert walker.heading == "Skriv koden från brevet"
    assert "Dina svar finns kvar" in walker.notice
    enter(walker, opened).press("Fortsätt")
    assert "Fråga 2 av" in walker.text


def test_an_answer_can_be_changed_from_the_review(walker: Walker, opened: SmallRound, session: Session) -> None:
    to_first_question(walker, opened)
    answer_all(walker, lambda labels: next(iter(labels.values())))
    change = next(address for text, address in walker.links().items() if text.startswith("Ändra: Hur blir"))
    walker.get(change)
    assert walker.chosen() == "1"
    walker.press("Spara", {"answer": "5"})
    assert walker.heading == "Titta igenom dina svar"
    walker.get(next(address for text, address in walker.links().items() if text.startswith("Ändra: Hur trygg")))
    walker.press("Ta bort mitt svar")
    assert walker.chosen() is None
    walker.get(f"/o/{opened.short_name}/granska").press("Skicka mina svar")
    (ballot,) = opened_ballots(session, opened)
    assert sorted(set(ballot.vector)) == [-2, NOT_SHOWN, 1, 5]


def test_language_and_face_are_kept_and_nothing_typed_is_lost(walker: Walker, opened: SmallRound) -> None:
    to_first_question(walker, opened)
    place = walker.path
    walker.press("English", {"answer": "2"})
    assert (walker.path, walker.chosen()) == (place, "2")
    assert walker.root.get("lang") == "en"
    assert walker.heading == "How well are you treated by the staff?"
    walker.press("Svenska").press("Lättläst")
    assert walker.heading == "Hur är personalen mot dig?"
    assert walker.root.get("class") == "easy"
    walker.press("Nästa")
    assert walker.root.get("class") == "easy"
    other = Walker(walker.client.application.test_client())
    enter(other, opened)
    assert other.root.get("class") == "easy"  # the draft remembers


def test_a_proxy_has_wording_of_their_own(walker: Walker, opened: SmallRound) -> None:
    enter(walker, opened).press("Börja").press("Nästa", {"who": "proxy"})
    assert walker.heading == "Vem är du som svarar?"
    assert "Personal från hemtjänsten" in walker.choices()
    walker.press("Nästa", {"helper": "provider_staff"})
    assert walker.heading == "Hur blir den du svarar för bemött av personalen?"


def test_a_sent_answer_can_be_taken_back_with_its_code(walker: Walker, opened: SmallRound, session: Session) -> None:
    to_first_question(walker, opened)
    answer_all(walker, lambda labels: next(iter(labels.values()))).press("Skicka mina svar")
    enter(walker, opened)
    assert walker.heading == "Ett svar med din kod har redan kommit fram"
    assert not walker.title.startswith("Fel")
    walker.press("Ta tillbaka och svara på nytt")
    assert "Ditt svar är borttaget" in walker.notice
    assert opened_ballots(session, opened) == []
    walker.press("Börja").press("Nästa", {"who": "self"})
    answer_all(walker, lambda labels: list(labels.values())[1]).press("Skicka mina svar")
    (ballot,) = opened_ballots(session, opened)
    assert set(ballot.vector) == {2, NOT_SHOWN}


def test_the_code_stands_in_no_address_cookie_or_page_after_it_is_typed(walker: Walker, opened: SmallRound) -> None:
    to_first_question(walker, opened)
    answer_all(walker, lambda labels: next(iter(labels.values()))).press("Skicka mina svar")
    code = opened.codes[0]
    assert all(code not in path and code not in page for path, page in walker.seen)
    cookies = [cookie.value for cookie in (walker.client._cookies or {}).values()]
    assert cookies
    assert all(code not in value for value in cookies)


def test_who_answers_for_another_is_asked_for_the_persons_view_and_an_own_one(
    walker: Walker, opened: SmallRound, session: Session
) -> None:
    enter(walker, opened).press("Börja").press("Nästa", {"who": "proxy"}).press("Nästa", {"helper": "relative"})
    presumed = "Svara så som du tror att personen själv skulle svara."
    asked: dict[str, str] = {}
    for _ in range(30):
        if "granska" in walker.path:
            break
        question = walker.path.rsplit("/", 1)[1]
        asked[question] = walker.text
        own = "own_view" in question or question.startswith("proxy_")
        walker.press("Nästa", {"answer": "2" if own else "1"} if walker.choices() else {})
    assert presumed in asked["feels_safe"]
    assert presumed not in asked["staff_treatment"] + asked["feels_safe_own_view"]
    assert "Svara nu så som du själv ser det." in asked["feels_safe_own_view"]
    assert list(asked).index("feels_safe_own_view") == list(asked).index("feels_safe") + 1
    assert "proxy_contact_known" in asked
    walker.press("Skicka mina svar")
    (ballot,) = opened_ballots(session, opened)
    assert ballot.respondent is Respondent.PROXY
    assert NOT_SHOWN not in ballot.vector
    assert sorted(ballot.vector) == [1] * 10 + [2] * 5


def test_going_from_proxy_to_self_leaves_the_own_view_out(walker: Walker, opened: SmallRound, session: Session) -> None:
    enter(walker, opened).press("Börja").press("Nästa", {"who": "proxy"}).press("Nästa", {"helper": "relative"})
    answer_all(walker, lambda labels: next(iter(labels.values())))
    walker.get(f"/o/{opened.short_name}/vem?back=granska").press("Nästa", {"who": "self"})
    assert walker.heading == "Titta igenom dina svar"
    assert "så som du själv ser det" not in walker.text
    walker.press("Skicka mina svar")
    (ballot,) = opened_ballots(session, opened)
    assert ballot.vector.count(NOT_SHOWN) == 5
