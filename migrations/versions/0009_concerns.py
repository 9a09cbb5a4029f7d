"""Concerns per unit for the lex Sarah function; the roles that ask, and the one that receives concerns."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

ROLES = (
    "administrator",
    "round_manager",
    "analyst",
    "key_holder",
    "free_text_reader",
    "district_reader",
    "protected_identity_handler",
)
NEW_ROLES = ("interviewer", "assistant", "concern_handler")
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
)
NEW_KINDS = ("concerns",)


def _words(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _allow(table: str, column: str, before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Let a column hold other words: its CHECK goes with the old type and comes with the new one."""
    nullable = table == "retention_hold"
    with op.batch_alter_table(table) as batch:
        batch.alter_column(column, existing_type=_words(before, column), type_=_words(after, column), nullable=nullable)


def _forget(table: str, column: str, words: tuple[str, ...]) -> None:
    found = sa.table(table, sa.column(column))
    op.execute(found.delete().where(found.c[column].in_(words)))


def upgrade() -> None:
    _allow("role_grant", "role", ROLES, ROLES + NEW_ROLES)
    _allow("retention_rule", "record_kind", KINDS, KINDS + NEW_KINDS)
    _allow("retention_hold", "record_kind", KINDS, KINDS + NEW_KINDS)
    op.create_table(
        "concern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("source", _words(("phone", "visit", "paper"), "source"), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("registered_by_id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(received_on IS NULL) = (received_by_id IS NULL)", name=op.f("ck_concern_received")),
        sa.ForeignKeyConstraint(["received_by_id"], ["account.id"], name=op.f("fk_concern_received_by_id_account")),
        sa.ForeignKeyConstraint(["registered_by_id"], ["account.id"], name=op.f("fk_concern_registered_by_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_concern_round_id_survey_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_concern_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
    )
    op.create_index(op.f("ix_concern_received_by_id"), "concern", ["received_by_id"], unique=False)
    op.create_index(op.f("ix_concern_registered_by_id"), "concern", ["registered_by_id"], unique=False)
    op.create_index(op.f("ix_concern_round_id"), "concern", ["round_id"], unique=False)
    op.create_index("ix_concern_unit_id", "concern", ["unit_id"], unique=False)


def downgrade() -> None:
    op.drop_table("concern")
    _forget("role_grant", "role", NEW_ROLES)
    _forget("retention_rule", "record_kind", NEW_KINDS)
    _forget("retention_hold", "record_kind", NEW_KINDS)
    _allow("retention_hold", "record_kind", KINDS + NEW_KINDS, KINDS)
    _allow("retention_rule", "record_kind", KINDS + NEW_KINDS, KINDS)
    _allow("role_grant", "role", ROLES + NEW_ROLES, ROLES)
