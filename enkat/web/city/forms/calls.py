"""Forms of bookings, and of where those who ask work."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from enkat.languages import LANGUAGES
from enkat.records.calls import Wish
from enkat.services.interviews.booking import LONGEST_NOTE

NOBODY = ""


class BookingForm(FlaskForm):
    """What was agreed with the person or a relative."""

    wish = RadioField(
        _l("Hur vill personen bli frågad?"),
        choices=[
            SelectChoice(Wish.PHONE.value, _l("I telefon")),
            SelectChoice(Wish.VISIT.value, _l("Hemma, av en frågeassistent eller intervjuare")),
        ],
        validators=[InputRequired(_l("Välj telefon eller besök."))],
    )
    interviewer = SelectField(_l("Vem frågar?"), validators=[Optional()])
    language = SelectField(
        _l("Språk"), choices=[SelectChoice(code, one.swedish_name.capitalize()) for code, one in LANGUAGES.items()]
    )
    phone = StringField(
        _l("Telefon"),
        description=_l("Bara om det är ett annat nummer än registrets."),
        validators=[Optional(), Length(max=40)],
        render_kw={"autocomplete": "off"},
    )
    ask_for = StringField(
        _l("Fråga efter"),
        description=_l("Till exempel en anhörig som bokade."),
        validators=[Optional(), Length(max=200)],
        render_kw={"autocomplete": "off"},
    )
    call_on = DateField(_l("Dag"), description=_l("Lämna tomt om dagen inte är bestämd."), validators=[Optional()])
    call_from = StringField(
        _l("Från klockan"), description=_l("Till exempel 09:30."), validators=[Optional(), Length(max=5)]
    )
    call_to = StringField(_l("Till klockan"), validators=[Optional(), Length(max=5)])
    note = StringField(
        _l("Anteckning"),
        description=_l("Bara det som behövs för att nå fram, som portkod. Aldrig något om svaren."),
        validators=[Optional(), Length(max=LONGEST_NOTE)],
    )

    def offer(self, interviewers: Sequence[tuple[int, str]]) -> None:
        """Offer those who may ask."""
        anybody = SelectChoice(NOBODY, _l("Någon av intervjuarna"))
        self.interviewer.choices = [anybody, *(SelectChoice(str(number), name) for number, name in interviewers)]


class EmployerForm(FlaskForm):
    """Where somebody who asks works."""

    organisation = StringField(
        _l("Organisation"),
        description=_l("Den som avlönar personen, till exempel äldreförvaltningen eller ett intervjuföretag."),
        validators=[InputRequired(_l("Skriv vilken organisation personen arbetar för.")), Length(max=200)],
    )
    provider_id = SelectField(
        _l("Är organisationen en utförare?"),
        description=_l("Den som arbetar hos en utförare får inte fråga om den."),
        validators=[Optional()],
    )

    def offer(self, providers: Sequence[tuple[int, str]]) -> None:
        """Offer the providers of the register."""
        none = SelectChoice(NOBODY, _l("Nej"))
        self.provider_id.choices = [none, *(SelectChoice(str(number), name) for number, name in providers)]
