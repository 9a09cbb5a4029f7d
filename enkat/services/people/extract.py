"""Everything held on one person: a client of the register, or a member of staff. Each extract is written in the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.accounts import Account, StaffSession
from enkat.records.audit import AuditEntry
from enkat.records.calls import Booking, InterviewerCount, InterviewerProfile
from enkat.records.clients import Client, ClientService
from enkat.records.concerns import Concern
from enkat.records.imports import ImportBatch, ImportRow
from enkat.records.invitations import Invitation, InvitationCode, InvitationCorrection
from enkat.records.keys import KeyHolder
from enkat.records.organisations import Unit
from enkat.records.outbox import OutboxMessage
from enkat.records.rounds import RoundUnit, SurveyRound
from enkat.records.waves import ContactWave, WaveRecipient
from enkat.records.writing import writing
from enkat.services.accounts.rights import Actor, Right
from enkat.services.audit.recording import record
from enkat.services.faults import NotFoundFault

MOST_HITS = 50
_NAMES = {"e_post": "e-post"}
NOT_HELD = (
    "Svaren finns inte med. De är låsta med omgångens nyckel och har ingen koppling till en person, "
    "så ingen kan söka fram dem. Påbörjade svar kan bara öppnas med koden i brevet."
)

Section = tuple[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Extract:
    """What is held on a person, section by section; each row is plain names and values."""

    person: str
    made_at: datetime
    sections: tuple[Section, ...]
    remark: str

    def as_json(self) -> dict[str, Any]:
        """Return the extract as JSON values."""
        return {
            "person": self.person,
            "uttaget": self.made_at.isoformat(),
            "avsnitt": dict(self.sections),
            "anmärkning": self.remark,
        }


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return getattr(value, "value", value)


def _row(**values: Any) -> dict[str, Any]:
    return {_NAMES.get(name, name.replace("_", " ")): _plain(value) for name, value in values.items()}


def may_see(actor: Actor, client: Client) -> bool:
    """Whether the actor may see a client; those with protected identity are for their own handler."""
    return actor.holds(Right.HANDLE_PROTECTED if client.protected else Right.MANAGE_REGISTER)


def find_clients(session: Session, actor: Actor, text: str) -> Sequence[Client]:
    """Return the clients whose reference is the text, or whose name holds it, that the actor may see."""
    text = text.strip()
    if not text:
        return []
    match = or_(Client.reference == text, Client.name.icontains(text, autoescape=True))
    hits = session.scalars(select(Client).where(match).order_by(Client.name, Client.id).limit(MOST_HITS))
    return [client for client in hits if may_see(actor, client)]


def extract_client(session: Session, clock: Clock, actor: Actor, client_id: int) -> Extract:
    """Return everything held on a client.

    Raises
    ------
    NotFoundFault
        If there is no such client, or the actor may not see it: the same words.
    """
    client = session.get(Client, client_id)
    if client is None or not may_see(actor, client):
        raise NotFoundFault("Personen finns inte i registret, eller så har du inte rätt att se uppgifterna.")
    sections = (
        ("Register", [_register_row(client)]),
        ("Insatser", _services(session, client)),
        ("Inbjudningar", _invitations(session, client)),
        ("Rättelser av inbjudningar", _corrections(session, client)),
        ("Bokade samtal och besök", _bookings(session, client)),
        ("Utskick", _waves(session, client)),
        ("Inlästa filer", _imports(session, client)),
    )
    _log(session, clock, actor, f"client:{client.id}")
    return Extract(client.reference, clock(), sections, NOT_HELD)


def _log(session: Session, clock: Clock, actor: Actor, subject: str) -> None:
    with writing(session):
        record(session, clock, account_id=actor.account_id, action="person.extracted", subject=subject)


def _register_row(client: Client) -> dict[str, Any]:
    return _row(
        referens=client.reference,
        namn=client.name,
        adress=client.address,
        postnummer=client.postal_code,
        ort=client.town,
        kön={"woman": "kvinna", "man": "man"}[client.sex.value],
        födelseår=client.birth_year,
        språk=client.language,
        kontaktväg=client.contact_channel.label,
        telefon=client.phone,
        e_post=client.email,
        skyddade_uppgifter="ja" if client.protected else "nej",
        lämnade_registret=client.left_on,
        upphört=client.left_reason.label if client.left_reason else None,
    )


def _services(session: Session, client: Client) -> list[dict[str, Any]]:
    query = (
        select(ClientService.service, Unit.code)
        .join(Unit, Unit.id == ClientService.unit_id)
        .where(ClientService.client_id == client.id)
        .order_by(Unit.code, ClientService.service)
    )
    return [_row(insats=service.label, enhet=code) for service, code in session.execute(query)]


def _invitations(session: Session, client: Client) -> list[dict[str, Any]]:
    query = (
        select(Invitation, SurveyRound.title, RoundUnit.name)
        .join(SurveyRound, SurveyRound.id == Invitation.round_id)
        .outerjoin(RoundUnit, (RoundUnit.round_id == Invitation.round_id) & (RoundUnit.unit_id == Invitation.unit_id))
        .where(Invitation.client_id == client.id)
        .order_by(SurveyRound.id)
    )
    rows = []
    for invitation, title, unit in session.execute(query).all():
        codes = session.execute(
            select(InvitationCode.kind, InvitationCode.live).where(InvitationCode.invitation_id == invitation.id)
        ).all()
        rows.append(
            _row(
                omgång=title,
                enhet=unit,
                insats=invitation.service.label,
                kön={"woman": "kvinna", "man": "man"}[invitation.sex.value],
                åldersgrupp=invitation.age_group,
                läge=invitation.status,
                koder=len(codes),
                giltiga_koder=sum(live for _, live in codes),
            )
        )
    return rows


def _corrections(session: Session, client: Client) -> list[dict[str, Any]]:
    query = (
        select(InvitationCorrection)
        .join(Invitation, Invitation.id == InvitationCorrection.invitation_id)
        .where(Invitation.client_id == client.id)
        .order_by(InvitationCorrection.id)
    )
    return [
        _row(dag=one.corrected_on, från=one.old_status, till=one.new_status, skäl=one.reason)
        for one in session.scalars(query)
    ]


def _waves(session: Session, client: Client) -> list[dict[str, Any]]:
    query = (
        select(ContactWave.kind, ContactWave.planned_on, WaveRecipient)
        .join(ContactWave, ContactWave.id == WaveRecipient.wave_id)
        .join(Invitation, Invitation.id == WaveRecipient.invitation_id)
        .where(Invitation.client_id == client.id)
        .order_by(ContactWave.id)
    )
    return [
        _row(vad=kind, dag=day, kanal=one.channel.label, läge=one.state, kan_ha_kommit_igen=one.repeats, fel=one.fault)
        for kind, day, one in session.execute(query)
    ]


def _bookings(session: Session, client: Client) -> list[dict[str, Any]]:
    query = (
        select(Booking)
        .join(Invitation, Invitation.id == Booking.invitation_id)
        .where(Invitation.client_id == client.id)
        .order_by(Booking.round_id)
    )
    return [
        _row(
            omgång=one.round_id,
            önskar=one.wish.label,
            telefon=one.phone,
            fråga_efter=one.ask_for,
            språk=one.language,
            anteckning=one.note,
            dag=one.call_on,
            utfall=one.outcome.label if one.outcome else None,
        )
        for one in session.scalars(query)
    ]


def _imports(session: Session, client: Client) -> list[dict[str, Any]]:
    query = (
        select(ImportRow, ImportBatch.file_name, ImportBatch.staged_at)
        .join(ImportBatch, ImportBatch.id == ImportRow.batch_id)
        .where(ImportRow.identity == client.reference)
        .order_by(ImportRow.id)
    )
    return [
        {"fil": name, "inläst": staged.isoformat(), "rad": row.row_number, **row.cells}
        for row, name, staged in session.execute(query)
    ]


def extract_account(session: Session, clock: Clock, actor: Actor, account_id: int) -> Extract:
    """Return everything held on a member of staff.

    Raises
    ------
    NotFoundFault
        If there is no such account.
    """
    account = session.get(Account, account_id)
    if account is None:
        raise NotFoundFault("Kontot finns inte.")
    sections = (
        ("Konto", [_account_row(account)]),
        ("Roller", [_role_row(grant) for grant in account.roles]),
        ("Inloggningar", _logins(session, account)),
        ("Nyckeldelar", _key_shares(session, account)),
        ("Intervjuer", _asking(session, account)),
        ("Noterad oro", _concerns(session, account)),
        ("Mejl", _messages(session, account)),
        ("Logg", _log_rows(session, account)),
    )
    _log(session, clock, actor, f"account:{account.id}")
    remark = "Lösenord och nyckeln till engångskoder lagras så att de inte kan läsas, och finns inte med."
    return Extract(account.email, clock(), sections, remark)


def _account_row(account: Account) -> dict[str, Any]:
    return _row(
        namn=account.name,
        e_post=account.email,
        läge=account.state,
        skapat=account.created_at,
        stängt=account.closed_at,
        engångskoder="ja" if account.totp_confirmed else "nej",
    )


def _role_row(grant: Any) -> dict[str, Any]:
    return _row(
        roll=grant.role,
        gäller=grant.scope_kind,
        nummer=grant.scope_id,
        från=grant.granted_at,
        till=grant.revoked_at,
    )


def _logins(session: Session, account: Account) -> list[dict[str, Any]]:
    query = select(StaffSession).where(StaffSession.account_id == account.id).order_by(StaffSession.created_at)
    return [_row(inloggad=one.created_at, senast_sedd=one.last_seen_at) for one in session.scalars(query)]


def _key_shares(session: Session, account: Account) -> list[dict[str, Any]]:
    query = select(KeyHolder).where(KeyHolder.account_id == account.id).order_by(KeyHolder.id)
    return [
        _row(omgång=one.round_id, namn=one.name, provad=one.tested_on, ersatt=one.replaced_on, förstörd=one.shredded_on)
        for one in session.scalars(query)
    ]


def _asking(session: Session, account: Account) -> list[dict[str, Any]]:
    """Return where somebody who asks works, the counters of what they have done, and their bookings."""
    profile = session.get(InterviewerProfile, account.id)
    counts = select(InterviewerCount).where(InterviewerCount.account_id == account.id)
    booked = select(Booking).where(Booking.interviewer_id == account.id)
    return [
        *([_row(organisation=profile.organisation)] if profile else []),
        *(_row(omgång=one.round_id, utfall=one.outcome.label, antal=one.n) for one in session.scalars(counts)),
        *(_row(omgång=one.round_id, bokad_dag=one.call_on, önskan=one.wish.label) for one in session.scalars(booked)),
    ]


def _concerns(session: Session, account: Account) -> list[dict[str, Any]]:
    mine = or_(Concern.registered_by_id == account.id, Concern.received_by_id == account.id)
    return [
        _row(enhet=one.unit_id, noterad=one.registered_on, mottagen=one.received_on, text=one.description)
        for one in session.scalars(select(Concern).where(mine).order_by(Concern.id))
    ]


def _messages(session: Session, account: Account) -> list[dict[str, Any]]:
    query = select(OutboxMessage).where(func.lower(OutboxMessage.recipient) == account.email)
    return [
        _row(rubrik=one.subject, köad=one.queued_at, klar=one.finished_at, läge=one.state)
        for one in session.scalars(query.order_by(OutboxMessage.id))
    ]


def _log_rows(session: Session, account: Account) -> list[dict[str, Any]]:
    subject = f"account:{account.id}"
    mine = or_(AuditEntry.account_id == account.id, AuditEntry.subject == subject)
    query = select(AuditEntry).where(mine).order_by(AuditEntry.sequence)
    return [
        _row(nummer=one.sequence, när=one.happened_at, vad=one.action, gäller=one.subject)
        for one in session.scalars(query)
    ]
