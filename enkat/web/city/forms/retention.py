"""Forms of retention rules and holds."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from enkat.records.retention import RecordKind
from enkat.services.retention.rules import EVENT_TEXTS, KINDS

EVERYTHING = ""


class RuleForm(FlaskForm):
    """How long a kind of record is kept."""

    event = RadioField(_l("Räknas från att"), validators=[InputRequired(_l("Välj vad tiden räknas från."))])
    days = IntegerField(
        _l("Antal dagar"),
        description=_l("Lämna tomt för att bevara. 0 = samma dag."),
        validators=[Optional()],
        render_kw={"class": "short", "inputmode": "numeric"},
    )
    decision = StringField(
        _l("Beslut"),
        description=_l("Till exempel dokumenthanteringsplanens diarienummer."),
        validators=[InputRequired(_l("Skriv vilket beslut regeln bygger på.")), Length(max=200)],
    )

    def offer_events(self, kind: RecordKind) -> None:
        """Offer the events that fit a kind of record."""
        self.event.choices = [SelectChoice(event.value, EVENT_TEXTS[event]) for event in KINDS[kind].events]


class DefaultsForm(FlaskForm):
    """The decision that the proposed rules are taken by."""

    decision = StringField(
        _l("Beslut"),
        description=_l("Till exempel dokumenthanteringsplanens diarienummer."),
        validators=[InputRequired(_l("Skriv vilket beslut reglerna bygger på.")), Length(max=200)],
    )


class HoldForm(FlaskForm):
    """What is not to be erased, and why."""

    reason = TextAreaField(
        _l("Varför?"),
        description=_l("Till exempel diarienumret för en begäran om att få ut handlingar."),
        validators=[InputRequired(_l("Skriv varför gallringen ska stoppas.")), Length(max=1000)],
    )
    round_id = SelectField(_l("Omgång"))
    kind = SelectField(
        _l("Uppgifter"),
        choices=[
            SelectChoice(EVERYTHING, _l("Alla uppgifter")),
            *(SelectChoice(kind.value, text.name) for kind, text in KINDS.items()),
        ],
    )

    def offer_rounds(self, rounds: list[tuple[int, str]]) -> None:
        """Offer the rounds to choose among."""
        self.round_id.choices = [
            SelectChoice(EVERYTHING, _l("Alla omgångar")),
            *(SelectChoice(str(number), title) for number, title in rounds),
        ]
