"""Roles of those who give the care: a provider's head, a unit's manager and deputy."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

ROLES = (
    "administrator",
    "round_manager",
    "analyst",
    "key_holder",
    "free_text_reader",
    "district_reader",
    "protected_identity_handler",
    "interviewer",
    "assistant",
    "concern_handler",
)
NEW_ROLES = ("provider_head", "unit_manager", "unit_deputy")


def _allow(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Let the role be other words: the CHECK goes with the old type and comes with the new one."""
    old, new = (
        sa.Enum(*words, name="role", native_enum=False, create_constraint=True, length=40) for words in (before, after)
    )
    with op.batch_alter_table("role_grant") as batch:
        batch.alter_column("role", existing_type=old, type_=new, nullable=False)


def upgrade() -> None:
    _allow(ROLES, ROLES + NEW_ROLES)


def downgrade() -> None:
    grant = sa.table("role_grant", sa.column("role"))
    op.execute(grant.delete().where(grant.c.role.in_(NEW_ROLES)))
    _allow(ROLES + NEW_ROLES, ROLES)
