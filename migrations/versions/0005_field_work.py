"""Letters, invitations and the ballot box."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_draft_round_id_survey_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_draft_round_id"), "draft", ["round_id"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "service",
            sa.Enum(
                "home_care",
                "escort_service",
                "respite_care",
                "safety_alarm",
                "care_home",
                "relatives",
                name="service",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "sex",
            sa.Enum("woman", "man", name="sex", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "age_group",
            sa.Enum(
                "0-64", "65-79", "80-89", "90+", name="age_group", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("snapshot_sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
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
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_invitation_client_id_client")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_invitation_round_id_survey_round")),
        sa.ForeignKeyConstraint(
            ["snapshot_sha256"],
            ["instrument_snapshot.sha256"],
            name=op.f("fk_invitation_snapshot_sha256_instrument_snapshot"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_invitation_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_invitation_client_id"), "invitation", ["client_id"], unique=False)
    op.create_index(
        "ix_invitation_round_id_unit_id_status", "invitation", ["round_id", "unit_id", "status"], unique=False
    )
    op.create_index(op.f("ix_invitation_snapshot_sha256"), "invitation", ["snapshot_sha256"], unique=False)
    op.create_index(op.f("ix_invitation_unit_id"), "invitation", ["unit_id"], unique=False)
    op.create_table(
        "receipt",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_receipt_round_id_survey_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_receipt_round_id"), "receipt", ["round_id"], unique=False)
    op.create_table(
        "sealed_ballot",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_sealed_ballot_round_id_survey_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_sealed_ballot_round_id"), "sealed_ballot", ["round_id"], unique=False)
    op.create_table(
        "weekly_count",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "web",
                "phone",
                "interviewer",
                "paper",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("taken_back", sa.Integer(), nullable=False),
        sa.Column("duplicate_refused", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "accepted >= 0 AND taken_back >= 0 AND duplicate_refused >= 0", name=op.f("ck_weekly_count_n")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_weekly_count_round_id_survey_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_weekly_count_unit_id_unit")),
        sa.PrimaryKeyConstraint("round_id", "unit_id", "week", "mode", name=op.f("pk_weekly_count")),
    )
    op.create_index(op.f("ix_weekly_count_unit_id"), "weekly_count", ["unit_id"], unique=False)
    op.create_table(
        "invitation_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.LargeBinary(), nullable=False),
        sa.Column("corrected_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column(
            "old_status",
            sa.Enum(
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
                name="old_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "new_status",
            sa.Enum(
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
                name="new_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("old_unit_id", sa.Integer(), nullable=True),
        sa.Column("new_unit_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_invitation_correction_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_invitation_correction_invitation_id_invitation")
        ),
        sa.ForeignKeyConstraint(["new_unit_id"], ["unit.id"], name=op.f("fk_invitation_correction_new_unit_id_unit")),
        sa.ForeignKeyConstraint(["old_unit_id"], ["unit.id"], name=op.f("fk_invitation_correction_old_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_correction")),
    )
    op.create_index(op.f("ix_invitation_correction_account_id"), "invitation_correction", ["account_id"], unique=False)
    op.create_index(
        op.f("ix_invitation_correction_invitation_id"), "invitation_correction", ["invitation_id"], unique=False
    )
    op.create_index(
        op.f("ix_invitation_correction_new_unit_id"), "invitation_correction", ["new_unit_id"], unique=False
    )
    op.create_index(
        op.f("ix_invitation_correction_old_unit_id"), "invitation_correction", ["old_unit_id"], unique=False
    )
    op.create_table(
        "letter_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "letter", "reminder", "phone", "form", name="kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "format",
            sa.Enum("pdf", "print_shop", name="format", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "ordered",
                "ready",
                "printed",
                "jammed",
                "erased",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("file_name", sa.String(length=120), nullable=True),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_letter_batch_account_id_account")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_letter_batch_district_id_district")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_letter_batch_job_id_job")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["letter_batch.id"], name=op.f("fk_letter_batch_replaces_id_letter_batch")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_letter_batch_round_id_survey_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_letter_batch_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_batch")),
    )
    op.create_index(op.f("ix_letter_batch_account_id"), "letter_batch", ["account_id"], unique=False)
    op.create_index(op.f("ix_letter_batch_district_id"), "letter_batch", ["district_id"], unique=False)
    op.create_index(op.f("ix_letter_batch_job_id"), "letter_batch", ["job_id"], unique=False)
    op.create_index(op.f("ix_letter_batch_replaces_id"), "letter_batch", ["replaces_id"], unique=False)
    op.create_index(op.f("ix_letter_batch_round_id"), "letter_batch", ["round_id"], unique=False)
    op.create_index(op.f("ix_letter_batch_unit_id"), "letter_batch", ["unit_id"], unique=False)
    op.create_table(
        "invitation_code",
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("invitation_id", sa.LargeBinary(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "letter", "reminder", "phone", "form", name="kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["letter_batch.id"], name=op.f("fk_invitation_code_batch_id_letter_batch")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_invitation_code_invitation_id_invitation")
        ),
        sa.PrimaryKeyConstraint("lookup", name=op.f("pk_invitation_code")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_invitation_code_batch_id"), "invitation_code", ["batch_id"], unique=False)
    op.create_index(op.f("ix_invitation_code_invitation_id"), "invitation_code", ["invitation_id"], unique=False)


def downgrade() -> None:
    op.drop_table("invitation_code")
    op.drop_table("letter_batch")
    op.drop_table("invitation_correction")
    op.drop_table("weekly_count")
    op.drop_table("sealed_ballot")
    op.drop_table("receipt")
    op.drop_table("invitation")
    op.drop_table("draft")
