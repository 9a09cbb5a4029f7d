"""Forms of letters: an order, a batch that got stuck, a single letter."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from enkat.records.invitations import CodeKind
from enkat.records.letters import QuestionnaireKind

FORMATS = (
    SelectChoice("pdf", _l("Färdiga brev (PDF)")),
    SelectChoice("csv", _l("Fil till tryckeri (CSV)")),
    SelectChoice("xlsx", _l("Fil till tryckeri (Excel)")),
)
QUESTIONNAIRES = tuple(SelectChoice(kind.value, kind.label.capitalize()) for kind in QuestionnaireKind)


class OrderForm(FlaskForm):
    """Letters to whom, and as what."""

    kind = RadioField(
        _l("Vad ska skickas?"),
        choices=[
            SelectChoice(CodeKind.LETTER.value, _l("Brev till dem som inte har fått något")),
            SelectChoice(CodeKind.REMINDER.value, _l("Påminnelse till dem som inte har svarat")),
        ],
        default=CodeKind.LETTER.value,
    )
    place = SelectField(_l("Till vilka?"), description=_l("Hela staden, en stadsdel eller en enhet."))
    format = RadioField(_l("Som vad?"), choices=list(FORMATS), default="pdf")
    questionnaire = RadioField(
        _l("Ska ett pappersformulär ligga med?"),
        description=_l("Formuläret har brevets kod på varje blad och mottagarens språk om omgången har det."),
        choices=[SelectChoice("", _l("Nej, bara brev")), *QUESTIONNAIRES],
        default="",
    )


class ProofForm(FlaskForm):
    """A form to look at before any is ordered."""

    class Meta:
        """It changes nothing, so it needs no token."""

        csrf = False

    service = SelectField(_l("Insats"))
    lang = SelectField(_l("Språk"))
    kind = SelectField(_l("Formulär"), choices=list(QUESTIONNAIRES))


class JammedForm(FlaskForm):
    """Why a batch is made again."""

    some_left = RadioField(
        _l("Kan några av breven ha skickats?"),
        choices=[
            SelectChoice("no", _l("Nej, inget brev har lämnat huset. De gamla koderna slutar gälla.")),
            SelectChoice("yes", _l("Ja, kanske. De gamla koderna gäller fortfarande. Några kan få två brev.")),
        ],
        validators=[InputRequired(_l("Välj ett av svaren."))],
    )
    format = RadioField(_l("Som vad?"), choices=list(FORMATS), default="pdf")


class PrintedForm(FlaskForm):
    """Confirmation that a file may be erased."""

    sure = BooleanField(
        _l("Breven är utskrivna och lämnade till posten. Radera filen."),
        validators=[InputRequired(_l("Bekräfta att filen kan raderas."))],
    )
