"""The words of e-mail and SMS: short, in the person's language, without service, unit or title of the round."""

import string
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from enkat.ballots.codes import in_groups
from enkat.instruments.vocabulary import CLIENT_SERVICES
from enkat.languages import LANGUAGES
from enkat.records.clients import ContactChannel
from enkat.records.rounds import SurveyRound
from enkat.records.waves import WaveKind
from enkat.services.letters.wording import code_address, typed_address
from enkat.services.rounds.practice import WATERMARK
from enkat.services.rounds.promise import written_date
from enkat.settings import Settings

FOLDER: Final = Path(__file__).with_name("texts")
PLACES: Final = frozenset(
    {"city", "date", "phone", "hours", "link", "address", "code", "how", "already_answered", "board"}
)
GSM_ALPHABET: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The signs of GSM 03.38: with any other one an SMS holds 70 signs, not 160."""
GSM_EXTRA: Final = frozenset("^{}\\[~]|€")
_ONE: Final = {True: 160, False: 70}
_SEVERAL: Final = {True: 153, False: 67}
CARE_WORDS: Final = ("omsorg", "boende", "hemvard")
EXAMPLE_CODE: Final = "0000000000000000"


class BrokenTextsError(RuntimeError):
    """A file of message texts lacks a text, has one too many or an unknown place; named by file and text."""


@dataclass(frozen=True)
class Wording:
    """A message's own words; e-mail has a subject."""

    language: str
    subject: str
    body: str

    @property
    def parts(self) -> int:
        """How many SMS the body takes."""
        plain = all(sign in GSM_ALPHABET or sign in GSM_EXTRA for sign in self.body)
        length = len(self.body) + sum(sign in GSM_EXTRA for sign in self.body) if plain else len(self.body)
        return 1 if length <= _ONE[plain] else -(-length // _SEVERAL[plain])


def check_texts(name: str, found: dict[str, str], wanted: dict[str, str]) -> None:
    """Refuse a language's file that lacks a text, has one too many, or holds a place nobody fills."""
    for key in sorted(set(wanted) ^ set(found)):
        word = "saknar" if key in wanted else "har en okänd"
        raise BrokenTextsError(f"{name}.toml {word} text {key!r}.")
    for key, text in found.items():
        places = {place for _, place, _, _ in string.Formatter().parse(text) if place is not None}
        if places - PLACES:
            raise BrokenTextsError(f"{name}.toml: {key} har en okänd plats {{{min(places - PLACES)}}}.")


@cache
def texts() -> dict[str, dict[str, str]]:
    """Return the texts of every language that has a file, by code."""
    found = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
    for name, own in found.items():
        check_texts(name, own, found["sv"])
    return found


def language_of(wanted: str, round_: SurveyRound) -> str:
    """Return the language to write in: the person's own if the round and the texts have it, else along its fallback."""
    code = wanted
    while code != "sv":
        if code in texts() and code in round_.languages:
            return code
        language = LANGUAGES.get(code)
        code = language.fallback if language else "sv"
    return "sv"


def word(
    settings: Settings,
    round_: SurveyRound,
    kind: WaveKind,
    channel: ContactChannel,
    *,
    language: str,
    code: str | None,
) -> Wording:
    """Return the words of one message; without a code it leads to the page that asks for it.

    The address without a code is the bare one, which lists the open rounds: a round's short name may tell the service.
    """
    own = texts()[language]
    short = channel is ContactChannel.SMS
    values = {
        "city": settings.city_name,
        "board": round_.responsible_board,
        "date": written_date(round_.closes_on, language),
        "phone": round_.phone,
        "hours": round_.phone_hours,
        "link": code_address(settings, round_, code) if code else "",
        "address": typed_address(settings, round_) if code else bare_address(settings),
        "code": in_groups(code) if code else "",
        "already_answered": own["already_answered"],
    }
    name = f"{'with' if code else 'without'}_code_{'sms' if short else 'email'}"
    values["how"] = own[name].strip().format_map(values)
    body = own[f"{kind.value}_{'sms' if short else 'email'}"].strip().format_map(values)
    mark = f"{WATERMARK}. " if round_.practice else ""
    if short:
        return Wording(language, "", mark + body)
    return Wording(language, mark + own[f"{kind.value}_subject"].format_map(values), f"{mark}{body}\n")


def bare_address(settings: Settings) -> str:
    """Return the address that lists the open rounds, without the protocol."""
    return settings.public_url.rstrip("/").partition("://")[2]


def names_a_service(text: str) -> str | None:
    """Return the word in a message that tells which service its receiver has; None where there is none."""
    folded = _folded(text)
    return next((stem for stem in (*CARE_WORDS, *_service_words()) if stem in folded), None)


def _service_words() -> list[str]:
    words = [part for service in CLIENT_SERVICES for part in service.label.split()]
    return [stem for part in words if len(stem := _folded(part).strip("-")) > len("vard")]


def _folded(text: str) -> str:
    return text.casefold().translate(str.maketrans("åäö", "aao"))
