"""What happens beside the straight way: wrong codes, two windows, a lost cookie, an old token, a closed round."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from enkat.ballots.codes import new_code
from enkat.ballots.vocabulary import Mode
from enkat.records.ballots import SealedBallot
from enkat.records.invitations import Invitation, InvitationCode, InvitationStatus, WeeklyCount
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.throttle import ThrottleBucket
from enkat.records.writing import DatabaseBusyError, writing
from enkat.web.respondent import journey as journeys
from tests.clocks import FixedClock
from tests.factories.respondents import answer_all, enter, send_all, to_first_question
from tests.factories.rounds import SmallRound
from tests.factories.walking import Walker

pytestmark = pytest.mark.one_database  # the whole journey runs on both


def change_round(session: Session, opened: SmallRound, **values: object) -> None:
    with writing(session):
        session.execute(update(SurveyRound).where(SurveyRound.id == opened.round_id).values(**values))


def failures(session: Session) -> int:
    session.rollback()
    return sum(session.scalars(select(ThrottleBucket.failures)))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Skriv koden från brevet."),
        ("1234", "Koden har 16 siffror i fyra grupper."),
        ("3456 7890 1234 abcd", "Koden har bara siffror."),
        ("3456 7890 1234 5678", "Koden stämmer inte."),
        ("19450312-1234", "Det ser ut som ett personnummer."),
    ],
)
def test_what_is_no_code_is_told_at_the_field(
    walker: Walker, opened: SmallRound, session: Session, typed: str, sentence: str
) -> None:
    walker.get(f"/o/{opened.short_name}").press("Fortsätt", {"code": typed})
    assert walker.status == 422
    assert walker.title.startswith("Fel: ")
    assert walker.fault.startswith(sentence)
    assert walker.text.count(walker.fault) == 2  # in the summary and at the field
    shown = walker.fields()["code"]
    assert shown == ("" if typed.startswith("1945") else typed)
    assert failures(session) == 0


def test_unknown_and_dead_codes_share_words_and_count_as_failures(
    walker: Walker, opened: SmallRound, session: Session
) -> None:
    with writing(session):
        dead = session.scalars(select(InvitationCode.invitation_id)).first()
        session.execute(update(InvitationCode).where(InvitationCode.invitation_id == dead).values(live=False))
    told = set()
    place = opened.invitation_ids.index(dead) if dead else 0
    for code in (new_code(), opened.codes[place]):
        walker.get(f"/o/{opened.short_name}").press("Fortsätt", {"code": code})
        told.add((walker.status, walker.fault))
    assert len(told) == 1
    assert failures(session) == 2


def test_a_code_may_be_pasted_spaced_and_in_arabic_digits(walker: Walker, opened: SmallRound) -> None:
    arabic = opened.codes[1].translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    walker.get(f"/o/{opened.short_name}").press("Fortsätt", {"code": f" {arabic[:4]}-{arabic[4:8]} {arabic[8:]}\n"})
    assert walker.heading.startswith("Frågorna gäller")


def test_a_round_that_closed_tells_its_date_to_who_has_a_code_only(
    walker: Walker, opened: SmallRound, clock: FixedClock
) -> None:
    to_first_question(walker, opened)
    clock.advance(days=31)
    walker.press("Nästa", {"answer": "1"})
    assert walker.heading == "Det går inte att svara längre"
    assert "Sista dagen att svara var 4 november 2026." in walker.text
    stranger = Walker(walker.client.application.test_client())
    assert "november" not in stranger.get(f"/o/{opened.short_name}/stangd").text
    assert stranger.heading == "Skriv koden från brevet"
    assert "Just nu finns inget att svara på." in stranger.get("/").text


def test_the_page_of_a_closed_round_is_not_shown_while_it_is_open(walker: Walker, opened: SmallRound) -> None:
    enter(walker, opened).get(f"/o/{opened.short_name}/stangd")
    assert walker.path == f"/o/{opened.short_name}"


def test_sending_from_two_windows_stores_one_answer_and_thanks_both(
    app: Flask, walker: Walker, opened: SmallRound, session: Session
) -> None:
    answer_all(to_first_question(walker, opened))
    path, fields = walker.path, walker.fields()
    cookies = dict(walker.client._cookies or {})
    walker.press("Skicka mina svar")
    again = Walker(app.test_client())
    again.client._cookies = cookies
    again._show(again.client.post(path, data=fields, follow_redirects=True))
    assert again.heading == "Tack! Ditt svar har kommit fram."
    session.rollback()
    assert len(session.scalars(select(SealedBallot)).all()) == 1
    assert session.scalars(select(WeeklyCount.duplicate_refused)).all() == [0]


def test_an_answer_on_paper_cannot_be_taken_back_on_the_web(
    walker: Walker, opened: SmallRound, session: Session
) -> None:
    with writing(session):
        session.execute(
            update(Invitation)
            .where(Invitation.id == opened.invitation_ids[0])
            .values(status=InvitationStatus.PAPER_RECEIVED)
        )
    enter(walker, opened)
    assert walker.heading == "Ett svar med din kod har redan kommit fram"
    assert "Ring 08-123 45 00." in walker.text
    assert not list(walker.main.iter("form"))


def test_two_windows_with_different_answers_are_both_shown(app: Flask, walker: Walker, opened: SmallRound) -> None:
    to_first_question(walker, opened)
    other = enter(Walker(app.test_client()), opened).get(walker.path)
    other.press("Nästa", {"answer": "2"})
    walker.press("Nästa", {"answer": "5"})
    assert walker.status == 409
    assert walker.heading == "Vilket svar ska gälla?"
    assert "Ganska bra" in walker.text
    assert "Mycket dåligt" in walker.text
    assert walker.chosen() is None
    question = walker.path
    walker.press("Nästa", {"pick": "mine"})
    assert "Fråga 2 av" in walker.text
    assert walker.get(question).chosen() == "5"


def test_an_older_window_does_not_undo_what_another_question_got(
    app: Flask, walker: Walker, opened: SmallRound
) -> None:
    to_first_question(walker, opened)
    first = walker.path
    other = enter(Walker(app.test_client()), opened).get(first)
    other.press("Nästa", {"answer": "2"}).press("Nästa", {"answer": "3"})
    second = other.seen[-2][0]
    walker.press("Nästa", {"answer": "2"})  # the same as in the other window: no conflict
    assert walker.chosen() == "3"
    assert walker.get(first).chosen() == "2"
    assert second != first


def test_a_changed_draft_is_shown_before_it_is_sent(app: Flask, walker: Walker, opened: SmallRound) -> None:
    to_first_question(walker, opened)
    first = walker.path
    answer_all(walker)
    enter(Walker(app.test_client()), opened).get(first).press("Nästa", {"answer": "5"})
    walker.press("Skicka mina svar")
    assert walker.status == 409
    assert walker.notice.startswith("Svaren har ändrats i ett annat fönster.")
    assert "Mycket dåligt" in walker.text
    assert walker.press("Skicka mina svar").heading.startswith("Tack!")


def test_a_lost_cookie_keeps_what_was_just_written(walker: Walker, opened: SmallRound) -> None:
    to_first_question(walker, opened)
    place = walker.path
    fields = walker.fields() | {"answer": "4"}
    walker.client._cookies = {}
    walker._show(walker.client.post(place, data=fields))
    assert walker.status == 403
    assert "Ditt svar finns kvar" in walker.notice
    walker.press("Fortsätt", {"code": "1234"})
    walker.press("Fortsätt", {"code": opened.codes[0]})
    assert (walker.path, walker.chosen()) == (place, "4")


def test_an_old_token_shows_the_page_again_with_the_answer(walker: Walker, opened: SmallRound) -> None:
    to_first_question(walker, opened)
    for token in ("", "x.y"):
        walker.press("Nästa", {"answer": "4", "csrf_token": token})
        assert walker.status == 400
        assert walker.chosen() == "4"
        assert not walker.title.startswith("Fel")
    walker.press("Nästa")
    assert "Fråga 2 av" in walker.text


def test_a_form_left_open_for_a_day_is_accepted(walker: Walker, opened: SmallRound, clock: FixedClock) -> None:
    to_first_question(walker, opened)
    clock.advance(hours=24)
    assert "Fråga 2 av" in walker.press("Nästa", {"answer": "1"}).text


def test_a_page_of_one_code_cannot_write_in_the_answer_of_another(walker: Walker, opened: SmallRound) -> None:
    to_first_question(walker, opened)
    place, fields = walker.path, walker.fields() | {"answer": "5"}
    to_first_question(walker, opened, 1)
    walker._show(walker.client.post(place, data=fields, follow_redirects=True))
    assert walker.status == 400
    assert walker.get(place).chosen() is None


def test_every_unsafe_address_refuses_a_bad_token(app: Flask, opened: SmallRound) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or set()) and str(rule.endpoint).startswith("respondent."):
            values = {"short_name": opened.short_name, "question_id": "staff_treatment"}
            path = rule.rule
            for name, value in values.items():
                path = path.replace(f"<{name}>", value)
            assert client.post(path, data={"csrf_token": "x"}).status_code in {303, 400, 403}, path


def test_too_long_a_text_is_kept_and_told(walker: Walker, opened: SmallRound) -> None:
    to_first_question(walker, opened)
    walker.get(f"/o/{opened.short_name}/fraga/tell_more").press("Nästa", {"answer": "å" * 1003})
    assert walker.status == 422
    assert walker.title.startswith("Fel: ")
    assert "Ta bort minst 3." in walker.fault
    assert walker.fields()["answer"] == "å" * 1003
    walker.press("Nästa", {"answer": "å" * 1000})
    assert walker.heading == "Titta igenom dina svar"


def test_a_choice_that_does_not_exist_is_refused(walker: Walker, opened: SmallRound) -> None:
    to_first_question(walker, opened).press("Nästa", {"answer": "77"})
    assert (walker.status, walker.fault) == (422, "Välj ett av svaren.")


@pytest.mark.parametrize("fault", [DatabaseBusyError("busy"), OperationalError("x", {}, Exception("disk full"))])
def test_a_busy_or_full_database_keeps_the_answer_on_the_page(
    walker: Walker, opened: SmallRound, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    to_first_question(walker, opened)

    def refuse(*_args: object, **_values: object) -> None:
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr(journeys, "save_draft", refuse)
        walker.press("Nästa", {"answer": "4"})
    assert walker.status == 503
    assert walker.response.headers["Retry-After"] == "5"
    walker.press("Försök igen")
    assert "Fråga 2 av" in walker.text


def test_a_practice_round_carries_its_watermark(walker: Walker, opened: SmallRound, session: Session) -> None:
    change_round(session, opened, practice=True)
    walker.get(f"/o/{opened.short_name}")
    assert "Övning. Svaren räknas inte." in walker.response.text.replace("<strong>", "").replace("</strong>", "")


def test_staff_who_may_not_help_are_told_so_but_never_refused(
    walker: Walker, opened: SmallRound, session: Session
) -> None:
    change_round(session, opened, staff_may_help=False, bookable_assistant="Ring 08-123 45 30 och boka.")
    enter(walker, opened).press("Börja").press("Nästa", {"who": "self_helped"})
    assert "Personalen som ger dig hjälp ska inte hjälpa till här." in walker.text
    assert "Ring 08-123 45 30 och boka." in walker.text
    assert "provider_staff" in walker.choices().values()


@pytest.mark.parametrize("state", [RoundState.PLANNED])
def test_a_planned_round_has_no_page(walker: Walker, opened: SmallRound, session: Session, state: RoundState) -> None:
    change_round(session, opened, state=state)
    assert walker.get(f"/o/{opened.short_name}").status == 404


def test_no_get_changes_anything(walker: Walker, opened: SmallRound, session: Session) -> None:
    send_all(walker, opened)
    enter(walker, opened)
    for part in ("", "/om", "/vem", "/hjalpare", "/granska", "/kommit-fram", "/tack", "/paus", "/stangd"):
        walker.get(f"/o/{opened.short_name}{part}")
    session.rollback()
    assert len(session.scalars(select(SealedBallot)).all()) == 1
    assert session.scalars(select(WeeklyCount.accepted).where(WeeklyCount.mode == Mode.WEB)).all() == [1]


def test_the_help_round_opens_on_the_day_it_says(
    walker: Walker, opened: SmallRound, session: Session, clock: FixedClock
) -> None:
    change_round(session, opened, opens_on=clock.now.date() + timedelta(days=2))
    enter(walker, opened)
    assert walker.heading == "Det går inte att svara än"
    assert "Du kan svara från 7 oktober 2026" in walker.text
