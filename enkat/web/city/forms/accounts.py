"""Forms of accounts and roles."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from enkat.records.accounts import Role
from enkat.services.accounts.listing import ROLE_HINTS, ROLE_TEXTS

WHOLE_CITY = ""


class PersonForm(FlaskForm):
    """Who is invited."""

    name = StringField(
        _l("Namn"),
        validators=[InputRequired(_l("Skriv personens namn.")), Length(max=200)],
        render_kw={"autocomplete": "off"},
    )
    email = EmailField(
        _l("E-postadress"),
        description=_l("Inbjudan skickas hit. Adressen är också namnet som personen loggar in med."),
        validators=[InputRequired(_l("Skriv personens e-postadress.")), Length(max=254)],
        render_kw={"autocomplete": "off"},
    )


class RoleForm(FlaskForm):
    """A role within a scope."""

    role = RadioField(
        _l("Roll"),
        choices=[SelectChoice(role.value, f"{ROLE_TEXTS[role]}: {ROLE_HINTS[role]}") for role in Role],
        validators=[InputRequired(_l("Välj en roll."))],
    )
    district_id = SelectField(
        _l("Stadsdel"),
        description=_l("Bara för stadsdelsläsare. Alla andra roller gäller hela staden."),
        validate_choice=True,
    )

    def offer_districts(self, districts: list[tuple[int, str]]) -> None:
        """Offer the districts to choose among."""
        self.district_id.choices = [
            SelectChoice(WHOLE_CITY, "–"),
            *(SelectChoice(str(number), name) for number, name in districts),
        ]


class AccountForm(PersonForm, RoleForm):
    """A person to invite, with a first role."""
