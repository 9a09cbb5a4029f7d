"""Patterns that were searched for, before anything was shown by them."""

import sqlalchemy as sa
from alembic import op

from enkat.records.base import UtcDateTime

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    level = sa.Enum("analyst", "internal", "public", name="level", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "release_pattern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("level", level, nullable=False),
        sa.Column("data_version", sa.String(length=64), nullable=False),
        sa.Column("pattern", sa.JSON(), nullable=False),
        sa.Column("found_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["survey_round.id"], name=op.f("fk_release_pattern_round_id_survey_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_pattern")),
        sa.UniqueConstraint(
            "round_id", "level", "data_version", name=op.f("uq_release_pattern_round_id_level_data_version")
        ),
    )


def downgrade() -> None:
    op.drop_table("release_pattern")
