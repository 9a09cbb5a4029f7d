"""When a holder last showed that the share is in hand, and was last reminded to."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    with op.batch_alter_table("key_holder") as batch:
        batch.add_column(sa.Column("confirmed_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("reminded_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("key_holder") as batch:
        batch.drop_column("reminded_on")
        batch.drop_column("confirmed_on")
