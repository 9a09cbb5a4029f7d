"""Forms of records of dialogue."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from enkat.records.dialogues import DialogueKind

KINDS = [SelectChoice(kind.value, kind.label.capitalize()) for kind in DialogueKind]
LAYOUT = _l("Tom rad ger nytt stycke, ”- ” först på raden ger en lista, **två stjärnor** ger fet stil.")


class DialogueForm(FlaskForm):
    """A record of dialogue."""

    held_on = DateField(_l("Dag"), validators=[InputRequired(_l("Skriv vilken dag det var."))])
    kind = RadioField(_l("Form"), choices=KINDS, validators=[InputRequired(_l("Välj form."))])
    theme = StringField(_l("Tema"), validators=[InputRequired(_l("Skriv vad ni talade om.")), Length(max=200)])
    district_id = SelectField(_l("Stadsdel"), validators=[Optional()])
    unit_id = SelectField(
        _l("Enhet"),
        description=_l("Bara om det gällde en enda enhet. Stadsdelen följer då av enheten."),
        validators=[Optional()],
    )
    participants = IntegerField(
        _l("Antal deltagare"),
        description=_l("Ett antal. Skriv aldrig namn."),
        validators=[InputRequired(_l("Skriv hur många som deltog."))],
        render_kw={"class": "short", "inputmode": "numeric"},
    )
    findings = TextAreaField(
        _l("Vad som kom fram, utan att någon pekas ut"),
        description=LAYOUT,
        validators=[InputRequired(_l("Skriv vad som kom fram."))],
        render_kw={"rows": 12},
    )
    feedback_on = DateField(_l("Dag då deltagarna fick återkoppling"), validators=[Optional()])
    feedback = TextAreaField(_l("Hur de fick veta vad som hände sedan"), validators=[Optional()])
    certain = BooleanField(
        _l("Jag har läst igenom texten. Den pekar inte ut någon."),
        description=_l("Behövs om texten innehåller något som liknar ett telefonnummer eller en e-postadress."),
    )


class RemoveDialogueForm(FlaskForm):
    """Confirmation before a record is removed."""

    sure = BooleanField(
        _l("Ta bort anteckningen och dess historik. Det går inte att ångra."),
        validators=[InputRequired(_l("Bekräfta att anteckningen ska tas bort."))],
    )
