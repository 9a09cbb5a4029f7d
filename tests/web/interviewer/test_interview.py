"""An interview without script: from the list to the box, with no way back to what was said."""

import pytest
from sqlalchemy import select

from enkat.ballots.vocabulary import Helper, Mode, Respondent
from enkat.records.accounts import Role
from enkat.records.ballots import Draft
from enkat.records.calls import Wish
from enkat.records.concerns import Concern, ConcernSource
from enkat.records.invitations import Invitation, InvitationStatus
from enkat.records.organisations import Provider
from enkat.records.writing import writing
from enkat.services.interviews.profiles import set_profile
from enkat.services.rounds.closing import close_round
from tests.factories.accounts import make_account
from tests.factories.interviewing import ask_all, begin
from tests.web.interviewer.conftest import Asking


def test_an_interview_goes_from_the_list_to_the_sealed_ballot(asking: Asking) -> None:
    asking.book(0, phone="070-123 45 67", ask_for="Dottern Eva")
    walker = asking.walker().get("/intervju/")
    walker.get(walker.links()["Vad tycker du om din hjälp? 2026"])
    walker.get(next(address for text, address in walker.links().items() if text.startswith("Testperson")))
    assert "070-123 45 67" in walker.text
    assert "Dottern Eva" in walker.text
    walker.press_form("Börja intervjun")
    assert walker.heading == "Innan ni börjar"
    assert "Den som hjälper dig att svara får veta vad du svarar." in walker.text
    walker.press("Börja")
    assert walker.fault == "Välj vem som svarar."
    walker.press("Börja", {"who": "self"})
    assert walker.text.startswith("Föregående fråga Fråga 1 av 11")
    ask_all(walker)
    assert walker.heading == "Alla frågor är ställda"
    assert "Besvarade: 11. Vill inte svara: 0. Överhoppade: 0." in walker.text
    walker.press("Skicka svaren")
    assert walker.heading == "Tack! Svaren har kommit fram."
    (ballot,) = asking.ballots()
    assert (ballot.mode, ballot.respondent, ballot.helper) == (Mode.PHONE, Respondent.SELF, Helper.NONE)
    assert ballot.interviewer == str(asking.account.id)
    assert ballot.vector.count(1) == 10
    assert list(ballot.free_texts.values()) == ["Inget mer."]
    assert asking.session.scalars(select(Draft)).all() == []
    walker.press("Ny person")
    assert walker.heading == "Intervjuer"


def test_every_answer_has_a_key_and_what_is_not_said_is_typed(asking: Asking) -> None:
    walker = begin(asking.walker(), asking.book())
    keys = {field.get("data-key"): field.get("value") for field in walker.main.iter("input") if field.get("data-key")}
    assert keys == {"1": "1", "2": "2", "3": "3", "4": "4", "5": "5", "6": "-3", "9": "-4"}
    assert list(walker.choices())[-2:] == ["6. Vet inte", "9. Vill inte svara"]
    walker.press("Nästa", {"answer": "-4"}).press("Nästa", {"answer": "-3"}).press("Hoppa över")
    ask_all(walker).press("Skicka svaren")
    assert asking.ballots()[0].vector[:3] == (-4, -3, -2)


def test_the_question_is_read_again_and_the_probe_leads_nobody(asking: Asking) -> None:
    walker = begin(asking.walker(), asking.book())
    walker.press("Upprepa frågan", {"answer": "2"})
    assert walker.notice.startswith("Läs en gång till: Hur blir du bemött av personalen? Svaren är: Mycket bra, ")
    assert walker.chosen() == "2"
    assert "Det finns inget rätt eller fel. Vilket av svaren ligger närmast?" in walker.text
    walker.press("Nästa", {"answer": "17"})
    assert walker.fault == "Välj ett av svaren."


def test_nothing_chosen_is_told_and_going_back_shows_no_answer(asking: Asking) -> None:
    walker = begin(asking.walker(), asking.book())
    walker.press("Nästa")
    assert walker.notice == "Inget svar är valt. Välj ett, eller tryck på Hoppa över."
    walker.press("Nästa", {"answer": "3"}).get(walker.links()["Föregående fråga"])
    assert "Fråga 1 av" in walker.text
    assert walker.chosen() is None
    walker.press("Nästa")  # keeps what was said
    ask_all(walker).press("Skicka svaren")
    assert asking.ballots()[0].vector[0] == 3


def test_a_visit_by_an_assistant_is_told_as_help_and_as_a_visit(asking: Asking) -> None:
    assistant = asking.assistant()
    call = asking.book(0, Wish.VISIT, interviewer_id=assistant.id)
    ask_all(begin(asking.walker(assistant), call)).press("Skicka svaren")
    (ballot,) = asking.ballots()
    assert (ballot.mode, ballot.respondent, ballot.helper) == (
        Mode.INTERVIEWER,
        Respondent.SELF_HELPED,
        Helper.ASSISTANT,
    )


