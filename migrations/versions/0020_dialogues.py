"""Records of dialogue with their history, and a retention of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

KINDS = (
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
    "concerns",
    "contacts",
)
NEW = "dialogues"
RETENTION_TABLES = ("retention_rule", "retention_hold")


def _allow(kinds: tuple[str, ...]) -> None:
    """Let rules and holds name these kinds of record."""
    words = ", ".join(repr(kind) for kind in kinds)
    for table in RETENTION_TABLES:
        name = op.f(f"ck_{table}_record_kind")
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(name, type_="check")
            batch.create_check_constraint(name, f"record_kind IN ({words})")


def upgrade() -> None:
    _allow((*KINDS, NEW))
    forms = ("focus_group", "depth_interview", "theme_day", "provider_meeting")
    op.create_table(
        "dialogue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column(
            "kind", sa.Enum(*forms, name="kind", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("theme", sa.String(length=200), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("participants", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("feedback_on", sa.Date(), nullable=True),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.CheckConstraint("participants >= 1", name=op.f("ck_dialogue_participants")),
        sa.CheckConstraint("unit_id IS NULL OR district_id IS NOT NULL", name=op.f("ck_dialogue_place")),
        sa.CheckConstraint("(feedback_on IS NULL) = (feedback = '')", name=op.f("ck_dialogue_feedback")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_dialogue_district_id_district")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_dialogue_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue")),
    )
    for column in ("held_on", "district_id", "unit_id"):
        op.create_index(op.f(f"ix_dialogue_{column}"), "dialogue", [column])
    op.create_table(
        "dialogue_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_dialogue_version_account_id_account")),
        sa.ForeignKeyConstraint(
            ["dialogue_id"], ["dialogue.id"], name=op.f("fk_dialogue_version_dialogue_id_dialogue")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue_version")),
        sa.UniqueConstraint("dialogue_id", "number", name=op.f("uq_dialogue_version_dialogue_id_number")),
    )
    for column in ("dialogue_id", "account_id"):
        op.create_index(op.f(f"ix_dialogue_version_{column}"), "dialogue_version", [column])


def downgrade() -> None:
    op.drop_table("dialogue_version")
    op.drop_table("dialogue")
    for table in RETENTION_TABLES:
        found = sa.table(table, sa.column("record_kind"))
        op.execute(found.delete().where(found.c.record_kind == NEW))
    _allow(KINDS)
