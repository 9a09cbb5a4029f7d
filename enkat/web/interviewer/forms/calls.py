"""The forms beside an interview: what came of a call, and what worries."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from enkat.records.calls import CallOutcome
from enkat.services.concerns.registering import LONGEST


class OutcomeForm(FlaskForm):
    """What came of a call or visit, where nobody was interviewed."""

    outcome = RadioField(
        _l("Hur gick det?"),
        choices=[
            SelectChoice(CallOutcome.NO_ANSWER.value, _l("Ingen svarade")),
            SelectChoice(CallOutcome.CALL_BACK.value, _l("Vill bli frågad en annan gång")),
            SelectChoice(CallOutcome.WANTS_WEB.value, _l("Vill svara på webben i stället")),
            SelectChoice(CallOutcome.WANTS_PAPER.value, _l("Vill svara på papper i stället")),
            SelectChoice(CallOutcome.REFUSED.value, _l("Vill inte svara")),
            SelectChoice(CallOutcome.UNABLE.value, _l("Kan inte svara")),
            SelectChoice(CallOutcome.WRONG_NUMBER.value, _l("Fel nummer eller adress")),
        ],
        validators=[InputRequired(_l("Välj hur det gick."))],
    )
    call_on = DateField(
        _l("Vilken dag?"), description=_l("Bara när personen vill bli frågad en annan gång."), validators=[Optional()]
    )
    call_from = StringField(
        _l("Från klockan"), description=_l("Till exempel 09:30."), validators=[Optional(), Length(max=5)]
    )
    call_to = StringField(_l("Till klockan"), validators=[Optional(), Length(max=5)])


class ConcernForm(FlaskForm):
    """What worries, without a name."""

    description = TextAreaField(
        _l("Vad oroar dig?"),
        description=_l("Skriv kort vad som kan vara fel hos enheten. Skriv inget namn, ingen adress och inga svar."),
        validators=[InputRequired(_l("Skriv kort vad som oroar dig.")), Length(max=LONGEST)],
    )
