"""Forms of keying: a sheet's line of keys with its texts, the word on what differs, a concern."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from enkat.services.paper.key_strokes import KeyField

TEXT, KEY = "text_", "key_"


def keying_form(texts: Sequence[tuple[str, int, str]]) -> FlaskForm:
    """Return a form for a sheet: one line of keys, and a field for each free text (id, number, words)."""
    fields = {
        "sheet": HiddenField(),
        "keys": StringField(
            _l("Tecken"),
            description=_l("Ett per fråga. 0 = tomt, * = två kryss, / = går inte att läsa. Sudda för att backa."),
            validators=[InputRequired(_l("Skriv ett tecken för varje fråga."))],
            render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"},
        ),
    }
    for question_id, number, words in texts:
        fields[TEXT + question_id] = TextAreaField(f"{number}. {words}", render_kw={"rows": "3"})
    return type("KeyingForm", (FlaskForm,), fields)()


def deciding_form(differing: Sequence[KeyField]) -> FlaskForm:
    """Return a form with one key for each question that two keyings read differently."""
    fields = {"sheet": HiddenField()}
    for one in differing:
        fields[KEY + one.number] = StringField(
            f"{one.number}. {one.label}",
            description=" · ".join(f"{box.key} {box.label}" for box in one.boxes),
            validators=[Length(max=1, message=_l("Skriv ett enda tecken."))],
            render_kw={"autocomplete": "off", "class": "short"},
        )
    return type("DecidingForm", (FlaskForm,), fields)()


class ConcernForm(FlaskForm):
    """What worries whoever keys a sheet."""

    sheet = HiddenField()
    description = TextAreaField(
        _l("Vad oroar dig?"),
        description=_l("Skriv inte vem det gäller. Skriv vad som står på bladet, kort."),
        validators=[InputRequired(_l("Skriv kort vad som oroar dig."))],
    )
