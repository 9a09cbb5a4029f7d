"""Rounds with their particulars and history."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "historic_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_historic_round")),
    )
    op.create_table(
        "instrument_snapshot",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("instrument_id", sa.String(length=60), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_instrument_snapshot")),
    )
    op.create_table(
        "survey_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("short_name", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "open",
                "closed",
                "counted",
                "destroyed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("practice", sa.Boolean(), nullable=False),
        sa.Column("reference_date", sa.Date(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("interval_years", sa.Integer(), nullable=False),
        sa.Column(
            "form_per",
            sa.Enum("person", "service", name="form_per", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "design",
            sa.Enum("census", "sample", name="design", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("sample_seed", sa.Integer(), nullable=True),
        sa.Column("frame_hash", sa.String(length=64), nullable=True),
        sa.Column("minimum_age", sa.Integer(), nullable=True),
        sa.Column("maximum_age", sa.Integer(), nullable=True),
        sa.Column("include_only_alarm", sa.Boolean(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("faces", sa.JSON(), nullable=False),
        sa.Column("staff_may_help", sa.Boolean(), nullable=False),
        sa.Column("bookable_assistant", sa.Text(), nullable=False),
        sa.Column("threshold_internal", sa.Integer(), nullable=False),
        sa.Column("threshold_public", sa.Integer(), nullable=False),
        sa.Column("release_plan", sa.JSON(), nullable=False),
        sa.Column("supplements", sa.JSON(), nullable=False),
        sa.Column("previous_round_id", sa.Integer(), nullable=True),
        sa.Column("responsible_board", sa.String(length=200), nullable=False),
        sa.Column("frame_source", sa.String(length=200), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("dpo_contact", sa.String(length=200), nullable=False),
        sa.Column("registry_number", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("phone_hours", sa.String(length=100), nullable=False),
        sa.Column("urgent_phone", sa.String(length=40), nullable=False),
        sa.Column("complaint_phone", sa.String(length=40), nullable=False),
        sa.Column("complaint_address", sa.String(length=200), nullable=False),
        sa.Column("results_month", sa.String(length=40), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("key_threshold", sa.Integer(), nullable=False),
        sa.Column("key_holders", sa.Integer(), nullable=False),
        sa.Column("scrypt_log2_n", sa.Integer(), nullable=True),
        sa.Column("promise", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("closes_on >= opens_on", name=op.f("ck_survey_round_period")),
        sa.CheckConstraint("interval_years >= 1", name=op.f("ck_survey_round_interval_years")),
        sa.CheckConstraint(
            "key_threshold >= 1 AND key_holders >= key_threshold", name=op.f("ck_survey_round_key_shares")
        ),
        sa.CheckConstraint(
            "threshold_internal >= 5 AND threshold_public >= threshold_internal",
            name=op.f("ck_survey_round_thresholds"),
        ),
        sa.ForeignKeyConstraint(
            ["previous_round_id"], ["survey_round.id"], name=op.f("fk_survey_round_previous_round_id_survey_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_round")),
        sa.UniqueConstraint("short_name", name=op.f("uq_survey_round_short_name")),
    )
    op.create_index(op.f("ix_survey_round_previous_round_id"), "survey_round", ["previous_round_id"], unique=False)
    op.create_table(
        "frame_count",
        sa.Column("round_id", sa.Integer(), nullable=False),
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
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n >= 0", name=op.f("ck_frame_count_n")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_frame_count_round_id_survey_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_frame_count_unit_id_unit")),
        sa.PrimaryKeyConstraint("round_id", "unit_id", "service", "sex", "age_group", name=op.f("pk_frame_count")),
    )
    op.create_index(op.f("ix_frame_count_unit_id"), "frame_count", ["unit_id"], unique=False)
    op.create_table(
        "historic_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("historic_round_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("question_version", sa.Integer(), nullable=True),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.CheckConstraint("district_id IS NULL OR unit_id IS NULL", name=op.f("ck_historic_figure_level")),
        sa.CheckConstraint("share >= 0 AND share <= 1", name=op.f("ck_historic_figure_share")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_historic_figure_district_id_district")),
        sa.ForeignKeyConstraint(
            ["historic_round_id"],
            ["historic_round.id"],
            name=op.f("fk_historic_figure_historic_round_id_historic_round"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_historic_figure_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_historic_figure")),
    )
    op.create_index(op.f("ix_historic_figure_district_id"), "historic_figure", ["district_id"], unique=False)
    op.create_index("ix_historic_figure_historic_round_id", "historic_figure", ["historic_round_id"], unique=False)
    op.create_index(op.f("ix_historic_figure_unit_id"), "historic_figure", ["unit_id"], unique=False)
    op.create_table(
        "round_bridge",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column(
            "comparability",
            sa.Enum(
                "same", "partly", "break", name="comparability", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_round_bridge_round_id_survey_round")),
        sa.PrimaryKeyConstraint("round_id", "question_id", name=op.f("pk_round_bridge")),
    )
    op.create_table(
        "round_instrument",
        sa.Column("round_id", sa.Integer(), nullable=False),
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
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.String(length=60), nullable=False),
        sa.Column("snapshot_sha256", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["survey_round.id"], name=op.f("fk_round_instrument_round_id_survey_round")
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_sha256"],
            ["instrument_snapshot.sha256"],
            name=op.f("fk_round_instrument_snapshot_sha256_instrument_snapshot"),
        ),
        sa.PrimaryKeyConstraint("round_id", "service", name=op.f("pk_round_instrument")),
    )
    op.create_index(op.f("ix_round_instrument_snapshot_sha256"), "round_instrument", ["snapshot_sha256"], unique=False)
    op.create_table(
        "round_sample",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.CheckConstraint("size >= 1", name=op.f("ck_round_sample_size")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_round_sample_round_id_survey_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_round_sample_unit_id_unit")),
        sa.PrimaryKeyConstraint("round_id", "unit_id", name=op.f("pk_round_sample")),
    )
    op.create_index(op.f("ix_round_sample_unit_id"), "round_sample", ["unit_id"], unique=False)
    op.create_table(
        "round_unit",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("provider_name", sa.String(length=200), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("district_name", sa.String(length=100), nullable=False),
        sa.Column(
            "operating_form",
            sa.Enum(
                "municipal",
                "contracted",
                "private_choice",
                name="operating_form",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_round_unit_district_id_district")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_round_unit_provider_id_provider")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_round_unit_round_id_survey_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_round_unit_unit_id_unit")),
        sa.PrimaryKeyConstraint("round_id", "unit_id", name=op.f("pk_round_unit")),
    )
    op.create_index(op.f("ix_round_unit_district_id"), "round_unit", ["district_id"], unique=False)
    op.create_index(op.f("ix_round_unit_provider_id"), "round_unit", ["provider_id"], unique=False)
    op.create_index(op.f("ix_round_unit_unit_id"), "round_unit", ["unit_id"], unique=False)


def downgrade() -> None:
    op.drop_table("round_unit")
    op.drop_table("round_sample")
    op.drop_table("round_instrument")
    op.drop_table("round_bridge")
    op.drop_table("historic_figure")
    op.drop_table("frame_count")
    op.drop_table("survey_round")
    op.drop_table("instrument_snapshot")
    op.drop_table("historic_round")
