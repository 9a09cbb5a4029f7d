"""The promise to those who answer: written from the round's own data and frozen before its first code exists."""

from datetime import date
from typing import Any

from babel.dates import format_date

from enkat.ballots.kept_classes import FLOOR
from enkat.records.rounds import SurveyRound


def written_date(day: date, lang: str) -> str:
    """Return a date in words: 30 november 2026."""
    return str(format_date(day, "d MMMM y", locale=lang))


def _swedish(round_: SurveyRound) -> dict[str, list[str]]:
    day = written_date(round_.closes_on, "sv")
    least = round_.threshold_internal
    return {
        "promise": [
            "Du väljer själv om du vill svara. Det påverkar inte din hjälp.",
            "Vi ser att ett svar har kommit, så att vi inte påminner i onödan.",
            f"Svaren låses. De öppnas efter {day}, utan namn.",
            "Vi har byggt det så att vi inte kan se vilka svar som är dina.",
            "Personalen som ger dig hjälp får inte veta vilka som har svarat.",
            f"Vi lämnar bara ut resultat när minst {least} har svarat.",
        ],
        "helped": [
            "Den som hjälper dig att svara får veta vad du svarar.",
            "Är någon i fara kan vi behöva berätta det.",
        ],
        "paper": ["Den som skriver in svaret ser ditt papper och koden, men inte ditt namn."],
        "holds": [
            f"Ingen kan läsa svaren före {day}.",
            f"Det behövs {round_.key_threshold} av {round_.key_holders} nyckeldelar för att öppna dem.",
            f"Efter räkningen ligger varje svar i en grupp om minst {FLOOR} svar.",
            "Vi sparar inte när du svarade.",
        ],
        "holds_not": [
            "Skriver du ditt namn i fritext kan den som läser se det.",
            "Den som hjälper dig att svara vet vad du svarar.",
            "Den som ändrar programmet kan bryta löftet. Därför är programmet öppet att granska.",
            "Påbörjade svar skyddas av din kod. De tas bort när omgången stänger.",
            "Gamla säkerhetskopior och nyckeln tillsammans kan öppna låsta svar, tills nyckeln är förstörd.",
        ],
    }


def _english(round_: SurveyRound) -> dict[str, list[str]]:
    day = written_date(round_.closes_on, "en")
    least = round_.threshold_internal
    return {
        "promise": [
            "You choose if you want to answer. It does not affect your care.",
            "We see that an answer has come, so that we do not remind you for no reason.",
            f"The answers are locked. They are opened after {day}, without names.",
            "We have built it so that we cannot see which answers are yours.",
            "The staff who care for you do not learn who has answered.",
            f"We only show results when at least {least} people have answered.",
        ],
        "helped": [
            "The person who helps you answer learns your answers.",
            "If someone is in danger we may have to tell.",
        ],
        "paper": ["The person who types your answers in sees your paper and the code, but not your name."],
        "holds": [
            f"Nobody can read the answers before {day}.",
            f"It takes {round_.key_threshold} of {round_.key_holders} key shares to open them.",
            f"After the count each answer lies in a group of at least {FLOOR} answers.",
            "We do not keep the time of your answer.",
        ],
        "holds_not": [
            "If you write your name in a text, the reader can see it.",
            "The person who helps you answer knows your answers.",
            "Someone who changes the program can break the promise. That is why the program is open to inspect.",
            "Unfinished answers are protected by your code. They are removed when the round closes.",
            "Old backups together with the key can open locked answers, until the key is destroyed.",
        ],
    }


def promise_of(round_: SurveyRound) -> dict[str, Any]:
    """Return the promise as the round's plan stands.

    Returns
    -------
    dict
        By language (`sv`, `en`): `promise`, `helped`, `paper`, `holds` and `holds_not`, each a list of sentences;
        and the figures they rest on (`closes_on`, `threshold`).
    """
    return {
        "sv": _swedish(round_),
        "en": _english(round_),
        "closes_on": round_.closes_on.isoformat(),
        "threshold": round_.threshold_internal,
    }


def frozen_promise(round_: SurveyRound) -> dict[str, Any]:
    """Return the frozen promise, or the one that would be frozen now."""
    return round_.promise or promise_of(round_)
