"""Forms of waves: a plan, a yes, the round's choice about codes."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from enkat.records.waves import LetterFile, WaveChannel, WaveKind

MOST = 10_000_000
"""More messages than any city has people."""


class WaveForm(FlaskForm):
    """What goes out, when, and how."""

    kind = RadioField(
        _l("Vad ska skickas?"),
        choices=[
            SelectChoice(WaveKind.INVITATION.value, _l("Ett första utskick till dem som inte har fått något")),
            SelectChoice(WaveKind.REMINDER.value, _l("En påminnelse till dem som inte har svarat")),
        ],
        default=WaveKind.REMINDER.value,
    )
    planned_on = DateField(
        _l("Vilken dag?"),
        description=_l("En vardag. Vi skickar inget på helger, röda dagar och klämdagar."),
        validators=[InputRequired(_l("Skriv en dag, till exempel 2026-10-12."))],
    )
    channel = RadioField(
        _l("Hur?"),
        choices=[
            SelectChoice(
                WaveChannel.WISH.value, _l("Som var och en önskar. Brev till den som saknar nummer eller adress")
            ),
            SelectChoice(WaveChannel.LETTER.value, _l("Brev till alla")),
            SelectChoice(WaveChannel.SMS.value, _l("Bara sms, till dem som önskar sms")),
            SelectChoice(WaveChannel.EMAIL.value, _l("Bara e-post, till dem som önskar e-post")),
        ],
        default=WaveChannel.WISH.value,
    )
    letter_file = RadioField(
        _l("Breven som vad?"),
        choices=[
            SelectChoice(LetterFile.PDF.value, _l("Färdiga brev (PDF)")),
            SelectChoice(LetterFile.CSV.value, _l("Fil till tryckeri (CSV)")),
            SelectChoice(LetterFile.XLSX.value, _l("Fil till tryckeri (Excel)")),
        ],
        default=LetterFile.PDF.value,
    )


class ApproveForm(FlaskForm):
    """A yes to so many messages."""

    number = IntegerField(widget=HiddenInput(), validators=[NumberRange(0, MOST)])
    sure = BooleanField(
        _l("Jag har läst meddelandet och antalen. Skicka."),
        validators=[InputRequired(_l("Bekräfta att du har läst meddelandet och antalen."))],
    )


class CodesForm(FlaskForm):
    """Whether e-mail and SMS carry codes."""

    carried = RadioField(
        _l("Koder i sms och e-post?"),
        choices=[
            SelectChoice("no", _l("Nej. Meddelandet hänvisar till brevet, där koden står.")),
            SelectChoice("yes", _l("Ja. Meddelandet har en länk med personens kod.")),
        ],
        validators=[InputRequired(_l("Välj ett av svaren."))],
    )