def test_a_proxy_is_asked_in_their_own_words_for_both_views(asking: Asking) -> None:
    walker = begin(asking.walker(), asking.book(), "proxy", "guardian")
    asked: dict[str, str] = {}
    for _ in range(30):
        if walker.path.endswith("/slut"):
            break
        question = walker.path.rsplit("/", 1)[1]
        asked[question] = walker.text
        walker.press("Nästa", {"answer": "2" if "own_view" in question else "1"})
    assert "Hur blir den du svarar för bemött" in asked["staff_treatment"]
    assert "Hur tror du att personen själv skulle svara?" in asked["feels_safe"]
    assert "Svara nu så som du själv ser det." in asked["feels_safe_own_view"]
    walker.press("Skicka svaren")
    (ballot,) = asking.ballots()
    assert (ballot.respondent, ballot.helper) == (Respondent.PROXY, Helper.GUARDIAN)
    assert ballot.vector.count(2) == 2


def test_english_is_one_button_away_and_is_the_answers_language(asking: Asking) -> None:
    walker = asking.walker().get(asking.book(language="en"))
    walker.press_form("Börja intervjun").press("Begin", {"who": "self"})
    assert "Question 1 of 11" in walker.text
    walker.press("Svenska", {"answer": "4"})
    assert "Fråga 1 av 11" in walker.text
    assert walker.chosen() == "4"
    walker.press("English")
    for _ in range(30):
        if walker.path.endswith("/slut"):
            break
        walker.press("Skip")
    walker.press("Send the answers")
    assert asking.ballots()[0].language == "en"


def test_a_concern_is_noted_for_the_unit_and_the_interview_goes_on(asking: Asking) -> None:
    walker = begin(asking.walker(), asking.book())
    at = walker.path
    link = next(one for one in walker.root.iter("a") if (one.text or "") == "Det här oroar mig")
    walker.get(str(link.get("href")))
    assert "ring 112" in walker.text
    walker.press("Notera oron")
    assert walker.fault == "Skriv kort vad som oroar dig."
    walker.press("Notera oron", {"description": "Det finns ingen mat hemma."})
    assert walker.path == at
    assert "Oron är noterad." in walker.text
    asking.session.rollback()
    concern = asking.session.scalars(select(Concern)).one()
    unit_id = asking.session.get_one(Invitation, asking.opened.invitation_ids[0]).unit_id
    assert (concern.unit_id, concern.source, concern.registered_by_id) == (
        unit_id,
        ConcernSource.PHONE,
        asking.account.id,
    )


def test_an_interview_that_is_broken_off_leaves_nothing(asking: Asking) -> None:
    call = asking.book()
    walker = begin(asking.walker(), call).press("Nästa", {"answer": "1"})
    walker.press_form("Avbryt intervjun och ta bort svaren")
    assert walker.heading == "Intervjuer"
    asking.session.rollback()
    assert asking.session.scalars(select(Draft)).all() == []
    assert asking.ballots() == []
    assert "Fråga 1 av" in begin(walker, call).text


def test_somebody_who_answered_meanwhile_keeps_that_answer(asking: Asking) -> None:
    walker = begin(asking.walker(), asking.book())
    with writing(asking.session):
        asking.session.get_one(Invitation, asking.opened.invitation_ids[0]).status = InvitationStatus.SENT
    walker.press("Nästa", {"answer": "1"})
    assert walker.heading == "Intervjuer"
    assert "Personen har redan svarat på annat sätt." in walker.text


def test_a_round_that_closes_ends_the_interview_in_words(asking: Asking) -> None:
    walker = begin(asking.walker(), asking.book())
    close_round(asking.session, asking.clock, asking.opened.round_id, None, early=True)
    walker.press("Nästa", {"answer": "1"})
    assert "Undersökningen tar inte emot svar nu." in walker.text


def test_the_own_provider_is_refused_before_a_word_is_asked(asking: Asking) -> None:
    provider = asking.session.scalars(select(Provider)).one()
    set_profile(
        asking.session,
        asking.clock,
        asking.account.id,
        organisation=provider.name,
        provider_id=provider.id,
        by=None,
    )
    walker = asking.walker().get(asking.book())
    walker.press_form("Börja intervjun")
    assert "arbetar hos Provkommunens hemtjänst" in walker.text


@pytest.mark.parametrize("role", [Role.ROUND_MANAGER, Role.ANALYST, Role.ADMINISTRATOR, Role.KEY_HOLDER])
def test_nobody_else_may_ask(asking: Asking, role: Role) -> None:
    account = make_account(asking.session, asking.clock, role)
    client = asking.walker(account).client
    assert client.get("/intervju/").status_code == 403
    assert client.get(asking.book()).status_code == 403


@pytest.mark.parametrize(
    ("outcome", "more", "told"),
    [
        ("no_answer", {}, "Det är noterat."),
        ("call_back", {}, "Skriv vilken dag personen vill bli uppringd."),
        ("call_back", {"call_on": "2026-10-06", "call_from": "9"}, "Skriv klockslaget som 09:30."),
        ("call_back", {"call_on": "2026-10-06", "call_from": "09:30"}, "Det är noterat."),
        ("interviewed", {}, "Not a valid choice"),
        ("", {}, "Välj hur det gick."),
    ],
)
def test_outcomes_are_noted_or_told(asking: Asking, outcome: str, more: dict[str, str], told: str) -> None:
    walker = asking.walker().get(asking.book())
    walker.press("Spara", {"outcome": outcome, **more} if outcome else {})
    assert told in walker.text or told == "Not a valid choice"
    assert ("Det är noterat." in walker.text) is (told == "Det är noterat.")
