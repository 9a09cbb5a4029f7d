"""Staff accounts, their roles by scope, and server-side sessions."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from enkat.records.base import Base, by_value


class Role(enum.StrEnum):
    """What a member of staff does; rights follow in `services.accounts.rights`."""

    ADMINISTRATOR = "administrator"
    ROUND_MANAGER = "round_manager"
    ANALYST = "analyst"
    KEY_HOLDER = "key_holder"
    FREE_TEXT_READER = "free_text_reader"
    DISTRICT_READER = "district_reader"
    PROTECTED_IDENTITY_HANDLER = "protected_identity_handler"
    INTERVIEWER = "interviewer"
    ASSISTANT = "assistant"
    CONCERN_HANDLER = "concern_handler"
    PROVIDER_HEAD = "provider_head"
    UNIT_MANAGER = "unit_manager"
    UNIT_DEPUTY = "unit_deputy"
    OPENER = "opener"
    KEYER = "keyer"


class ScopeKind(enum.StrEnum):
    """What a role is limited to."""

    CITY = "city"
    DISTRICT = "district"
    PROVIDER = "provider"
    UNIT = "unit"


class AccountState(enum.StrEnum):
    """Whether an account may log in."""

    INVITED = "invited"
    ACTIVE = "active"
    CLOSED = "closed"


class Account(Base):
    """A member of staff."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The TOTP secret, encrypted under a key outside the database."""
    totp_confirmed: Mapped[bool] = mapped_column(default=False)
    totp_last_step: Mapped[int | None]
    invitation_digest: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    invitation_expires_at: Mapped[datetime | None]
    state: Mapped[AccountState] = mapped_column(by_value(AccountState, "state"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    roles: Mapped[list["RoleGrant"]] = relationship(back_populates="account", foreign_keys="RoleGrant.account_id")


class RecoveryCode(Base):
    """A printed code that replaces the second factor once."""

    __tablename__ = "recovery_code"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)


class RoleGrant(Base):
    """A role that an account holds within a scope."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("(scope_kind = 'city') = (scope_id IS NULL)", name="scope"),
        Index("ix_role_grant_account_id", "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role] = mapped_column(by_value(Role, "role"))
    scope_kind: Mapped[ScopeKind] = mapped_column(by_value(ScopeKind, "scope_kind"))
    scope_id: Mapped[int | None]
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revoked_at: Mapped[datetime | None]
    from_claims: Mapped[bool] = mapped_column(default=False)
    """Given by the login service's claims, and taken again when they no longer give it."""

    account: Mapped[Account] = relationship(back_populates="roles", foreign_keys=[account_id])


class FederatedIdentity(Base):
    """The name by which a login service knows the person of an account."""

    __tablename__ = "federated_identity"

    issuer: Mapped[str] = mapped_column(String(300), primary_key=True)
    person: Mapped[str] = mapped_column(String(300), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    coupled_at: Mapped[datetime]


class StaffSession(Base):
    """A login that the server can end; known by the digest of the cookie's token."""

    __tablename__ = "staff_session"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    how: Mapped[str] = mapped_column(String(40), default="")
    """The login's second factor: totp, recovery_code or login_service; empty until it is given."""

    account: Mapped[Account] = relationship()
