"""A provider's own people: its head invites managers and deputies to its units, and hands a unit over."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from enkat.clock import Clock, today
from enkat.languages import sv_key
from enkat.records.accounts import Account, AccountState, Role, RoleGrant, ScopeKind
from enkat.records.writing import writing
from enkat.services.accounts import managing
from enkat.services.accounts.login import normal_email
from enkat.services.accounts.rights import Actor, Grant, Right
from enkat.services.accounts.scopes import own_units
from enkat.services.faults import Fault, NotFoundFault
from enkat.settings import Settings

UNIT_ROLES = (Role.UNIT_MANAGER, Role.UNIT_DEPUTY)


@dataclass(frozen=True)
class OwnPerson:
    """Somebody's role in one of the provider's units."""

    grant_id: int
    account_id: int
    name: str
    email: str
    state: AccountState
    role: Role
    unit_id: int


def people_of(session: Session, clock: Clock, actor: Actor) -> dict[int, list[OwnPerson]]:
    """Return who works in each unit that the actor answers for, managers first; a unit without anybody has none."""
    units = {period.unit_id for period in own_units(session, actor, Right.MANAGE_OWN_PEOPLE, today(clock))}
    query = (
        select(RoleGrant)
        .options(selectinload(RoleGrant.account))
        .where(
            RoleGrant.scope_kind == ScopeKind.UNIT,
            RoleGrant.scope_id.in_(units),
            RoleGrant.revoked_at.is_(None),
            RoleGrant.role.in_(UNIT_ROLES),
        )
    )
    found: dict[int, list[OwnPerson]] = {unit: [] for unit in units}
    for grant in session.scalars(query):
        person, unit_id = grant.account, grant.scope_id
        if person.state is AccountState.CLOSED or unit_id is None:
            continue
        found[unit_id].append(
            OwnPerson(grant.id, person.id, person.name, person.email, person.state, grant.role, unit_id)
        )
    for people in found.values():
        people.sort(key=lambda one: (UNIT_ROLES.index(one.role), sv_key(one.name)))
    return found


def _require_own(session: Session, clock: Clock, actor: Actor, unit_id: int | None) -> None:
    if unit_id not in {period.unit_id for period in own_units(session, actor, Right.MANAGE_OWN_PEOPLE, today(clock))}:
        raise NotFoundFault("Enheten finns inte bland utförarens enheter.")


def give_unit(
    session: Session,
    clock: Clock,
    settings: Settings,
    actor: Actor,
    *,
    email: str,
    name: str,
    role: Role,
    unit_id: int,
    replaces: int | None = None,
) -> Account:
    """Give a person a role in a unit, inviting who has no account; with `replaces` another person's role ends.

    Raises
    ------
    NotFoundFault
        If the unit is not the provider's, or the role to end is gone.
    Fault
        If the role is none of a unit's, or the person cannot be invited.
    """
    _require_own(session, clock, actor, unit_id)
    if role not in UNIT_ROLES:
        raise Fault("Välj enhetschef eller biträdande enhetschef.", "role")
    grant = Grant(role, ScopeKind.UNIT, unit_id)
    with writing(session):
        account = session.scalars(select(Account).where(Account.email == normal_email(email))).one_or_none()
        if account is None:
            account = managing.create_account(
                session, clock, settings, email=email, name=name, grants=[grant], by=actor.account_id
            )
        else:
            managing.grant_role(session, clock, account.id, grant, by=actor.account_id)
        if replaces is not None:
            take_unit(session, clock, actor, replaces)
    return account


def take_unit(session: Session, clock: Clock, actor: Actor, grant_id: int) -> None:
    """End a person's role in one of the provider's units; the account stays, with its other roles.

    Raises
    ------
    NotFoundFault
        If the role is gone, or is none of the provider's units.
    """
    grant = session.get(RoleGrant, grant_id)
    if grant is None or grant.role not in UNIT_ROLES or grant.scope_kind is not ScopeKind.UNIT:
        raise NotFoundFault("Rollen finns inte längre.")
    _require_own(session, clock, actor, grant.scope_id)
    managing.revoke_role(session, clock, grant.account_id, grant_id, by=actor.account_id)
