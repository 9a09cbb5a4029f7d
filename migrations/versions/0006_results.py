"""What the count writes, and releases."""

import sqlalchemy as sa
from alembic import op

from enkat.records.base import UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "collection_tally",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column(
            "dimension",
            sa.Enum(
                "mode",
                "language",
                "helper",
                "interviewer",
                name="dimension",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("category", sa.String(length=80), nullable=False),
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n > 0", name=op.f("ck_collection_tally_n")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["survey_round.id"], name=op.f("fk_collection_tally_round_id_survey_round")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_collection_tally_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_tally")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_collection_tally_round_id", "collection_tally", ["round_id"], unique=False)
    op.create_index(op.f("ix_collection_tally_unit_id"), "collection_tally", ["unit_id"], unique=False)
    op.create_table(
        "free_text",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("masked", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "unread",
                "released",
                "withheld",
                "worrying",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_free_text_round_id_survey_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_free_text_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_free_text")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_free_text_round_id_state", "free_text", ["round_id", "state"], unique=False)
    op.create_index(op.f("ix_free_text_unit_id"), "free_text", ["unit_id"], unique=False)
    op.create_table(
        "kept_class",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum("unit", "district", "city", name="level", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column("snapshot_sha256", sa.String(length=64), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("sexes", sa.JSON(), nullable=False),
        sa.Column("age_groups", sa.JSON(), nullable=False),
        sa.Column(
            "who",
            sa.Enum(
                "self",
                "proxy",
                "self_or_proxy",
                "with_staff",
                name="who",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("(level = 'unit') = (unit_id IS NOT NULL)", name=op.f("ck_kept_class_unit")),
        sa.CheckConstraint("level <> 'district' OR district_id IS NOT NULL", name=op.f("ck_kept_class_district")),
        sa.CheckConstraint("n >= 5", name=op.f("ck_kept_class_n")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_kept_class_district_id_district")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_kept_class_round_id_survey_round")),
        sa.ForeignKeyConstraint(
            ["snapshot_sha256"],
            ["instrument_snapshot.sha256"],
            name=op.f("fk_kept_class_snapshot_sha256_instrument_snapshot"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_kept_class_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_class")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_kept_class_district_id"), "kept_class", ["district_id"], unique=False)
    op.create_index("ix_kept_class_round_id_unit_id", "kept_class", ["round_id", "unit_id"], unique=False)
    op.create_index(op.f("ix_kept_class_snapshot_sha256"), "kept_class", ["snapshot_sha256"], unique=False)
    op.create_index(op.f("ix_kept_class_unit_id"), "kept_class", ["unit_id"], unique=False)
    op.create_table(
        "release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "analyst", "internal", "public", name="level", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("released_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("pattern", sa.JSON(), nullable=False),
        sa.Column("data_version", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_release_account_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_release_round_id_survey_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
    )
    op.create_index(op.f("ix_release_account_id"), "release", ["account_id"], unique=False)
    op.create_index("ix_release_round_id", "release", ["round_id"], unique=False)
    op.create_table(
        "response",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
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
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n > 0", name=op.f("ck_response_n")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_response_round_id_survey_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_response_unit_id_unit")),
        sa.PrimaryKeyConstraint(
            "round_id", "unit_id", "sex", "age_group", "service", "status", name=op.f("pk_response")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_response_unit_id"), "response", ["unit_id"], unique=False)
    op.create_table(
        "answer",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("kept_class_id", sa.LargeBinary(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["kept_class_id"], ["kept_class.id"], name=op.f("fk_answer_kept_class_id_kept_class")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_answer_kept_class_id"), "answer", ["kept_class_id"], unique=False)
    op.create_table(
        "class_margin",
        sa.Column("kept_class_id", sa.LargeBinary(), nullable=False),
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
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kept_class_id"], ["kept_class.id"], name=op.f("fk_class_margin_kept_class_id_kept_class")
        ),
        sa.PrimaryKeyConstraint("kept_class_id", "sex", "age_group", name=op.f("pk_class_margin")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tally",
        sa.Column("kept_class_id", sa.LargeBinary(), nullable=False),
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("code", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n > 0", name=op.f("ck_tally_n")),
        sa.ForeignKeyConstraint(["kept_class_id"], ["kept_class.id"], name=op.f("fk_tally_kept_class_id_kept_class")),
        sa.PrimaryKeyConstraint("kept_class_id", "question_id", "code", name=op.f("pk_tally")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("tally")
    op.drop_table("class_margin")
    op.drop_table("answer")
    op.drop_table("response")
    op.drop_table("release")
    op.drop_table("kept_class")
    op.drop_table("free_text")
    op.drop_table("collection_tally")
