"""The words of a letter, from the round's data, in the recipient's own language where all of it is translated."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlsplit

from enkat.ballots.codes import in_groups
from enkat.catalogues import find, interface_languages, texts_in
from enkat.documents.qr import qr_svg
from enkat.instruments.vocabulary import ServiceType
from enkat.languages import LANGUAGES, SOURCE_LANGUAGE
from enkat.records.invitations import CodeKind
from enkat.records.letters_queries import Recipient
from enkat.records.round_kinds import RoundKind
from enkat.records.rounds import SurveyRound
from enkat.services.ballots import who_words
from enkat.services.rounds.practice import WATERMARK
from enkat.services.rounds.promise import frozen_promise, written_date
from enkat.settings import Settings

OFFERS = {
    "sv": "Du kan få frågorna på svenska. Välj svenska på webbsidan, eller ring oss.",
    "en": "You can get the questions in English. Choose English on the web page, or call us.",
    "fi": "Voit saada kysymykset suomeksi. Valitse suomi verkkosivulla tai soita meille.",
    "ar": "يمكنك الحصول على الأسئلة باللغة العربية. اختر العربية في الموقع أو اتصل بنا.",
    "es": "Puede obtener las preguntas en español. Elija español en la página web o llámenos.",
    "pl": "Możesz otrzymać pytania po polsku. Wybierz język polski na stronie lub zadzwoń do nas.",
    "tr": "Soruları Türkçe alabilirsiniz. Web sayfasında Türkçeyi seçin veya bizi arayın.",
    "so": "Su'aalaha waxaad ku heli kartaa af-Soomaali. Ka dooro bogga internetka ama na soo wac.",
    "fa": "می‌توانید پرسش‌ها را به فارسی دریافت کنید. در وبگاه فارسی را انتخاب کنید یا با ما تماس بگیرید.",
    "bs": "Pitanja možete dobiti na bosanskom. Izaberite bosanski na stranici ili nas nazovite.",
}
"""The sentence that offers the questions in a language; others are offered in Swedish."""


_APART_FROM, _APART_TO = "\N{LEFT-TO-RIGHT ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_FROM_RIGHT = "\N{RIGHT-TO-LEFT ISOLATE}"


def _l(text: str) -> str:
    """Mark a text for the catalogues."""
    return text


_LABELS = {
    "code_label": _l("Din kod:"),
    "address_label": _l("Skriv koden på:"),
    "qr_alt": _l("QR-kod som öppnar %(address)s med din kod"),
    "help_heading": _l("Behöver du hjälp?"),
    "help": _l("Ring %(phone)s, %(hours)s. Du kan svara i telefonen."),
    "promise_heading": _l("Det här lovar vi dig"),
    "who_heading": _l("Vem kan hjälpa dig?"),
    "data_heading": _l("Så hanterar vi dina uppgifter"),
}
_PURPOSE = (_l("Vi vill veta vad du tycker om din hjälp. Det du svarar gör att hjälpen kan bli bättre."),)
_PURPOSES = {
    RoundKind.RELATIVES: (
        _l("Vi vill veta hur du som är anhörig har det. Det du svarar gör att hjälpen kan bli bättre."),
    ),
    RoundKind.STAFF: (_l("Vi vill veta hur du har det på jobbet. Det du svarar gör att jobbet kan bli bättre."),),
    RoundKind.OFFICIALS: (_l("Vi vill veta hur det går att arbeta ihop. Det du svarar gör att det kan bli bättre."),),
}
_HAND_OVER = (_l("Ge brevet till den anhöriga som vet mest om din hjälp. Det är den som ska svara."),)
_BY = (_l("Svara på webben senast %(day)s. Det tar ungefär tio minuter."),)
_REMINDER = (_l("Har du redan svarat? Tack, då behöver du inte göra något."),)
_HELP_MORE = (_l("Vi frågar aldrig efter personnummer, BankID eller bankkort."),)
_FOR_YOURSELF = (_l("Du svarar för egen del."),)
_WHO = (_l("Du kan svara själv. Någon kan hjälpa dig, eller svara åt dig."),)
_STAFF_MAY = (_l("En anhörig, en vän, din gode man eller personalen kan hjälpa till."),)
_STAFF_MAY_NOT = (
    _l("Personalen som ger dig hjälp i vardagen ska inte hjälpa till med svaren."),
    _l("Vill du ha hjälp av en frågeassistent? %(assistant)s"),
)
_DATA = (
    _l("%(board)s ansvarar för undersökningen (diarienummer %(number)s)."),
    _l("Namn och adress kommer från: %(source)s."),
    _l("Frågor om dina uppgifter: %(contact)s."),
)
_NO_NAME = _l("Koderna delas ut i enheten. Vi har inte ditt namn.")
_TITLES = {
    CodeKind.LETTER: _l("%(title)s: brev"),
    CodeKind.REMINDER: _l("%(title)s: påminnelse"),
}


@lru_cache(maxsize=64)
def speaks(lang: str) -> bool:
    """Whether every text of a letter is translated: a letter is never mixed."""
    many = (_PURPOSE, *_PURPOSES.values(), _HAND_OVER, _BY, _REMINDER, _HELP_MORE, _FOR_YOURSELF, _WHO)
    more = (_STAFF_MAY, _STAFF_MAY_NOT, _DATA, (_NO_NAME,))
    texts = [*_LABELS.values(), *_TITLES.values(), *(text for texts in (*many, *more) for text in texts)]

    def noted(text: str) -> str:
        texts.append(text)
        return text

    for service in ServiceType:
        who_words.about(noted, service, "")
    return lang in interface_languages() and all(find(text, lang).lang == lang for text in texts)


def apart(value: str, lang: str) -> str:
    """Return a number or Swedish words so that they keep their own order in a text that runs from right to left."""
    return f"{_APART_FROM}{value}{_APART_TO}" if LANGUAGES[lang].direction == "rtl" else value


def code_address(settings: Settings, round_: SurveyRound, code: str) -> str:
    """Return the address of the QR code; the code stands in the fragment, which browsers never send."""
    return f"{settings.public_url.rstrip('/')}/o/{round_.short_name}#{code}"


def typed_address(settings: Settings, round_: SurveyRound) -> str:
    """Return the address that people type: without the protocol."""
    parts = urlsplit(settings.public_url)
    return f"{parts.netloc}{parts.path.rstrip('/')}/o/{round_.short_name}"


def _languages(round_: SurveyRound, own: str) -> list[dict[str, Any]]:
    lines = []
    for code in round_.languages:
        if code == own:
            continue
        language = LANGUAGES[code]
        text = OFFERS.get(code, f"Du kan få frågorna på {language.swedish_name}. Välj på webbsidan, eller ring oss.")
        lines.append({
            "lang": code if code in OFFERS else SOURCE_LANGUAGE,
            "rtl": code in OFFERS and language.direction == "rtl",
            "text": text,
        })  # fmt: skip
    return lines


class _Words:
    """A letter's texts in one language, with the round's own words in them."""

    def __init__(self, settings: Settings, round_: SurveyRound, lang: str) -> None:
        self.round, self.lang = round_, lang
        self.rtl = LANGUAGES[lang].direction == "rtl"
        self.address = typed_address(settings, round_)

    @cached_property
    def values(self) -> dict[str, str]:
        """What stands in the texts' gaps: in Swedish, as the city wrote it."""
        round_ = self.round
        given = {
            "address": self.address,
            "title": round_.title,
            "phone": round_.phone,
            "hours": round_.phone_hours,
            "assistant": round_.bookable_assistant,
            "board": round_.responsible_board,
            "number": round_.registry_number,
            "source": round_.frame_source,
            "contact": round_.dpo_contact,
        }
        return {name: self.apart(value or "") for name, value in given.items()} | {
            "day": written_date(round_.closes_on, self.lang)
        }

    def apart(self, value: str) -> str:
        """Return words of another direction so that they keep their own order between the letter's."""
        return apart(value, self.lang)

    def one(self, text: str, **own: str) -> str:
        """Return a text with its gaps filled."""
        return find(text, self.lang).text % {**self.values, **own}

    def all(self, *texts: str) -> list[str]:
        """Return texts with their gaps filled."""
        return [self.one(text) for text in texts]


