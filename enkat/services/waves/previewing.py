"""What a wave says before it is sent: the exact words by channel and language, and what speaks against sending them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from enkat.clock import Clock, local_date, today
from enkat.languages import LANGUAGES
from enkat.records.clients import ContactChannel
from enkat.records.rounds import SurveyRound
from enkat.records.waves import ContactWave
from enkat.records.waves_queries import MESSAGES, register_read_at
from enkat.services.letters.wording import letter_common
from enkat.services.waves.addressing import CODE_KINDS, may_message
from enkat.services.waves.register_check import FRESH_DAYS
from enkat.services.waves.sending import sender_name
from enkat.services.waves.wording import EXAMPLE_CODE, Wording, names_a_service, texts, word
from enkat.settings import Settings

LAST_DAYS = 5
"""A letter takes days: a reminder so close to the end may come after it."""


@dataclass(frozen=True)
class Preview:
    """One message as it will read, with an example of a code where it carries one."""

    channel: ContactChannel
    language: str
    sender: str
    wording: Wording


def previews(settings: Settings, round_: SurveyRound, wave: ContactWave) -> list[Preview]:
    """Return every e-mail and SMS that the wave may send: by channel, in the languages of the round."""
    if not may_message(wave.kind, codes_in_messages=round_.codes_in_messages):
        return []
    code = EXAMPLE_CODE if round_.codes_in_messages else None
    languages = [one for one in texts() if one == "sv" or one in round_.languages]
    languages.sort(key=lambda one: (one != "sv", LANGUAGES[one].swedish_name))
    wanted = [channel for channel in MESSAGES if wave.channel.value in {"wish", channel.value}]
    return [
        Preview(
            channel,
            LANGUAGES[language].swedish_name,
            sender_name(settings, channel),
            word(settings, round_, wave.kind, channel, language=language, code=code),
        )
        for channel in wanted
        for language in languages
    ]


def letter_opening(settings: Settings, round_: SurveyRound, wave: ContactWave) -> list[str]:
    """Return how the wave's letters begin, in Swedish; empty before the round is opened, when its promise is frozen."""
    if round_.promise is None or wave.channel.value in {"sms", "email"}:
        return []
    opening: list[str] = letter_common(settings, round_, CODE_KINDS[wave.kind], wave.planned_on)["opening"]
    return opening


def warnings(
    session: Session, clock: Clock, round_: SurveyRound, wave: ContactWave, shown: list[Preview]
) -> Iterator[str]:
    """Yield what speaks against sending a wave as it is, a sentence each."""
    for preview in shown:
        told = names_a_service(f"{preview.wording.subject} {preview.wording.body} {preview.sender}")
        if told is not None:
            yield (
                f"Meddelandet innehåller ”{told}”. Den som ser telefonen får veta vilken hjälp personen har. "
                "Välj ett annat kortnamn nästa gång, eller skicka utan kod."
            )
            break
    if round_.closes_on - wave.planned_on < timedelta(days=LAST_DAYS):
        yield "Omgången stänger om några dagar. Ett brev kan komma fram för sent."
    read = register_read_at(session)
    if read is None or (today(clock) - local_date(read)).days > FRESH_DAYS:
        when = f"senast {local_date(read).isoformat()}" if read else "inte alls"
        yield f"Registret lästes in {when}. Läs in ett nytt uttag före utskicket, så att ingen avliden får det."
