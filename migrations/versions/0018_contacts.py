"""Contacts for feedback, complaints and changes of provider, by district."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    subjects = ("feedback", "complaint", "change_provider")
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column(
            "subject",
            sa.Enum(*subjects, name="subject", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("hours", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "phone <> '' OR email <> '' OR address <> '' OR website <> ''", name=op.f("ck_contact_reachable")
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_contact_district_id_district")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index(op.f("ix_contact_district_id"), "contact", ["district_id"])


def downgrade() -> None:
    op.drop_table("contact")
