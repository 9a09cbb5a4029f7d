"""The words of messages: every language complete, short, and silent about the service; and the ways to people."""

from datetime import date
from itertools import product

import pytest

from enkat.ballots.codes import in_groups
from enkat.instruments.vocabulary import CLIENT_SERVICES, ServiceType
from enkat.records.clients import ContactChannel
from enkat.records.rounds import SurveyRound
from enkat.records.waves import WaveChannel, WaveKind
from enkat.services.waves.addressing import email_address, may_message, missing_channel, mobile_number, way_to
from enkat.services.waves.wording import BrokenTextsError, check_texts, language_of, names_a_service, texts, word
from enkat.settings import Environment, Settings

CODE = "4821777700001234"
SETTINGS = Settings(environment=Environment.TEST, city_name="Provstaden", public_url="https://enkat.provstaden.se/")
LETTER, SMS, EMAIL = ContactChannel.LETTER, ContactChannel.SMS, ContactChannel.EMAIL


def a_round(**changes: object) -> SurveyRound:
    facts = {
        "short_name": "var26",
        "title": "Vad tycker du om din hemtjänst?",
        "practice": False,
        "closes_on": date(2026, 11, 30),
        "languages": ["sv", "en", "fi", "ar"],
        "responsible_board": "Äldrenämnden",
        "phone": "08-123 45 00",
        "phone_hours": "vardagar 9–16",
    }
    return SurveyRound(**{**facts, **changes})


ALL = list(product(sorted(texts()), WaveKind, (SMS, EMAIL), (None, CODE)))


@pytest.mark.parametrize(("language", "kind", "channel", "code"), ALL)
def test_every_message_is_whole_and_names_neither_service_nor_title(
    language: str, kind: WaveKind, channel: ContactChannel, code: str | None
):
    made = word(SETTINGS, a_round(), kind, channel, language=language, code=code)
    text = f"{made.subject}\n{made.body}"
    assert "{" not in text
    assert names_a_service(text) is None
    assert "Vad tycker du om din" not in text
    assert "08-123 45 00" in made.body
    assert "Provstaden" in text
    assert ("https://enkat.provstaden.se/o/var26#" + CODE in made.body) == (code is not None)
    assert "enkat.provstaden.se" in made.body
    assert (in_groups(CODE) in made.body) == (code is not None and channel is EMAIL)
    if channel is SMS:
        assert made.parts <= (5 if language == "ar" else 2)
    else:
        assert 0 < len(made.subject) < 80


@pytest.mark.parametrize("language", sorted(texts()))
@pytest.mark.parametrize("channel", [SMS, EMAIL])
def test_a_reminder_begins_with_thanks_to_those_who_have_answered(language: str, channel: ContactChannel):
    made = word(SETTINGS, a_round(), WaveKind.REMINDER, channel, language=language, code=None)
    assert made.body.startswith(texts()[language]["already_answered"])


def test_the_swedish_reminder_has_the_agreed_words_and_an_invitation_has_not():
    thanks = "Har du redan svarat? Tack, då behöver du inte göra något."
    bodies = [word(SETTINGS, a_round(), kind, SMS, language="sv", code=CODE).body for kind in WaveKind]
    assert [body.startswith(thanks) for body in bodies] == [kind is WaveKind.REMINDER for kind in WaveKind]


def test_practice_is_marked():
    made = word(SETTINGS, a_round(practice=True), WaveKind.REMINDER, EMAIL, language="sv", code=None)
    assert made.subject.startswith("ÖVNING. ")
    assert made.body.startswith("ÖVNING. ")


