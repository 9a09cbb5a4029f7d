"""The words of a letter, from the round's data."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from enkat.ballots.codes import in_groups
from enkat.documents.qr import qr_svg
from enkat.languages import LANGUAGES
from enkat.records.invitations import CodeKind
from enkat.records.letters_queries import Recipient
from enkat.records.rounds import SurveyRound
from enkat.services.rounds.practice import WATERMARK
from enkat.services.rounds.promise import frozen_promise, written_date
from enkat.settings import Settings

OFFERS = {
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


def code_address(settings: Settings, round_: SurveyRound, code: str) -> str:
    """Return the address of the QR code; the code stands in the fragment, which browsers never send."""
    return f"{settings.public_url.rstrip('/')}/o/{round_.short_name}#{code}"


def typed_address(settings: Settings, round_: SurveyRound) -> str:
    """Return the address that people type: without the protocol."""
    parts = urlsplit(settings.public_url)
    return f"{parts.netloc}{parts.path.rstrip('/')}/o/{round_.short_name}"


def _languages(round_: SurveyRound) -> list[dict[str, Any]]:
    lines = []
    for code in round_.languages:
        if code == "sv":
            continue
        language = LANGUAGES[code]
        text = OFFERS.get(code, f"Du kan få frågorna på {language.swedish_name}. Välj på webbsidan, eller ring oss.")
        lines.append({
            "lang": code if code in OFFERS else "sv",
            "rtl": code in OFFERS and language.direction == "rtl",
            "text": text,
        })  # fmt: skip
    return lines


def _who(round_: SurveyRound) -> list[str]:
    words = ["Du kan svara själv. Någon kan hjälpa dig, eller svara åt dig."]
    if round_.staff_may_help:
        return [*words, "En anhörig, en vän, din gode man eller personalen kan hjälpa till."]
    return [
        *words,
        "Personalen som ger dig hjälp i vardagen ska inte hjälpa till med svaren.",
        f"Vill du ha hjälp av en frågeassistent? {round_.bookable_assistant}",
    ]


def _opening(round_: SurveyRound, kind: CodeKind) -> list[str]:
    day = written_date(round_.closes_on, "sv")
    begin = ["Vi vill veta vad du tycker om din hjälp. Det du svarar gör att hjälpen kan bli bättre."]
    if kind is CodeKind.REMINDER:
        begin = ["Har du redan svarat? Tack, då behöver du inte göra något.", *begin]
    return [*begin, f"Svara på webben senast {day}. Det tar ungefär tio minuter."]


def letter_common(settings: Settings, round_: SurveyRound, kind: CodeKind, on: date) -> dict[str, Any]:
    """Return what all letters of a batch share, as `letter.typ` reads it."""
    return {
        "title": f"{round_.title}: {'påminnelse' if kind is CodeKind.REMINDER else 'brev'}",
        "heading": round_.title,
        "board": round_.responsible_board,
        "city": settings.city_name,
        "date": written_date(on, "sv"),
        "practice": WATERMARK if round_.practice else "",
        "opening": _opening(round_, kind),
        "code_label": "Din kod:",
        "address_label": "Skriv koden på:",
        "address": typed_address(settings, round_),
        "qr_alt": f"QR-kod som öppnar {typed_address(settings, round_)} med din kod",
        "help_heading": "Behöver du hjälp?",
        "help": f"Ring {round_.phone}, {round_.phone_hours}. Du kan svara i telefonen.",
        "help_more": ["Vi frågar aldrig efter personnummer, BankID eller bankkort."],
        "promise_heading": "Det här lovar vi dig",
        "promise": [*frozen_promise(round_)["sv"]["promise"], *frozen_promise(round_)["sv"]["helped"][:1]],
        "who_heading": "Vem kan hjälpa dig?",
        "who": _who(round_),
        "data_heading": "Så hanterar vi dina uppgifter",
        "data": [
            f"{round_.responsible_board} ansvarar för undersökningen (diarienummer {round_.registry_number}).",
            f"Namn och adress kommer från: {round_.frame_source}.",
            f"Frågor om dina uppgifter: {round_.dpo_contact}.",
        ],
        "languages": _languages(round_),
    }


def about(recipient: Recipient) -> str:
    """Return the sentence that says what the questions are about."""
    return f"Frågorna gäller {recipient.service.label} från {recipient.unit_name}."


def one_letter(
    settings: Settings, round_: SurveyRound, recipient: Recipient, code: str, lines: Sequence[str] | None = None
) -> dict[str, Any]:
    """Return what one letter says of its own; `lines` replaces name and address."""
    own = [recipient.name, recipient.address, f"{recipient.postal_code} {recipient.town}"]
    return {
        "lines": own if lines is None else list(lines),
        "about": about(recipient),
        "code": in_groups(code),
        "qr": qr_svg(code_address(settings, round_, code)),
    }
