"""Whom people in the demo city turn to with feedback, complaints or a wish to change provider."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.contacts import ContactSubject
from enkat.records.organisations import District
from enkat.services.contacts.keeping import ContactFacts, save_contact

HOURS = "vardagar 9–16"
OF_CITY = (
    ContactFacts(ContactSubject.FEEDBACK, "Kontaktcenter", phone="020-00 00 02", hours=HOURS),
    ContactFacts(ContactSubject.COMPLAINT, "Äldreombudsmannen", phone="020-00 00 03", email="klagomal@example.org"),
    ContactFacts(ContactSubject.CHANGE_PROVIDER, "Biståndsenheten", phone="020-00 00 04", hours=HOURS),
)


def add_contacts(session: Session, clock: Clock, by: int) -> None:
    """Write down the whole city's contacts, and the first district's own for complaints."""
    first = session.scalars(select(District).order_by(District.name)).first()
    own = (
        []
        if first is None
        else [
            ContactFacts(
                ContactSubject.COMPLAINT,
                f"Stadsdelsnämnden i {first.name}",
                first.id,
                phone="020-00 00 05",
                hours=HOURS,
            )
        ]
    )
    for facts in (*OF_CITY, *own):
        save_contact(session, clock, facts, account_id=by)
