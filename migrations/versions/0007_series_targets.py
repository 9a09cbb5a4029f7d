"""Others' results as series of their own, and targets per year."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "external_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("publisher", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_series")),
        sa.UniqueConstraint("title", name=op.f("uq_external_series_title")),
    )
    op.create_table(
        "external_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=300), nullable=False),
        sa.Column("question_id", sa.String(length=60), nullable=True),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("response_rate", sa.Double(), nullable=True),
        sa.CheckConstraint("share >= 0 AND share <= 1", name=op.f("ck_external_figure_share")),
        sa.CheckConstraint("response_rate >= 0 AND response_rate <= 1", name=op.f("ck_external_figure_response_rate")),
        sa.CheckConstraint("district_id IS NULL OR unit_id IS NULL", name=op.f("ck_external_figure_level")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_external_figure_district_id_district")),
        sa.ForeignKeyConstraint(
            ["series_id"], ["external_series.id"], name=op.f("fk_external_figure_series_id_external_series")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_external_figure_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_figure")),
    )
    op.create_index(op.f("ix_external_figure_district_id"), "external_figure", ["district_id"])
    op.create_index("ix_external_figure_series_id_year", "external_figure", ["series_id", "year"])
    op.create_index(op.f("ix_external_figure_unit_id"), "external_figure", ["unit_id"])
    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=60), nullable=True),
        sa.Column(
            "scope",
            sa.Enum("city", "district", "unit", name="scope", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("basis_points", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=200), nullable=False),
        sa.CheckConstraint("basis_points >= 1 AND basis_points <= 10000", name=op.f("ck_target_basis_points")),
        sa.CheckConstraint("district_id IS NULL OR scope = 'district'", name=op.f("ck_target_district")),
        sa.CheckConstraint("unit_id IS NULL OR scope = 'unit'", name=op.f("ck_target_unit")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_target_district_id_district")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_target_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
    )
    op.create_index(op.f("ix_target_district_id"), "target", ["district_id"])
    op.create_index(op.f("ix_target_unit_id"), "target", ["unit_id"])
    op.create_index(op.f("ix_target_year"), "target", ["year"])


def downgrade() -> None:
    op.drop_table("target")
    op.drop_table("external_figure")
    op.drop_table("external_series")
