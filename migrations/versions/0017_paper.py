"""Questionnaires on paper: opened, keyed in batches, checked; the roles that do it, and how much is keyed twice."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

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
    "provider_head",
    "unit_manager",
    "unit_deputy",
)
NEW_ROLES = ("opener", "keyer")
STATUSES = (
    "open",
    "paper_received",
    "sent",
    "undeliverable",
    "refused",
    "unable",
    "opted_out",
    "deceased",
    "moved",
    "no_longer_client",
    "never_eligible",
    "duplicate_person",
)


def _words(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _allow_roles(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    with op.batch_alter_table("role_grant") as batch:
        batch.alter_column("role", existing_type=_words(before, "role"), type_=_words(after, "role"), nullable=False)


def upgrade() -> None:
    _allow_roles(ROLES, ROLES + NEW_ROLES)
    with op.batch_alter_table("survey_round") as batch:
        batch.add_column(sa.Column("second_keying_percent", sa.Integer(), nullable=False, server_default="10"))
        batch.add_column(sa.Column("keying_error_permille", sa.Integer(), nullable=False, server_default="5"))
    with op.batch_alter_table("survey_round") as batch:
        batch.alter_column("second_keying_percent", server_default=None)
        batch.alter_column("keying_error_permille", server_default=None)
        batch.create_check_constraint(
            op.f("ck_survey_round_second_keying"), "second_keying_percent >= 0 AND second_keying_percent <= 100"
        )
        batch.create_check_constraint(
            op.f("ck_survey_round_keying_error"), "keying_error_permille >= 0 AND keying_error_permille <= 1000"
        )
    _batches()
    _keyed()
    op.create_table(
        "uncoded_sheet",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n >= 0", name=op.f("ck_uncoded_sheet_n")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_uncoded_sheet_round_id_survey_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_uncoded_sheet_unit_id_unit")),
        sa.PrimaryKeyConstraint("round_id", "unit_id", name=op.f("pk_uncoded_sheet")),
    )
    op.create_index(op.f("ix_uncoded_sheet_unit_id"), "uncoded_sheet", ["unit_id"])


def _batches() -> None:
    op.create_table(
        "paper_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", _words(("filling", "keying", "checking", "accepted"), "state"), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("opener_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["opener_id"], ["account.id"], name=op.f("fk_paper_batch_opener_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_paper_batch_round_id_survey_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batch")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_paper_batch_round_id_number")),
    )
    op.create_index(op.f("ix_paper_batch_opener_id"), "paper_batch", ["opener_id"])
    op.create_table(
        "paper_sheet",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("was", _words(STATUSES, "was"), nullable=False),
        sa.Column("state", _words(("opened", "keyed", "chosen", "differs", "checked"), "state"), nullable=False),
        sa.Column("keyer_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["paper_batch.id"], name=op.f("fk_paper_sheet_batch_id_paper_batch")),
        sa.ForeignKeyConstraint(["keyer_id"], ["account.id"], name=op.f("fk_paper_sheet_keyer_id_account")),
        sa.ForeignKeyConstraint(
            ["lookup"], ["invitation_code.lookup"], name=op.f("fk_paper_sheet_lookup_invitation_code")
        ),
        sa.PrimaryKeyConstraint("batch_id", "position", name=op.f("pk_paper_sheet")),
        sa.UniqueConstraint("lookup", name=op.f("uq_paper_sheet_lookup")),
    )
    op.create_index(op.f("ix_paper_sheet_keyer_id"), "paper_sheet", ["keyer_id"])


def _keyed() -> None:
    for name, own in (("paper_draft", [sa.Column("version", sa.Integer(), nullable=False)]), ("paper_ballot", [])):
        op.create_table(
            name,
            sa.Column("id", sa.LargeBinary(), nullable=False),
            *own,
            sa.Column("round_id", sa.Integer(), nullable=False),
            sa.Column("batch_id", sa.Integer(), nullable=False),
            sa.Column("content", sa.LargeBinary(), nullable=False),
            sa.ForeignKeyConstraint(["batch_id"], ["paper_batch.id"], name=op.f(f"fk_{name}_batch_id_paper_batch")),
            sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f(f"fk_{name}_round_id_survey_round")),
            sa.PrimaryKeyConstraint("id", *(column.name for column in own), name=op.f(f"pk_{name}")),
            sqlite_with_rowid=False,
        )
        op.create_index(op.f(f"ix_{name}_round_id"), name, ["round_id"])
        op.create_index(op.f(f"ix_{name}_batch_id"), name, ["batch_id"])
    op.create_table(
        "keying_check",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.Column("fields", sa.Integer(), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.CheckConstraint("errors >= 0 AND errors <= fields AND sheets >= 0", name=op.f("ck_keying_check_n")),
        sa.ForeignKeyConstraint(["batch_id"], ["paper_batch.id"], name=op.f("fk_keying_check_batch_id_paper_batch")),
        sa.PrimaryKeyConstraint("batch_id", "attempt", name=op.f("pk_keying_check")),
    )


def downgrade() -> None:
    for name in ("uncoded_sheet", "keying_check", "paper_ballot", "paper_draft", "paper_sheet", "paper_batch"):
        op.drop_table(name)
    with op.batch_alter_table("survey_round") as batch:
        batch.drop_constraint(op.f("ck_survey_round_keying_error"), type_="check")
        batch.drop_constraint(op.f("ck_survey_round_second_keying"), type_="check")
    with op.batch_alter_table("survey_round") as batch:
        batch.drop_column("keying_error_permille")
        batch.drop_column("second_keying_percent")
    found = sa.table("role_grant", sa.column("role"))
    op.execute(found.delete().where(found.c.role.in_(NEW_ROLES)))
    _allow_roles(ROLES + NEW_ROLES, ROLES)
