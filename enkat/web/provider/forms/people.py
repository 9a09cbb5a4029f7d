"""Forms about who works in a provider's units."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from enkat.services.accounts.listing import ROLE_TEXTS
from enkat.services.accounts.own_people import UNIT_ROLES, OwnPerson

NOBODY = ""


class OwnPersonForm(FlaskForm):
    """Who is to work in a unit, and whom the person replaces."""

    name = StringField(
        _l("Namn"),
        validators=[InputRequired(_l("Skriv personens namn.")), Length(max=200)],
        render_kw={"autocomplete": "off"},
    )
    email = EmailField(
        _l("E-postadress"),
        description=_l("Inbjudan skickas hit. Har personen redan ett konto får det rollen."),
        validators=[InputRequired(_l("Skriv personens e-postadress.")), Length(max=254)],
        render_kw={"autocomplete": "off"},
    )
    role = RadioField(
        _l("Roll"),
        choices=[SelectChoice(role.value, ROLE_TEXTS[role]) for role in UNIT_ROLES],
        default=UNIT_ROLES[0].value,
        validators=[InputRequired(_l("Välj en roll."))],
    )
    replaces = SelectField(
        _l("Tar över efter"),
        description=_l("Den som lämnar ser inte enheten längre. Det som är gjort står kvar."),
    )

    def offer_predecessors(self, people: Iterable[OwnPerson]) -> None:
        """Offer those whose place the person may take."""
        self.replaces.choices = [
            SelectChoice(NOBODY, _l("Ingen")),
            *(SelectChoice(str(one.grant_id), f"{one.name}, {ROLE_TEXTS[one.role].lower()}") for one in people),
        ]

    @property
    def predecessor(self) -> int | None:
        """The role that ends, if any."""
        return int(self.replaces.data) if self.replaces.data else None
