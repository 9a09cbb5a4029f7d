"""Logins by the city's own login service, the roles its claims give, and how a login came about."""

import sqlalchemy as sa
from alembic import op

from enkat.records.base import UtcDateTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "federated_identity",
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("person", sa.String(length=300), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("coupled_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_federated_identity_account_id_account")),
        sa.PrimaryKeyConstraint("issuer", "person", name=op.f("pk_federated_identity")),
    )
    op.create_index(op.f("ix_federated_identity_account_id"), "federated_identity", ["account_id"])
    with op.batch_alter_table("role_grant") as batch:
        batch.add_column(sa.Column("from_claims", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("role_grant") as batch:
        batch.alter_column("from_claims", server_default=None)
    with op.batch_alter_table("staff_session") as batch:
        batch.add_column(sa.Column("how", sa.String(length=40), nullable=False, server_default=""))
    with op.batch_alter_table("staff_session") as batch:
        batch.alter_column("how", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("staff_session") as batch:
        batch.drop_column("how")
    with op.batch_alter_table("role_grant") as batch:
        batch.drop_column("from_claims")
    op.drop_index(op.f("ix_federated_identity_account_id"), table_name="federated_identity")
    op.drop_table("federated_identity")
