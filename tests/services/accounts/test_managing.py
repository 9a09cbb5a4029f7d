"""Accounts and roles: what is refused is refused in plain words, and everything stands in the log."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.accounts import AccountState, Role, RoleGrant, ScopeKind
from enkat.records.audit import AuditEntry
from enkat.records.organisations import District
from enkat.records.outbox import OutboxMessage
from enkat.records.writing import writing
from enkat.services.accounts import listing, managing
from enkat.services.accounts.rights import Grant
from enkat.services.accounts.sessions import actor_of, find_session, start_session
from enkat.services.faults import ConflictFault, Fault, NotFoundFault
from enkat.settings import Settings
from tests.clocks import FixedClock
from tests.factories.accounts import make_account

ANALYST = Grant(Role.ANALYST, ScopeKind.CITY, None)


def _create(session: Session, clock: FixedClock, settings: Settings, **changes: object) -> None:
    values = {"email": "bo@a.se", "name": "Bo Berg", "grants": [ANALYST], "by": None, **changes}
    managing.create_account(session, clock, settings, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "bo"}, "email"),
        ({"email": "bo @a.se"}, "email"),
        ({"name": " "}, "name"),
        ({"grants": [Grant(Role.DISTRICT_READER, ScopeKind.CITY, None)]}, "scope"),
        ({"grants": [Grant(Role.DISTRICT_READER, ScopeKind.DISTRICT, 99)]}, "scope"),
        ({"grants": [Grant(Role.ANALYST, ScopeKind.DISTRICT, 1)]}, "scope"),
        ({"grants": [ANALYST, ANALYST]}, "role"),
    ],
)
def test_an_account_that_makes_no_sense_is_refused_whole(
    session: Session, clock: FixedClock, app_settings: Settings, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Fault) as told:
        _create(session, clock, app_settings, **changes)
    assert told.value.field == field
    assert listing.all_accounts(session) == []
    assert session.scalars(select(OutboxMessage)).all() == []


def test_an_address_has_one_account(session: Session, clock: FixedClock, app_settings: Settings) -> None:
    _create(session, clock, app_settings, email=" Bo@A.se ")
    with pytest.raises(ConflictFault):
        _create(session, clock, app_settings)
    assert listing.by_email(session, "BO@a.se").email == "bo@a.se"
    with pytest.raises(NotFoundFault):
        listing.by_email(session, "ada@a.se")


def test_a_role_is_given_taken_and_given_again(session: Session, clock: FixedClock) -> None:
    administrator = make_account(session, clock, Role.ADMINISTRATOR)
    other = make_account(session, clock)
    with writing(session):
        session.add(District(id=7, name="Norr", valid_from=clock().date()))
    grant = Grant(Role.DISTRICT_READER, ScopeKind.DISTRICT, 7)
    for _ in range(2):
        managing.grant_role(session, clock, other.id, grant, by=administrator.id)
        (view,) = listing.grants_of(session, other)
        assert listing.role_text(view) == "Stadsdelsläsare (Norr)"
        managing.revoke_role(session, clock, other.id, view.id, by=administrator.id)
        assert actor_of(other).roles() == frozenset()
        with pytest.raises(NotFoundFault):
            managing.revoke_role(session, clock, other.id, view.id, by=administrator.id)
    assert len(session.scalars(select(RoleGrant).where(RoleGrant.account_id == other.id)).all()) == 2
    assert [e.action for e in session.scalars(select(AuditEntry))] == ["role.granted", "role.revoked"] * 2
    assert {e.account_id for e in session.scalars(select(AuditEntry))} == {administrator.id}


def test_the_last_administrator_keeps_role_and_account(session: Session, clock: FixedClock) -> None:
    only = make_account(session, clock, Role.ADMINISTRATOR)
    make_account(session, clock, Role.ADMINISTRATOR, state=AccountState.INVITED)
    (view,) = listing.grants_of(session, only)
    with pytest.raises(Fault, match="minst en administratör"):
        managing.revoke_role(session, clock, only.id, view.id, by=None)
    with pytest.raises(Fault, match="minst en administratör"):
        managing.close_account(session, clock, only.id, by=None)
    assert only.state is AccountState.ACTIVE


def test_inviting_anew_forgets_everything_that_opens_the_account(
    session: Session, clock: FixedClock, app_settings: Settings
) -> None:
    other = make_account(session, clock, Role.ANALYST)
    token = start_session(session, clock, other, second_factor=True)
    managing.invite_again(session, clock, app_settings, other.id, by=None)
    assert other.state is AccountState.INVITED
    assert (other.password_hash, other.totp_wrapped, other.totp_confirmed) == (None, None, False)
    assert find_session(session, clock, app_settings, token) is None
    assert actor_of(other).roles() == {Role.ANALYST}
    assert session.scalars(select(OutboxMessage.account_id)).one() == other.id


def test_swedish_names_sort_as_swedes_sort(session: Session, clock: FixedClock) -> None:
    for name in ("Ärla", "Zoe", "Åke", "Anna", "Östen"):
        make_account(session, clock, name=name)
    assert [account.name for account, _ in listing.all_accounts(session)] == ["Anna", "Zoe", "Åke", "Ärla", "Östen"]
    assert [account.name for account, _ in listing.all_accounts(session, "ke")] == ["Åke"]
