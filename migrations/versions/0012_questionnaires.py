"""Questionnaires on paper: where they are sent back to, and which kind lies with the letters of a batch."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

KIND = sa.Enum(
    "a4", "a4_easy", "large", "large_easy", name="questionnaire", native_enum=False, create_constraint=True, length=40
)


def upgrade() -> None:
    with op.batch_alter_table("survey_round") as batch:
        batch.add_column(sa.Column("return_address", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("survey_round") as batch:
        batch.alter_column("return_address", server_default=None)
    with op.batch_alter_table("letter_batch") as batch:
        batch.add_column(sa.Column("questionnaire", KIND, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("letter_batch") as batch:
        batch.drop_constraint(op.f("ck_letter_batch_questionnaire"), type_="check")
        batch.drop_column("questionnaire")
    with op.batch_alter_table("survey_round") as batch:
        batch.drop_column("return_address")