@pytest.mark.parametrize(
    ("wanted", "offered", "written"),
    [
        ("fi", ["sv", "fi"], "fi"),
        ("fit", ["sv", "fi"], "fi"),  # Meänkieli falls back to Finnish
        ("fi", ["sv", "en"], "sv"),  # the round has no Finnish questions: Finnish words would lead to Swedish ones
        ("so", ["sv", "so"], "sv"),  # no file of words
        ("ar", ["sv", "ar"], "ar"),
        ("xx", ["sv"], "sv"),
    ],
)
def test_languages_fall_back(wanted: str, offered: list[str], written: str):
    assert language_of(wanted, a_round(languages=offered)) == written


def test_a_file_with_missing_or_unknown_texts_is_refused_by_name():
    own = texts()["sv"]
    with pytest.raises(BrokenTextsError, match=r"de.toml saknar text 'reminder_sms'"):
        check_texts("de", {name: text for name, text in own.items() if name != "reminder_sms"}, own)
    with pytest.raises(BrokenTextsError, match=r"de.toml har en okänd text 'greeting'"):
        check_texts("de", {**own, "greeting": "Hallo"}, own)
    with pytest.raises(BrokenTextsError, match=r"okänd plats {name}"):
        check_texts("de", {**own, "reminder_sms": "{name}"}, own)


@pytest.mark.parametrize("service", sorted(CLIENT_SERVICES))
def test_a_word_that_tells_the_service_is_found(service: ServiceType):
    assert names_a_service(f"Svara på {service.label}26") is not None
    assert names_a_service("o/hemtjanst26") == "hemtjanst"


def test_sms_parts():
    plain = word(SETTINGS, a_round(), WaveKind.INVITATION, SMS, language="sv", code=None)
    assert plain.parts == 1 + (len(plain.body) > 160)
    arabic = word(SETTINGS, a_round(), WaveKind.INVITATION, SMS, language="ar", code=None)
    assert arabic.parts == -(-len(arabic.body) // 67)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("070-123 45 67", "+46701234567"),
        ("0046 70 123 45 67", "+46701234567"),
        ("+46 (0)70-123 45 67", "+46701234567"),
        ("+358 40 123 4567", "+358401234567"),
        ("08-123 45 00", None),
        ("070-123", None),
        ("", None),
        (None, None),
    ],
)
def test_numbers_that_read_sms(written: str | None, number: str | None):
    assert mobile_number(written) == number


@pytest.mark.parametrize(
    ("wave", "wish", "way"),
    [
        (WaveChannel.WISH, SMS, SMS),
        (WaveChannel.WISH, EMAIL, EMAIL),
        (WaveChannel.WISH, LETTER, LETTER),
        (WaveChannel.LETTER, SMS, LETTER),
        (WaveChannel.SMS, SMS, SMS),
        (WaveChannel.SMS, EMAIL, None),
        (WaveChannel.SMS, LETTER, None),
        (WaveChannel.EMAIL, EMAIL, EMAIL),
    ],
)
def test_the_way_to_a_person(wave: WaveChannel, wish: ContactChannel, way: ContactChannel | None):
    assert way_to(wave, wish, "070-123 45 67", "a@b.se", may_message=True) is way
    without = way_to(wave, wish, "08-123 45 00", None, may_message=True)
    assert without is (LETTER if wave in {WaveChannel.WISH, WaveChannel.LETTER} else None)
    assert way_to(WaveChannel.WISH, wish, "070-123 45 67", "a@b.se", may_message=False) is LETTER


def test_an_invitation_without_code_says_nothing():
    assert not may_message(WaveKind.INVITATION, codes_in_messages=False)
    assert may_message(WaveKind.INVITATION, codes_in_messages=True)
    assert may_message(WaveKind.REMINDER, codes_in_messages=False)


def test_production_sends_nothing_through_channels_that_are_not_set_up():
    bare = Settings(environment=Environment.PRODUCTION)
    assert "ENKAT_SMTP_HOST" in (missing_channel(bare, EMAIL) or "")
    assert "ENKAT_SMS_URL" in (missing_channel(bare, SMS) or "")
    assert missing_channel(bare, LETTER) is None
    assert email_address("åsa@a.se") is None
