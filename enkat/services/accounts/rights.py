"""The one rights layer: which role may do what, within which scope. Everything not listed is refused."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from enkat.records.accounts import Role, ScopeKind


class Right(enum.StrEnum):
    """Something that a member of staff may do."""

    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_SETTINGS = "manage_settings"
    SEE_AUDIT = "see_audit"
    SEE_INSTRUMENTS = "see_instruments"
    SEE_REGISTER = "see_register"
    MANAGE_REGISTER = "manage_register"
    SEE_ROUNDS = "see_rounds"
    MANAGE_ROUNDS = "manage_rounds"
    MANAGE_LETTERS = "manage_letters"
    HANDLE_PROTECTED = "handle_protected"
    COUNT = "count"
    HOLD_KEY = "hold_key"
    READ_FREE_TEXTS = "read_free_texts"
    SEE_RELEASED_FREE_TEXTS = "see_released_free_texts"
    SEE_INTERNAL_RESULTS = "see_internal_results"
    SEE_ANALYST_RESULTS = "see_analyst_results"
    MANAGE_RETENTION = "manage_retention"
    MANAGE_SERIES = "manage_series"
    MANAGE_TARGETS = "manage_targets"
    INTERVIEW = "interview"
    HANDLE_CONCERNS = "handle_concerns"
    MANAGE_CONTACTS = "manage_contacts"
    SEE_OWN_RESULTS = "see_own_results"
    MANAGE_OWN_PEOPLE = "manage_own_people"
    OPEN_PAPER = "open_paper"
    KEY_PAPER = "key_paper"
    KEEP_DIALOGUES = "keep_dialogues"


RIGHTS_OF_ROLE: dict[Role, frozenset[Right]] = {
    Role.ADMINISTRATOR: frozenset(
        {
            Right.MANAGE_ACCOUNTS,
            Right.MANAGE_SETTINGS,
            Right.SEE_AUDIT,
            Right.SEE_INSTRUMENTS,
            Right.SEE_ROUNDS,
            Right.MANAGE_RETENTION,
            Right.MANAGE_CONTACTS,
        }
    ),
    Role.ROUND_MANAGER: frozenset(
        {
            Right.SEE_INSTRUMENTS,
            Right.SEE_REGISTER,
            Right.MANAGE_REGISTER,
            Right.SEE_ROUNDS,
            Right.MANAGE_ROUNDS,
            Right.MANAGE_LETTERS,
            Right.COUNT,
            Right.MANAGE_SERIES,
            Right.MANAGE_TARGETS,
            Right.MANAGE_CONTACTS,
            Right.KEEP_DIALOGUES,
        }
    ),
    Role.ANALYST: frozenset(
        {
            Right.SEE_INSTRUMENTS,
            Right.SEE_ROUNDS,
            Right.SEE_INTERNAL_RESULTS,
            Right.SEE_ANALYST_RESULTS,
            Right.SEE_RELEASED_FREE_TEXTS,
            Right.MANAGE_SERIES,
            Right.MANAGE_TARGETS,
        }
    ),
    Role.KEY_HOLDER: frozenset({Right.HOLD_KEY, Right.SEE_ROUNDS}),
    Role.FREE_TEXT_READER: frozenset({Right.READ_FREE_TEXTS, Right.SEE_ROUNDS}),
    Role.DISTRICT_READER: frozenset(
        {
            Right.KEEP_DIALOGUES,
            Right.SEE_ROUNDS,
            Right.SEE_INSTRUMENTS,
            Right.SEE_INTERNAL_RESULTS,
            Right.SEE_RELEASED_FREE_TEXTS,
        }
    ),
    Role.PROTECTED_IDENTITY_HANDLER: frozenset({Right.HANDLE_PROTECTED, Right.SEE_ROUNDS}),
    Role.INTERVIEWER: frozenset({Right.INTERVIEW}),
    Role.ASSISTANT: frozenset({Right.INTERVIEW}),
    Role.OPENER: frozenset({Right.OPEN_PAPER}),
    Role.KEYER: frozenset({Right.KEY_PAPER}),
    Role.CONCERN_HANDLER: frozenset({Right.HANDLE_CONCERNS}),
    Role.PROVIDER_HEAD: frozenset({Right.SEE_OWN_RESULTS, Right.MANAGE_OWN_PEOPLE}),
    Role.UNIT_MANAGER: frozenset({Right.SEE_OWN_RESULTS}),
    Role.UNIT_DEPUTY: frozenset({Right.SEE_OWN_RESULTS}),
}


SCOPE_OF_ROLE = {
    Role.DISTRICT_READER: ScopeKind.DISTRICT,
    Role.PROVIDER_HEAD: ScopeKind.PROVIDER,
    Role.UNIT_MANAGER: ScopeKind.UNIT,
    Role.UNIT_DEPUTY: ScopeKind.UNIT,
}
"""What roles are given for; all others hold for the whole city."""


def scope_of(role: Role) -> ScopeKind:
    """Return what a role is given for."""
    return SCOPE_OF_ROLE.get(role, ScopeKind.CITY)


@dataclass(frozen=True)
class Grant:
    """A role within a scope; `scope_id` is None for the whole city."""

    role: Role
    scope_kind: ScopeKind
    scope_id: int | None


@dataclass(frozen=True)
class Actor:
    """Who acts: an account with its grants, as rights see it."""

    account_id: int
    name: str
    email: str
    grants: tuple[Grant, ...]

    def _grants_with(self, right: Right) -> Iterable[Grant]:
        return (grant for grant in self.grants if right in RIGHTS_OF_ROLE[grant.role])

    def holds(self, right: Right) -> bool:
        """Whether the actor holds the right in any scope."""
        return any(True for _ in self._grants_with(right))

    def may(self, right: Right, *, district_id: int | None = None) -> bool:
        """Whether the actor holds the right for the whole city, or for this district."""
        return any(
            grant.scope_kind is ScopeKind.CITY
            or (grant.scope_kind is ScopeKind.DISTRICT and district_id is not None and grant.scope_id == district_id)
            for grant in self._grants_with(right)
        )

    def districts(self, right: Right) -> frozenset[int] | None:
        """Return the districts the right is limited to; None means the whole city."""
        grants = list(self._grants_with(right))
        if any(grant.scope_kind is ScopeKind.CITY for grant in grants):
            return None
        return self.within(right, ScopeKind.DISTRICT)

    def within(self, right: Right, kind: ScopeKind) -> frozenset[int]:
        """Return the places of a kind that the actor holds the right for."""
        return frozenset(
            grant.scope_id
            for grant in self._grants_with(right)
            if grant.scope_kind is kind and grant.scope_id is not None
        )

    def roles(self) -> frozenset[Role]:
        """Return the roles held in any scope."""
        return frozenset(grant.role for grant in self.grants)
