"""Bookings of those who wish to be asked by telephone or at home, where those who ask work, and their counters."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

OUTCOMES = (
    "no_answer",
    "call_back",
    "wrong_number",
    "refused",
    "unable",
    "wants_web",
    "wants_paper",
    "interviewed",
)


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "booking",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.LargeBinary(), nullable=False),
        sa.Column("wish", _words("wish", "phone", "visit"), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("ask_for", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("call_on", sa.Date(), nullable=True),
        sa.Column("call_from", sa.String(length=5), nullable=False),
        sa.Column("call_to", sa.String(length=5), nullable=False),
        sa.Column("interviewer_id", sa.Integer(), nullable=True),
        sa.Column("outcome", _words("outcome", *OUTCOMES), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_booking_tries")),
        sa.ForeignKeyConstraint(["interviewer_id"], ["account.id"], name=op.f("fk_booking_interviewer_id_account")),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_booking_invitation_id_invitation")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_booking_round_id_survey_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_booking_invitation_id")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_booking_interviewer_id"), "booking", ["interviewer_id"], unique=False)
    op.create_index(op.f("ix_booking_round_id"), "booking", ["round_id"], unique=False)
    op.create_table(
        "interviewer_profile",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_interviewer_profile_account_id_account")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_interviewer_profile_provider_id_provider")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_interviewer_profile")),
    )
    op.create_index(op.f("ix_interviewer_profile_provider_id"), "interviewer_profile", ["provider_id"], unique=False)
    op.create_table(
        "interviewer_count",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("outcome", _words("outcome", *OUTCOMES), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n >= 0", name=op.f("ck_interviewer_count_n")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_interviewer_count_account_id_account")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["survey_round.id"], name=op.f("fk_interviewer_count_round_id_survey_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "account_id", "outcome", name=op.f("pk_interviewer_count")),
    )
    op.create_index(op.f("ix_interviewer_count_account_id"), "interviewer_count", ["account_id"], unique=False)


def downgrade() -> None:
    op.drop_table("interviewer_count")
    op.drop_table("interviewer_profile")
    op.drop_table("booking")
