"""The city's own login service (OpenID Connect) as a file describes it: where it is, and what gives which roles."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from enkat.records.accounts import Role, ScopeKind
from enkat.services.accounts.rights import scope_of
from enkat.services.faults import Fault

ORG_AFFILIATION = "https://id.oidc.se/claim/orgAffiliation"
"""The Swedish OpenID Connect profile's claim of a member of staff: `person@organisation`, no personal number."""


class RoleRule(BaseModel):
    """A value of a claim that gives a role; the claim may hold one value or a list of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    claim: str = Field(min_length=1)
    value: str = Field(min_length=1)
    role: Role
    scope: str = ""
    """A district's name, a provider's organisation number or a unit's code, as the role asks."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (scope_of(self.role) is not ScopeKind.CITY) != bool(self.scope):
            raise ValueError("scope behövs för roller som gäller en stadsdel, utförare eller enhet, och bara för dem")
        return self

    def holds(self, claims: dict[str, Any]) -> bool:
        """Whether the claims hold the value."""
        found = claims.get(self.claim)
        return self.value in found if isinstance(found, list) else str(found) == self.value


class LoginService(BaseModel):
    """The login service as the file describes it.

    Attributes
    ----------
    issuer
        Address of the service, as it names itself in its tokens.
    person
        Claims that name a person for good; the first that is there is used.
    role
        What gives which role. People without any get the roles that an administrator gives them here.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str = Field(pattern=r"^https://\S+$|^http://(127\.0\.0\.1|localhost)(:\d+)?(/\S*)?$")
    client_id: str = Field(min_length=1)
    name: str = Field(min_length=1, max_length=80)
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    person: tuple[str, ...] = Field((ORG_AFFILIATION, "sub"), min_length=1)
    role: tuple[RoleRule, ...] = ()

    def person_of(self, claims: dict[str, Any]) -> str:
        """Return the value that names the person, with its claim; empty where no such claim came."""
        return next((f"{claim}={claims[claim]}" for claim in self.person if claims.get(claim)), "")

    def rules_met(self, claims: dict[str, Any]) -> list[RoleRule]:
        """Return the rules whose value the claims hold."""
        return [rule for rule in self.role if rule.holds(claims)]


@cache
def read_login_service(path: Path) -> LoginService:
    """Read the description of the login service.

    Raises
    ------
    Fault
        Naming the file, the key and what is wrong with it.
    """
    try:
        return LoginService.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Fault(f"Filen {path.name} om inloggningstjänsten går inte att läsa: {error}") from error
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'filen'}: {one['msg']}" for one in error.errors())
        raise Fault(f"Filen {path.name} om inloggningstjänsten har fel: {told}") from error
