"""The form of the reader of free texts."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from enkat.records.answers import FreeTextState


class ScreeningForm(FlaskForm):
    """What happens with a text, and how it reads when it is passed on."""

    text_id = HiddenField(validators=[InputRequired(), Length(max=64)])
    masked = TextAreaField(
        _l("Så här lämnas texten ut"),
        description=_l("Ta bort namn, platser och annat som kan avslöja någon. Skriv [namn] eller [plats] i stället."),
        validators=[Optional(), Length(max=5000)],
    )
    state = RadioField(
        _l("Vad ska hända med texten?"),
        choices=[
            SelectChoice(FreeTextState.RELEASED.value, _l("Lämna ut texten så som den står ovan")),
            SelectChoice(FreeTextState.WITHHELD.value, _l("Lämna inte ut texten")),
            SelectChoice(FreeTextState.WORRYING.value, _l("Något är fel: lämna inte ut, visa för lex Sarah")),
        ],
        validators=[InputRequired(_l("Välj vad som ska hända med texten."))],
    )
