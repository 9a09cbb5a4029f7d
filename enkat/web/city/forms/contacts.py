"""The form of a contact for feedback, complaints and changes of provider."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, SelectField, StringField, TelField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from enkat.records.contacts import Contact, ContactSubject
from enkat.services.contacts.keeping import TEXTS, ContactFacts

SUBJECTS = {
    ContactSubject.FEEDBACK: _l("Tycka till: beröm, förslag och synpunkter"),
    ContactSubject.COMPLAINT: _l("Klaga"),
    ContactSubject.CHANGE_PROVIDER: _l("Byta utförare"),
}
WHOLE_CITY = ""


class ContactForm(FlaskForm):
    """Whom people turn to, with what, and how."""

    subject = RadioField(
        _l("Gäller"),
        choices=[SelectChoice(subject.value, text) for subject, text in SUBJECTS.items()],
        validators=[InputRequired(_l("Välj vad kontakten gäller."))],
    )
    district_id = SelectField(
        _l("Var"), description=_l("En stadsdels egna kontakter visas i stället för hela stadens.")
    )
    name = StringField(
        _l("Namn"),
        description=_l("Till exempel: Äldreombudsmannen, eller stadsdelens kontaktcenter."),
        validators=[InputRequired(_l("Skriv vem eller vad man vänder sig till.")), Length(max=200)],
    )
    phone = TelField(_l("Telefon"), validators=[Length(max=40)])
    hours = StringField(
        _l("Telefontider"), description=_l("Till exempel: vardagar 9–16."), validators=[Length(max=100)]
    )
    email = EmailField(_l("E-postadress"), validators=[Length(max=254)])
    address = StringField(_l("Postadress eller besöksadress"), validators=[Length(max=200)])
    website = StringField(_l("Webbadress"), validators=[Length(max=300)], render_kw={"inputmode": "url"})

    def offer_districts(self, districts: Iterable[tuple[int, str]]) -> None:
        """Offer the whole city and its districts."""
        self.district_id.choices = [
            SelectChoice(WHOLE_CITY, _l("Hela staden")),
            *(SelectChoice(str(number), name) for number, name in districts),
        ]

    def show(self, contact: Contact) -> None:
        """Fill in a contact as it stands."""
        self.subject.data = contact.subject.value
        self.district_id.data = str(contact.district_id or WHOLE_CITY)

    @property
    def facts(self) -> ContactFacts:
        """What was written."""
        texts = {name: self[name].data or "" for name in TEXTS}
        district_id = int(self.district_id.data) if self.district_id.data else None
        return ContactFacts(subject=ContactSubject(self.subject.data), district_id=district_id, **texts)