def _opening(round_: SurveyRound) -> tuple[str, ...]:
    """Return why the round asks, and by when to answer; a relative gets the letter from the client."""
    handed = _HAND_OVER if round_.kind is RoundKind.RELATIVES and not round_.loose_codes else ()
    return (*handed, *_PURPOSES.get(round_.kind, _PURPOSE), *_BY)


def _who(round_: SurveyRound) -> tuple[str, ...]:
    """Return who may answer and help."""
    if not round_.kind.rules.asks_who:
        return _FOR_YOURSELF
    return (*_WHO, *(_STAFF_MAY if round_.staff_may_help else _STAFF_MAY_NOT))


def letter_common(
    settings: Settings, round_: SurveyRound, kind: CodeKind, on: date, lang: str = SOURCE_LANGUAGE
) -> dict[str, Any]:
    """Return what all letters of a batch in one language share, as `letter.typ` reads it."""
    words = _Words(settings, round_, lang)
    promise = frozen_promise(round_).get(lang) or frozen_promise(round_)[SOURCE_LANGUAGE]
    reminder = _REMINDER if kind is CodeKind.REMINDER else ()
    return {name: words.one(text) for name, text in _LABELS.items()} | {
        "lang": lang,
        "rtl": words.rtl,
        "title": words.one(_TITLES[CodeKind.REMINDER if reminder else CodeKind.LETTER]),
        "heading": round_.title,
        "board": round_.responsible_board,
        "city": settings.city_name,
        "date": f"{_FROM_RIGHT}{written_date(on, lang)}{_APART_TO}" if words.rtl else written_date(on, lang),
        "practice": WATERMARK if round_.practice else "",
        "label": round_.label,
        "opening": words.all(*reminder, *_opening(round_)),
        "address": words.address,
        "help_more": words.all(*_HELP_MORE),
        "promise": [*promise["promise"], *promise["helped"][:1]],
        "who": words.all(*_who(round_)),
        "data": words.all(_DATA[0], _NO_NAME if round_.loose_codes else _DATA[1], _DATA[2]),
        "languages": _languages(round_, lang),
    }


