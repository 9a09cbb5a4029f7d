"""Forms of accounts and roles."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from enkat.records.accounts import Role, ScopeKind
from enkat.services.accounts.listing import ROLE_HINTS, ROLE_TEXTS
from enkat.services.accounts.rights import Grant
from enkat.services.accounts.scopes import Place

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
    scope = SelectField(
        _l("Gäller"),
        description=_l("En stadsdel, utförare eller enhet, för roller som bara gäller där."),
        validate_choice=True,
    )

    def offer_places(self, places: Iterable[Place]) -> None:
        """Offer what a role may be limited to."""
        self.scope.choices = [
            SelectChoice(WHOLE_CITY, _l("Hela staden")),
            *(SelectChoice(f"{place.kind}:{place.id}", place.text) for place in places),
        ]

    def grant(self) -> Grant:
        """Return the role that was chosen, with its scope."""
        kind, _colon, place = str(self.scope.data or WHOLE_CITY).partition(":")
        scope = (ScopeKind(kind), int(place)) if place else (ScopeKind.CITY, None)
        return Grant(Role(self.role.data), *scope)


class AccountForm(PersonForm, RoleForm):
    """A person to invite, with a first role."""
