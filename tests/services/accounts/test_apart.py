"""Who keys paper can hold nothing that shows who has a code."""

import pytest
from sqlalchemy.orm import Session

from enkat.records.accounts import Role, ScopeKind
from enkat.services.accounts.managing import grant_role
from enkat.services.accounts.rights import Grant
from enkat.services.faults import ConflictFault
from tests.clocks import FixedClock
from tests.factories.accounts import make_account

NAMES = (Role.ROUND_MANAGER, Role.PROTECTED_IDENTITY_HANDLER, Role.INTERVIEWER)


@pytest.mark.parametrize("role", NAMES)
def test_keying_is_never_joined_with_names(session: Session, clock: FixedClock, role: Role) -> None:
    keyer, other = make_account(session, clock, Role.KEYER), make_account(session, clock, role)
    with pytest.raises(ConflictFault, match="nå registret"):
        grant_role(session, clock, keyer.id, Grant(role, ScopeKind.CITY, None), by=None)
    with pytest.raises(ConflictFault, match="nå registret"):
        grant_role(session, clock, other.id, Grant(Role.KEYER, ScopeKind.CITY, None), by=None)


def test_opening_and_keying_can_be_one_persons(session: Session, clock: FixedClock) -> None:
    keyer = make_account(session, clock, Role.KEYER)
    grant_role(session, clock, keyer.id, Grant(Role.OPENER, ScopeKind.CITY, None), by=None)
