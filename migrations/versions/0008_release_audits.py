"""What the attacker found at each release, what it told, and corrected editions."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("release") as batch:
        batch.add_column(sa.Column("audit", sa.JSON(none_as_null=True), nullable=True))
        batch.add_column(sa.Column("figures", sa.JSON(none_as_null=True), nullable=True))
        batch.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("changes", sa.JSON(none_as_null=True), nullable=True))
    with op.batch_alter_table("release") as batch:
        batch.alter_column("reason", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("release") as batch:
        batch.drop_column("changes")
        batch.drop_column("reason")
        batch.drop_column("figures")
        batch.drop_column("audit")
