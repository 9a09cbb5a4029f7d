"""Where those who ask are employed, and that nobody asks about an employer of their own."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.languages import sv_key
from enkat.records.accounts import Account, Role, RoleGrant
from enkat.records.calls import InterviewerProfile
from enkat.records.organisations import Provider
from enkat.records.rounds import RoundUnit
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import ConflictFault, Fault, NotFoundFault


class OwnProviderFault(ConflictFault):
    """Whoever asks works for the provider that is asked about."""


def profile_of(session: Session, account_id: int) -> InterviewerProfile | None:
    """Return where somebody who asks is employed; None where it is not noted."""
    return session.get(InterviewerProfile, account_id)


def providers(session: Session) -> list[tuple[int, str]]:
    """Return the providers to choose among, by name."""
    rows = session.execute(select(Provider.id, Provider.name))
    return sorted(((number, name) for number, name in rows), key=lambda row: sv_key(row[1]))


def set_profile(
    session: Session, clock: Clock, account_id: int, *, organisation: str, provider_id: int | None, by: int | None
) -> InterviewerProfile:
    """Note where somebody who asks is employed.

    Raises
    ------
    Fault
        The organisation is missing, or is a provider of the register without being chosen as one.
    """
    organisation = " ".join(organisation.split())
    if not organisation:
        raise Fault("Skriv vilken organisation personen arbetar för.", "organisation")
    known = {name.casefold(): number for number, name in providers(session)}
    if provider_id is not None and provider_id not in known.values():
        raise Fault("Utföraren finns inte. Välj en ur listan.", "provider_id")
    if provider_id is None and organisation.casefold() in known:
        raise Fault("Organisationen är en utförare i registret. Välj den i listan också.", "provider_id")
    with writing(session):
        if session.get(Account, account_id) is None:
            raise NotFoundFault("Kontot finns inte.")
        profile = session.get(InterviewerProfile, account_id) or InterviewerProfile(account_id=account_id)
        profile.organisation, profile.provider_id = organisation, provider_id
        session.add(profile)
        details = {"organisation": organisation, "provider": provider_id}
        subject = f"account:{account_id}"
        record(session, clock, account_id=by, action="interviewer.employed", subject=subject, details=details)
    return profile


def require_independent(session: Session, account_id: int, *, round_id: int, unit_id: int) -> None:
    """Refuse, in words, whoever works for the unit's provider, and an assistant whose employer is not noted."""
    profile = profile_of(session, account_id)
    if profile is None:
        if _is_assistant(session, account_id):
            raise Fault("Frågeassistentens organisation är inte noterad. Notera den på kontot först.", "interviewer")
        return
    unit = session.get(RoundUnit, {"round_id": round_id, "unit_id": unit_id})
    if unit is not None and profile.provider_id == unit.provider_id:
        raise OwnProviderFault(
            f"Den som frågar arbetar hos {unit.provider_name}, som ger hjälpen. Välj någon som inte gör det.",
            "interviewer",
        )


def _is_assistant(session: Session, account_id: int) -> bool:
    held = select(RoleGrant.id).where(
        RoleGrant.account_id == account_id, RoleGrant.role == Role.ASSISTANT, RoleGrant.revoked_at.is_(None)
    )
    return session.scalars(held).first() is not None
