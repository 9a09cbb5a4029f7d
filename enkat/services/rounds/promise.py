"""The promise to those who answer: written from the round's own data and frozen before its first code exists."""

from datetime import date
from typing import Any

from babel.dates import format_date

from enkat.catalogues import find, formatting_locale, interface_languages
from enkat.records.round_kinds import RoundKind
from enkat.records.rounds import SurveyRound


def written_date(day: date, lang: str) -> str:
    """Return a date in words: 30 november 2026."""
    return str(format_date(day, "long", locale=formatting_locale(lang)))


def _l(sentence: str) -> str:
    """Mark a sentence for the catalogues."""
    return sentence


_OWN_CHOICE = _l("Du väljer själv om du vill svara. Det påverkar inte din hjälp.")
_OWN_CHOICES = {
    RoundKind.RELATIVES: _l("Du väljer själv om du vill svara. Det påverkar inte hjälpen."),
    RoundKind.STAFF: _l("Du väljer själv om du vill svara. Det påverkar inte ditt arbete."),
    RoundKind.OFFICIALS: _l("Du väljer själv om du vill svara. Det påverkar inte ditt uppdrag."),
}
_NOT_TOLD = _l("Personalen som ger dig hjälp får inte veta vilka som har svarat.")
_OTHERS_NOT_TOLD = {
    RoundKind.STAFF: _l("Din chef får inte veta vilka som har svarat."),
    RoundKind.OFFICIALS: _l("Enheten får inte veta vilka som har svarat."),
}
_SEEN = _l("Vi ser att ett svar har kommit, så att vi inte påminner i onödan.")
_LOOSE = _l("Ingen skriver upp vem som får vilken kod.")
_PROVIDERS_OWN = _l("%(provider)s ansvarar. Det är inte stadens undersökning.")
_LOCKED = (
    _l("Svaren låses. De öppnas efter %(day)s, utan namn."),
    _l("Vi har byggt det så att vi inte kan se vilka svar som är dina."),
)
_LEAST = _l("Vi lämnar bara ut resultat när minst %(least)s har svarat.")
_PARTS = {
    "helped": (
        _l("Den som hjälper dig att svara får veta vad du svarar."),
        _l("Är någon i fara kan vi behöva berätta det."),
    ),
    "paper": (_l("Den som skriver in svaret ser ditt papper och koden, men inte ditt namn."),),
    "holds": (
        _l("Ingen kan läsa svaren före %(day)s."),
        _l("Det behövs %(shares)s av %(holders)s nyckeldelar för att öppna dem."),
        _l("Efter räkningen ligger varje svar i en grupp om minst %(floor)s svar."),
        _l("Vi sparar inte när du svarade."),
    ),
    "holds_not": (
        _l("Skriver du ditt namn i fritext kan den som läser se det."),
        _l("Den som hjälper dig att svara vet vad du svarar."),
        _l("Den som ändrar programmet kan bryta löftet. Därför är programmet öppet att granska."),
        _l("Påbörjade svar skyddas av din kod. De tas bort när omgången stänger."),
        _l("Gamla säkerhetskopior och nyckeln tillsammans kan öppna låsta svar, tills nyckeln är förstörd."),
    ),
}


def _promise(round_: SurveyRound) -> list[str]:
    """Return the promise itself, by whom the round asks, how, and whose it is."""
    return [
        *([_PROVIDERS_OWN] if round_.provider else []),
        _OWN_CHOICES.get(round_.kind, _OWN_CHOICE),
        _LOOSE if round_.loose_codes else _SEEN,
        *_LOCKED,
        _OTHERS_NOT_TOLD.get(round_.kind, _NOT_TOLD),
        _LEAST,
    ]


def _in_language(round_: SurveyRound, lang: str) -> dict[str, list[str]] | None:
    """Return the promise in a language; None where a sentence is not translated: a promise is not mixed."""
    values = {
        "day": written_date(round_.closes_on, lang),
        "least": round_.threshold_internal,
        "shares": round_.key_threshold,
        "holders": round_.key_holders,
        "floor": round_.kind.rules.kept,
        "provider": round_.provider.name if round_.provider else "",
    }
    parts = {"promise": _promise(round_), **_PARTS}
    found = {part: [find(sentence, lang) for sentence in sentences] for part, sentences in parts.items()}
    if any(text.lang != lang for texts in found.values() for text in texts):
        return None
    return {part: [text.text % values for text in texts] for part, texts in found.items()}


def promise_of(round_: SurveyRound) -> dict[str, Any]:
    """Return the promise as the round's plan stands.

    Returns
    -------
    dict
        By language, for those whose catalogue has all of it: `promise`, `helped`, `paper`, `holds` and `holds_not`,
        each a list of sentences; and the figures they rest on (`closes_on`, `threshold`).
    """
    written = {lang: _in_language(round_, lang) for lang in interface_languages()}
    return {lang: parts for lang, parts in written.items() if parts is not None} | {
        "closes_on": round_.closes_on.isoformat(),
        "threshold": round_.threshold_internal,
    }


def frozen_promise(round_: SurveyRound) -> dict[str, Any]:
    """Return the frozen promise, or the one that would be frozen now."""
    return round_.promise or promise_of(round_)
