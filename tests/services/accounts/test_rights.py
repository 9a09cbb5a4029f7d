"""The rights matrix: role × right × scope. What no role is given, nobody may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkat.records.accounts import Role, ScopeKind
from enkat.services.accounts.rights import RIGHTS_OF_ROLE, SCOPE_OF_ROLE, Actor, Grant, Right

PERSONAL = {
    Right.SEE_INTERNAL_RESULTS,
    Right.SEE_ANALYST_RESULTS,
    Right.READ_FREE_TEXTS,
    Right.SEE_RELEASED_FREE_TEXTS,
    Right.SEE_REGISTER,
    Right.MANAGE_REGISTER,
    Right.HANDLE_PROTECTED,
    Right.MANAGE_LETTERS,
    Right.COUNT,
    Right.HOLD_KEY,
}
"""Rights over results, over people, or over the ballot box."""

DISTRICTS = st.integers(1, 4)
SCOPES = st.one_of(
    st.just((ScopeKind.CITY, None)),
    *(st.tuples(st.just(kind), DISTRICTS) for kind in ScopeKind if kind is not ScopeKind.CITY),
)
GRANTS = st.builds(lambda role, scope: Grant(role, *scope), st.sampled_from(Role), SCOPES)
ACTORS = st.builds(lambda grants: Actor(1, "A", "a@b.se", tuple(grants)), st.lists(GRANTS, max_size=5))


def test_every_role_is_in_the_matrix_and_every_right_has_a_holder() -> None:
    assert set(RIGHTS_OF_ROLE) == set(Role)
    assert frozenset().union(*RIGHTS_OF_ROLE.values()) == set(Right)


def test_administering_opens_no_results_no_people_and_no_ballots() -> None:
    assert RIGHTS_OF_ROLE[Role.ADMINISTRATOR].isdisjoint(PERSONAL)


def test_who_runs_the_round_sees_no_results_and_who_sees_results_runs_no_round() -> None:
    results = {Right.SEE_INTERNAL_RESULTS, Right.SEE_ANALYST_RESULTS, Right.READ_FREE_TEXTS}
    assert RIGHTS_OF_ROLE[Role.ROUND_MANAGER].isdisjoint(results)
    assert RIGHTS_OF_ROLE[Role.ANALYST].isdisjoint({Right.COUNT, Right.HOLD_KEY, Right.SEE_REGISTER})


@pytest.mark.parametrize("right", [Right.MANAGE_ACCOUNTS, Right.SEE_AUDIT, Right.COUNT, Right.READ_FREE_TEXTS])
def test_some_rights_have_one_role_only(right: Right) -> None:
    assert len([role for role, rights in RIGHTS_OF_ROLE.items() if right in rights]) == 1


@given(ACTORS, st.sampled_from(Right), DISTRICTS)
def test_a_right_reaches_as_far_as_its_scope(actor: Actor, right: Right, district: int) -> None:
    with_right = [grant for grant in actor.grants if right in RIGHTS_OF_ROLE[grant.role]]
    everywhere = any(grant.scope_kind is ScopeKind.CITY for grant in with_right)
    here = any(grant.scope_kind is ScopeKind.DISTRICT and grant.scope_id == district for grant in with_right)
    assert actor.holds(right) == bool(with_right)
    assert actor.may(right) == everywhere
    assert actor.may(right, district_id=district) == (everywhere or here)
    reached = actor.districts(right)
    assert (reached is None) == everywhere
    assert reached is None or (district in reached) == here


@given(ACTORS)
def test_only_administrators_without_another_role_see_nothing_personal(actor: Actor) -> None:
    if actor.roles() <= {Role.ADMINISTRATOR}:
        assert not any(actor.holds(right) for right in PERSONAL)


@given(ACTORS, st.sampled_from(Right))
def test_a_scope_of_provider_or_unit_never_reaches_a_district(actor: Actor, right: Right) -> None:
    narrow = Actor(
        1, "A", "a@b.se", tuple(g for g in actor.grants if g.scope_kind in {ScopeKind.PROVIDER, ScopeKind.UNIT})
    )
    assert not narrow.may(right)
    assert not any(narrow.may(right, district_id=district) for district in range(1, 5))


def test_roles_of_a_place_give_no_right_over_people() -> None:
    for role in SCOPE_OF_ROLE:
        assert RIGHTS_OF_ROLE[role].isdisjoint(PERSONAL - {Right.SEE_INTERNAL_RESULTS, Right.SEE_RELEASED_FREE_TEXTS})
