"""Key holders, retention, protocols and backups."""

import sqlalchemy as sa
from alembic import op

from enkat.records.base import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "backup_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("restored_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("row_counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_record")),
    )
    op.create_table(
        "key_holder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("share_mark", sa.String(length=64), nullable=False),
        sa.Column("tested_on", sa.Date(), nullable=True),
        sa.Column("replaced_on", sa.Date(), nullable=True),
        sa.Column("shredded_on", sa.Date(), nullable=True),
        sa.CheckConstraint("generation >= 1", name=op.f("ck_key_holder_generation")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_key_holder_account_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_key_holder_round_id_survey_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_holder")),
    )
    op.create_index(op.f("ix_key_holder_account_id"), "key_holder", ["account_id"], unique=False)
    op.create_index("ix_key_holder_round_id", "key_holder", ["round_id"], unique=False)
    op.create_table(
        "protocol",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "opening",
                "rehearsal",
                "keys",
                "closing",
                "count",
                "destruction",
                "erasure",
                "restore",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_protocol_round_id_survey_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protocol")),
    )
    op.create_index(op.f("ix_protocol_round_id"), "protocol", ["round_id"], unique=False)
    op.create_table(
        "retention_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column(
            "record_kind",
            sa.Enum(
                "drafts",
                "invitations",
                "codes",
                "letter_files",
                "sealed_ballots",
                "answers",
                "free_texts",
                "tallies",
                "releases",
                "protocols",
                "register",
                "imports",
                "audit_details",
                name="record_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["survey_round.id"], name=op.f("fk_retention_hold_round_id_survey_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_hold")),
    )
    op.create_index(op.f("ix_retention_hold_round_id"), "retention_hold", ["round_id"], unique=False)
    op.create_table(
        "retention_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column(
            "record_kind",
            sa.Enum(
                "drafts",
                "invitations",
                "codes",
                "letter_files",
                "sealed_ballots",
                "answers",
                "free_texts",
                "tallies",
                "releases",
                "protocols",
                "register",
                "imports",
                "audit_details",
                name="record_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "event",
            sa.Enum(
                "round_closed",
                "round_counted",
                "round_destroyed",
                "recorded",
                name="event",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(length=200), nullable=False),
        sa.CheckConstraint("days IS NULL OR days >= 0", name=op.f("ck_retention_rule_days")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["survey_round.id"], name=op.f("fk_retention_rule_round_id_survey_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_rule")),
        sa.UniqueConstraint("round_id", "record_kind", name=op.f("uq_retention_rule_round_id_record_kind")),
    )


def downgrade() -> None:
    op.drop_table("retention_rule")
    op.drop_table("retention_hold")
    op.drop_table("protocol")
    op.drop_table("key_holder")
    op.drop_table("backup_record")
