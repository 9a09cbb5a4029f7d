"""A questionnaire as plain values for the typesetter: who answers first, as on the web, then every question."""

from typing import Any

from enkat.ballots.codes import in_groups
from enkat.catalogues import texts_in
from enkat.documents.qr import qr_svg
from enkat.instruments.instrument import Instrument
from enkat.instruments.question import Question
from enkat.instruments.vocabulary import ServiceType
from enkat.instruments.wording import Face, Wording
from enkat.languages import LANGUAGES
from enkat.records.letters import QuestionnaireKind
from enkat.records.rounds import SurveyRound
from enkat.services.ballots.who_words import Gettext, about, helpers, who_answers
from enkat.services.letters.wording import apart
from enkat.services.questionnaires.routing_words import Reader, goes_on, only_if, paper_order, question_numbers
from enkat.services.rounds.practice import WATERMARK
from enkat.services.rounds.promise import frozen_promise, written_date

A4 = {"size": 14, "small": 12, "mark": 11}
LARGE = {"size": 18, "small": 18, "mark": 14}
"""Points of the text, of hints and of the page mark; in large print a hint is as large as a question."""
FREE_TEXT_LINES = 6


def language_of(round_: SurveyRound, wanted: str) -> str:
    """Return the language a form is printed in: the wanted one if the round offers it, else Swedish."""
    return wanted if wanted in round_.languages else "sv"


def form_values(
    round_: SurveyRound,
    instrument: Instrument,
    *,
    service: ServiceType,
    kind: QuestionnaireKind,
    lang: str,
    web_address: str,
) -> dict[str, Any]:
    """Return what all forms of an instrument, a language and a kind share, as `questionnaire.typ` reads it.

    `web_address` is what people type who rather answer on the web.
    """
    reader = Reader(texts_in(lang), lang, kind.face)
    gettext = reader.gettext
    promises = frozen_promise(round_)
    promise = promises.get(lang, promises["sv"])
    return {
        "lang": lang,
        "rtl": LANGUAGES[lang].direction == "rtl",
        **(LARGE if kind.large else A4),
        "practice": WATERMARK if round_.practice else "",
        "title": instrument.title_in(lang),
        "round": round_.short_name,
        "how": _how(round_, reader, web_address),
        "promise_heading": gettext("Det här lovar vi dig"),
        "promise": [*promise["promise"], *promise.get("paper", [])],
        "code_label": gettext("Din kod:"),
        "qr_alt": gettext("QR-kod med din kod"),
        "sheet_words": gettext("Blad {sheet} av {sheets}, sida {page}"),
        "unit_label": gettext("Enhet"),
        "questions": [
            *_who(round_, reader, service),
            *(_question(reader, instrument, question) for question in paper_order(instrument)),
        ],
        "proxy_heading": gettext("Bara för dig som svarar åt någon"),
        "free_text": _before_text(round_, reader),
        "thanks": gettext("Tack för dina svar!"),
        "return_label": gettext("Skicka alla blad till:"),
        "return_address": round_.return_address.splitlines(),
    }


def _how(round_: SurveyRound, reader: Reader, web_address: str) -> list[str]:
    gettext, day = reader.gettext, written_date(round_.closes_on, reader.lang)
    return [
        gettext("Sätt ett kryss för varje fråga. Du får hoppa över frågor."),
        gettext("Blev det fel? Fyll hela den rutan och kryssa i en ny."),
        gettext("Skicka alla blad i svarskuvertet. De ska vara framme senast %(day)s.") % {"day": day},
        gettext("Du kan i stället svara på webben: %(address)s") % {"address": apart(web_address, reader.lang)},
        gettext("Behöver du hjälp? Ring %(phone)s, %(hours)s.")
        % {"phone": apart(round_.phone, reader.lang), "hours": apart(round_.phone_hours, reader.lang)},
    ]


def _before_text(round_: SurveyRound, reader: Reader) -> list[str]:
    gettext, day = reader.gettext, written_date(round_.closes_on, reader.lang)
    urgent = (
        gettext("Ring %(phone)s.") % {"phone": apart(round_.urgent_phone, reader.lang)} if round_.urgent_phone else ""
    )
    return [
        gettext("En läsare läser texten efter %(day)s. Läsaren vet inte vem som har skrivit.") % {"day": day},
        " ".join([gettext("Behöver någon hjälp nu?"), urgent, gettext("Vid fara: ring 112.")]),
    ]


def own_values(gettext: Gettext, *, service: ServiceType, unit_name: str, unit_mark: str) -> dict[str, Any]:
    """Return what one form says of its own before it has a code: the unit it is about."""
    return {"about": about(gettext, service, unit_name), "unit": unit_mark, "code": "", "qr": ""}


def with_code(own: dict[str, Any], code: str, address: str) -> dict[str, Any]:
    """Return what one form says of its own, with the code as people and as scanners read it."""
    return own | {"code": in_groups(code), "qr": qr_svg(address)}


def _who(round_: SurveyRound, reader: Reader, service: ServiceType) -> list[dict[str, Any]]:
    gettext = reader.gettext
    hints = [gettext("Svara bara om någon hjälper dig, eller om du svarar åt någon.")]
    if not round_.staff_may_help:
        hints.append(
            gettext(
                "Personalen som ger dig hjälp ska inte hjälpa till här. Har de gjort det ändå? "
                "Säg som det är. Vi tar emot svaret."
            )
        )
    first = gettext("Gå till fråga %(number)s") % {"number": 1}
    answers = list(who_answers(gettext).values())
    return [
        {
            "number": "A",
            "text": _said(gettext("Vem svarar på frågorna?"), reader.lang),
            "hints": [],
            "options": [_option(n, text, reader.lang, first if n == 1 else "") for n, text in enumerate(answers, 1)],
        },
        {
            "number": "B",
            "text": _said(gettext("Vem hjälper till?"), reader.lang),
            "hints": hints,
            "options": [
                _option(n, text, reader.lang, "") for n, text in enumerate(helpers(gettext, service).values(), 1)
            ],
        },
    ]


def _question(reader: Reader, instrument: Instrument, question: Question) -> dict[str, Any]:
    hint = question.hint(reader.lang)
    options = question.scale.options if question.scale else ()
    return {
        "number": str(question_numbers(instrument)[question.id]),
        "only_proxy": question.only_proxy,
        "text": _wording(question.text(reader.lang, reader.face)),
        "hints": [text for text in (only_if(reader, instrument, question), hint) if text],
        "options": [
            _option(
                place,
                option.label(reader.lang, reader.face),
                option.label(reader.lang, reader.face).lang,
                goes_on(reader, instrument, question, option.code),
            )
            for place, option in enumerate(options, 1)
        ],
        "lines": 0 if question.scale else FREE_TEXT_LINES,
    }


def _option(place: int, text: str, lang: str, goes: str) -> dict[str, Any]:
    return {"key": place, "text": _said(text, lang), "goes": goes}


def _wording(text: Wording) -> dict[str, Any]:
    return _said(text, text.lang)


def _said(text: str, lang: str) -> dict[str, Any]:
    return {"text": str(text), "lang": lang, "rtl": LANGUAGES[lang].direction == "rtl"}


def supported(kind: QuestionnaireKind, round_: SurveyRound) -> bool:
    """Whether the round promises the face that a kind of form is in."""
    return kind.face is Face.PLAIN or kind.face.value in round_.faces
