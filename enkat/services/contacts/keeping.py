"""Keeping contacts: saved, checked anew, taken away. Everything is written in the log."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.languages import sv_key
from enkat.records.contacts import Contact, ContactSubject, contacts_of
from enkat.records.organisations import District
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import Fault, Faults, NotFoundFault
from enkat.services.register.values import EMAIL, PHONE

STALE: Final = timedelta(days=183)
"""Contacts that nobody has checked for so long are pointed out to staff."""
TEXTS: Final = ("name", "phone", "hours", "email", "address", "website")
_WEBSITE = re.compile(r"https?://[^\s.]+\.\S+")


@dataclass(frozen=True)
class ContactFacts:
    """A contact as somebody states it."""

    subject: ContactSubject
    name: str
    district_id: int | None = None
    phone: str = ""
    hours: str = ""
    email: str = ""
    address: str = ""
    website: str = ""

    def tidied(self) -> "ContactFacts":
        """Return the same without needless space."""
        return ContactFacts(
            self.subject,
            district_id=self.district_id,
            **{name: " ".join(str(getattr(self, name)).split()) for name in TEXTS},
        )

    def faults(self) -> list[Fault]:
        """Return everything that is wrong, each with its field."""
        found = [] if self.name else [Fault("Skriv vem eller vad man vänder sig till.", "name")]
        if self.phone and not PHONE.fullmatch(self.phone):
            found.append(Fault("Telefonnumret har bara siffror, mellanslag och bindestreck.", "phone"))
        if self.email and not EMAIL.fullmatch(self.email):
            found.append(Fault("E-postadressen är inte hel. Skriv den som namn@kommun.se.", "email"))
        if self.website and not _WEBSITE.fullmatch(self.website):
            found.append(Fault("Webbadressen börjar med https:// eller http://.", "website"))
        if not (self.phone or self.email or self.address or self.website):
            found.append(Fault("Skriv minst en väg: telefon, e-post, adress eller webbadress.", "phone"))
        return found


def save_contact(
    session: Session, clock: Clock, facts: ContactFacts, *, account_id: int, contact_id: int | None = None
) -> Contact:
    """Save a new contact or change one; saving it counts as having checked it.

    Raises
    ------
    Faults
        Everything that is wrong.
    NotFoundFault
        If the contact is gone.
    """
    facts = facts.tidied()
    if faults := facts.faults():
        raise Faults("Kontakten är inte sparad.", [one.sentence for one in faults], [one.field for one in faults])
    with writing(session):
        if facts.district_id is not None and session.get(District, facts.district_id) is None:
            raise Fault("Stadsdelen finns inte. Välj en i listan.", "district_id")
        contact = Contact() if contact_id is None else find_contact(session, contact_id)
        for key, value in asdict(facts).items():
            setattr(contact, key, value)
        contact.checked_on = today(clock)
        session.add(contact)
        session.flush()
        _record(session, clock, contact, account_id, "contact.saved")
    return contact


def find_contact(session: Session, contact_id: int) -> Contact:
    """Return a contact or raise NotFoundFault."""
    contact = session.get(Contact, contact_id)
    if contact is None:
        raise NotFoundFault("Kontakten finns inte längre.")
    return contact


def confirm_contact(session: Session, clock: Clock, contact_id: int, *, account_id: int) -> None:
    """Note that a contact is right as it stands."""
    with writing(session):
        contact = find_contact(session, contact_id)
        contact.checked_on = today(clock)
        _record(session, clock, contact, account_id, "contact.confirmed")


def remove_contact(session: Session, clock: Clock, contact_id: int, *, account_id: int) -> None:
    """Take a contact away."""
    with writing(session):
        contact = find_contact(session, contact_id)
        session.delete(contact)
        _record(session, clock, contact, account_id, "contact.removed")


def _record(session: Session, clock: Clock, contact: Contact, account_id: int, action: str) -> None:
    details = {"subject": contact.subject.value, "name": contact.name, "district": contact.district_id}
    record(session, clock, account_id=account_id, action=action, subject=f"contact:{contact.id}", details=details)


def is_stale(contact: Contact, day: date) -> bool:
    """Whether nobody has checked the contact for half a year."""
    return day - contact.checked_on > STALE


def shown_contacts(session: Session, district_id: int | None) -> Mapping[ContactSubject, list[Contact]]:
    """Return whom people in a district turn to, by subject: the district's own contacts, else the whole city's."""
    found = contacts_of(session, district_id)
    shown = {}
    for subject in ContactSubject:
        about = [one for one in found if one.subject is subject]
        own = [one for one in about if one.district_id is not None]
        shown[subject] = own or about
    return shown


def district_names(session: Session) -> list[tuple[int, str]]:
    """Return the districts of today, by name."""
    rows = session.execute(select(District.id, District.name).where(District.valid_to.is_(None)))
    return sorted(((row[0], row[1]) for row in rows), key=lambda row: sv_key(row[1]))
