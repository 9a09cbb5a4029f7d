"""Forms of targets."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from enkat.records.targets import TargetScope

RESPONSE_RATE = ""
"""Stands among the questions for a target on the response rate."""
_SHORT = {"class": "short", "inputmode": "numeric"}
_ALL = (
    (TargetScope.CITY, _l("Hela staden")),
    (TargetScope.DISTRICT, _l("Varje stadsdel")),
    (TargetScope.UNIT, _l("Varje enhet")),
)


class TargetForm(FlaskForm):
    """A target of a year."""

    year = IntegerField(_l("År"), validators=[InputRequired(_l("Skriv årtalet."))], render_kw=_SHORT)
    question_id = SelectField(_l("Vad målet gäller"))
    place = SelectField(_l("För vem"))
    percent = StringField(
        _l("Mål i procent"),
        description=_l("Minst så stor andel, till exempel 85 eller 82,5."),
        validators=[InputRequired(_l("Skriv målet i procent."))],
        render_kw=_SHORT,
    )
    decision = StringField(
        _l("Beslut"),
        description=_l("Till exempel verksamhetsplanen, med diarienummer."),
        validators=[InputRequired(_l("Skriv var målet är beslutat.")), Length(max=200)],
    )

    def offer(
        self,
        questions: Iterable[tuple[str, str]],
        districts: Iterable[tuple[int, str]],
        units: Iterable[tuple[int, str]],
    ) -> None:
        """Offer the questions and places to choose among."""
        self.question_id.choices = [
            *(SelectChoice(name, text) for name, text in questions),
            SelectChoice(RESPONSE_RATE, _l("Svarsfrekvensen")),
        ]
        self.place.choices = [
            *(SelectChoice(f"{scope}:", text) for scope, text in _ALL),
            *(
                SelectChoice(f"{TargetScope.DISTRICT}:{number}", _("Stadsdelen %(name)s", name=name))
                for number, name in districts
            ),
            *(SelectChoice(f"{TargetScope.UNIT}:{number}", _("Enheten %(name)s", name=name)) for number, name in units),
        ]

    @property
    def chosen_place(self) -> tuple[TargetScope, int | None]:
        """The scope, and the district or unit if it is one of them."""
        scope, _colon, number = str(self.place.data).partition(":")
        return TargetScope(scope), int(number) if number else None


class RepeatForm(FlaskForm):
    """The decision behind targets that are taken over from another year."""

    decision = StringField(
        _l("Beslut"),
        description=_l("Till exempel verksamhetsplanen, med diarienummer."),
        validators=[InputRequired(_l("Skriv var målen är beslutade.")), Length(max=200)],
    )
