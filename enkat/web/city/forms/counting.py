"""Forms of keys, rehearsal, count and destruction."""

from typing import TypeVar

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

_SHARE_LENGTH = 600


class MakeKeysForm(FlaskForm):
    """Who is to hold a share, and how many are needed."""

    names = TextAreaField(
        _l("Nyckelhållare"),
        description=_l(
            "En person per rad, tre är vanligt. Skriv e-postadressen för den som har ett konto här: då kommer "
            "påminnelser av sig själva. Annars räcker namnet."
        ),
        validators=[InputRequired(_l("Skriv minst ett namn.")), Length(max=3000)],
    )
    needed = IntegerField(
        _l("Antal delar som behövs för att räkna"),
        default=2,
        validators=[InputRequired(_l("Skriv ett antal.")), NumberRange(1, 16, _l("Välj 1 till 16."))],
        render_kw={"class": "short"},
    )


class SharesForm(FlaskForm):
    """A field per share; `shares_form` makes as many as there are holders."""

    def given(self) -> list[str]:
        """Return the shares that are filled in."""
        fields = (field for field in self if field.name.startswith("share_"))
        return [field.data for field in fields if field.data and field.data.strip()]


Form = TypeVar("Form", bound=SharesForm)


class CountForm(SharesForm):
    """Shares, and the number of unreadable ballots that the holders accept."""

    accept_unreadable = IntegerField(
        _l("Oläsliga valsedlar att räkna utan"),
        description=_l("Lämna tomt. Behövs bara om en räkning har sagt att valsedlar inte går att läsa."),
        validators=[Optional(), NumberRange(0, 10**6, _l("Skriv ett antal."))],
        render_kw={"class": "short"},
    )


class ReplaceForm(SharesForm):
    """Who leaves, who takes over, and the shares of those who remain."""

    leaving = SelectField(_l("Den som lämnar"), coerce=int)
    successor = StringField(
        _l("Den som tar över"),
        description=_l("Personens namn, eller e-postadressen för den som har ett konto här."),
        validators=[InputRequired(_l("Skriv ett namn.")), Length(max=254)],
    )


def shares_form(base: type[Form], number: int) -> Form:
    """Return a form with so many fields for shares."""
    fields = {
        f"share_{part}": TextAreaField(
            _l("Nyckeldel %(number)s", number=part),
            validators=[Optional(), Length(max=_SHARE_LENGTH)],
            render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"},
        )
        for part in range(1, number + 1)
    }
    made: Form = type(base.__name__, (base,), fields)()
    return made
