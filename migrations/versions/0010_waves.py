"""Waves of contact with frozen lists; codes in messages as a round's choice; why a person left; contact data kept."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

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
)
WITH_CONTACTS = (*KINDS, "contacts")
REASONS = ("deceased", "moved", "ended")


def _among(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _allow(kinds: tuple[str, ...]) -> None:
    """Let rules and holds name these kinds of record."""
    for table in ("retention_rule", "retention_hold"):
        name = op.f(f"ck_{table}_record_kind")
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(name, type_="check")
            batch.create_check_constraint(name, _among("record_kind", kinds))


def _make_waves() -> None:
    op.create_table(
        "contact_wave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", _choice("kind", "invitation", "reminder"), nullable=False),
        sa.Column("channel", _choice("channel", "wish", "letter", "sms", "email"), nullable=False),
        sa.Column("letter_file", _choice("letter_file", "pdf", "csv", "xlsx"), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("after_id", sa.Integer(), nullable=True),
        sa.Column(
            "state", _choice("state", "planned", "building", "built", "sending", "done", "cancelled"), nullable=False
        ),
        sa.Column("approved_for", sa.Integer(), nullable=True),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("built_on", sa.Date(), nullable=True),
        sa.Column("listed", sa.JSON(), nullable=False),
        sa.Column("checked", sa.JSON(), nullable=False),
        sa.Column("worker", sa.String(length=80), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pauses", sa.Integer(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.CheckConstraint("approved_for IS NULL OR approved_for >= 0", name=op.f("ck_contact_wave_approved_for")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_contact_wave_account_id_account")),
        sa.ForeignKeyConstraint(["after_id"], ["contact_wave.id"], name=op.f("fk_contact_wave_after_id_contact_wave")),
        sa.ForeignKeyConstraint(["approved_by"], ["account.id"], name=op.f("fk_contact_wave_approved_by_account")),
        sa.ForeignKeyConstraint(["batch_id"], ["letter_batch.id"], name=op.f("fk_contact_wave_batch_id_letter_batch")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_contact_wave_job_id_job")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_contact_wave_round_id_survey_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_wave")),
    )
    for column in ("account_id", "after_id", "approved_by", "batch_id", "job_id", "round_id"):
        op.create_index(op.f(f"ix_contact_wave_{column}"), "contact_wave", [column])
    op.create_index("ix_contact_wave_state", "contact_wave", ["state"])


def _make_recipients() -> None:
    op.create_table(
        "wave_recipient",
        sa.Column("identity", sa.LargeBinary(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.LargeBinary(), nullable=False),
        sa.Column("channel", _choice("channel", "letter", "sms", "email"), nullable=False),
        sa.Column(
            "state",
            _choice("state", "waiting", "handing", "handed", "skipped", "refused", "uncertain", "bounced"),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lookup", sa.LargeBinary(), nullable=True),
        sa.Column("receipt", sa.String(length=100), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_wave_recipient_invitation_id_invitation")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["contact_wave.id"], name=op.f("fk_wave_recipient_wave_id_contact_wave")),
        sa.PrimaryKeyConstraint("identity", name=op.f("pk_wave_recipient")),
        sa.UniqueConstraint("wave_id", "invitation_id", name=op.f("uq_wave_recipient_wave_id_invitation_id")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_wave_recipient_invitation_id"), "wave_recipient", ["invitation_id"])
    op.create_index("ix_wave_recipient_wave_id_channel_state", "wave_recipient", ["wave_id", "channel", "state"])


def upgrade() -> None:
    _make_waves()
    _make_recipients()
    op.add_column(
        "survey_round", sa.Column("codes_in_messages", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(
        "ALTER TABLE client ADD COLUMN left_reason VARCHAR(40) "
        f"CONSTRAINT ck_client_left_reason CHECK ({_among('left_reason', REASONS)})"
    )
    _allow(WITH_CONTACTS)


def downgrade() -> None:
    for table in ("retention_rule", "retention_hold"):
        op.execute(f"DELETE FROM {table} WHERE record_kind = 'contacts'")  # noqa: S608 - names of our own
    _allow(KINDS)
    with op.batch_alter_table("client") as batch:
        batch.drop_constraint(op.f("ck_client_left_reason"), type_="check")
        batch.drop_column("left_reason")
    op.drop_column("survey_round", "codes_in_messages")
    op.drop_table("wave_recipient")
    op.drop_table("contact_wave")