def about(recipient: Recipient, lang: str = SOURCE_LANGUAGE) -> str:
    """Return the sentence that says what the questions are about."""
    unit = recipient.unit_name
    if LANGUAGES[lang].direction == "rtl":
        unit = f"{_APART_FROM}{unit}{_APART_TO}"
    return who_words.about(texts_in(lang), recipient.service, unit)


class Letters:
    """The letters of one batch: what they share is written once for each language."""

    def __init__(self, settings: Settings, round_: SurveyRound, kind: CodeKind, on: date) -> None:
        self.settings, self.round, self.kind, self.on = settings, round_, kind, on
        self._common: dict[str, dict[str, Any]] = {}

    def language_of(self, recipient: Recipient) -> str:
        """Return the language to write in: the recipient's, where the round has it and the letter is whole in it."""
        lang = recipient.language
        return lang if lang in self.round.languages and lang in frozen_promise(self.round) and speaks(lang) else "sv"

    def common(self, lang: str = SOURCE_LANGUAGE) -> dict[str, Any]:
        """Return what letters in a language share."""
        if lang not in self._common:
            self._common[lang] = letter_common(self.settings, self.round, self.kind, self.on, lang)
        return self._common[lang]

    def one(self, recipient: Recipient, code: str, lines: Sequence[str] | None = None) -> dict[str, Any]:
        """Return what one letter says of its own; `lines` replaces name and address.

        A letter in another language than the batch's carries all that is said in it.
        """
        lang = self.language_of(recipient)
        own = [recipient.name, recipient.address, f"{recipient.postal_code} {recipient.town}"]
        letter = {
            "lines": own if lines is None else list(lines),
            "about": about(recipient, lang),
            "code": in_groups(code),
            "qr": qr_svg(code_address(self.settings, self.round, code)),
        }
        return letter if lang == SOURCE_LANGUAGE else letter | {"common": self.common(lang)}
