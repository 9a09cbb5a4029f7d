"""A questionnaire for each letter of a batch: the same code, the language of the person, the unit's own instrument."""

from typing import Any

from sqlalchemy.orm import Session

from enkat.catalogues import texts_in
from enkat.documents.typesetting import compile_apart
from enkat.instruments.instrument import Instrument
from enkat.instruments.vocabulary import ServiceType
from enkat.records.letters import QuestionnaireKind
from enkat.records.letters_queries import Recipient
from enkat.records.rounds import SurveyRound
from enkat.services.ballots.standing import compiled_instrument
from enkat.services.faults import Fault
from enkat.services.letters.wording import code_address, typed_address
from enkat.services.questionnaires.laying_out import (
    form_values,
    language_of,
    own_values,
    supported,
    with_code,
)
from enkat.settings import Settings

Values = dict[str, Any]


class Enclosing:
    """Lays out the forms of a batch: each kind of form once, and beside it what is each person's own."""

    def __init__(self, session: Session, settings: Settings, round_: SurveyRound, kind: QuestionnaireKind) -> None:
        self._session = session
        self._settings = settings
        self._round = round_
        self._kind = kind
        self._forms: dict[str, Values] = {}

    def chunk(self, recipients: list[tuple[Recipient, str]]) -> tuple[dict[str, Values], list[Values]]:
        """Return the forms that some people get, by name, and each person's own words, in order."""
        own = [self._own(recipient, code) for recipient, code in recipients]
        return {name: self._forms[name] for name in {one["form"] for one in own}}, own

    def _own(self, recipient: Recipient, code: str) -> Values:
        lang = language_of(self._round, recipient.language)
        name = f"{recipient.snapshot_sha256} {recipient.service} {lang}"
        if name not in self._forms:
            instrument = compiled_instrument(self._session, recipient.snapshot_sha256)
            self._forms[name] = self._form(instrument, recipient.service, lang)
        own = own_values(
            texts_in(lang), service=recipient.service, unit_name=recipient.unit_name, unit_mark=recipient.unit_mark
        )
        return with_code(own, code, code_address(self._settings, self._round, code)) | {"form": name}

    def _form(self, instrument: Instrument, service: ServiceType, lang: str) -> Values:
        address = typed_address(self._settings, self._round)
        return form_values(self._round, instrument, service=service, kind=self._kind, lang=lang, web_address=address)


def require_enclosable(round_: SurveyRound, kind: QuestionnaireKind) -> None:
    """Refuse a kind of form that the round cannot send, with the remedy."""
    if not round_.return_address.strip():
        raise Fault("Svarsadressen för pappersformulär saknas. Skriv den i omgångens plan.", "questionnaire")
    if not supported(kind, round_):
        raise Fault("Omgången har inga lättlästa frågor. Välj ett formulär med vanlig text.", "questionnaire")


def proof_sheet(
    settings: Settings,
    round_: SurveyRound,
    instrument: Instrument,
    *,
    service: ServiceType,
    kind: QuestionnaireKind,
    lang: str,
) -> bytes:
    """Return a form without a code as PDF, to look at before any is ordered."""
    require_enclosable(round_, kind)
    if lang not in round_.languages:
        raise Fault("Omgången har inte det språket. Välj ett av omgångens språk.", "lang")
    form = form_values(
        round_, instrument, service=service, kind=kind, lang=lang, web_address=typed_address(settings, round_)
    )
    own = own_values(texts_in(lang), service=service, unit_name="…", unit_mark="…") | {"form": "proof"}
    title = instrument.title_in(lang)
    return compile_apart("questionnaire", {"title": title, "forms": {"proof": form}, "sheets": [own]})
