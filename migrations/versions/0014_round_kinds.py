"""Kinds of rounds, loose codes per unit, and people of whom neither sex nor age is known."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

SERVICES = ("home_care", "escort_service", "respite_care", "safety_alarm", "care_home", "relatives")
SEXES = ("woman", "man")
AGES = ("0-64", "65-79", "80-89", "90+")
NEW = {"service": ("staff", "officials"), "sex": ("not_stated",), "age_group": ("not_stated",)}
OLD = {"service": SERVICES, "sex": SEXES, "age_group": AGES}
TABLES = {
    "round_instrument": ("service",),
    "frame_count": ("service", "sex", "age_group"),
    "invitation": ("service", "sex", "age_group"),
    "response": ("service", "sex", "age_group"),
    "class_margin": ("sex", "age_group"),
}
WITHOUT_ROWID = {"invitation", "response", "class_margin"}
KINDS = ("user_survey", "relatives", "staff", "officials", "provider_own")
CHECKS = {
    "least": "kind <> 'staff' OR threshold_internal >= 10",
    "provider": "(kind = 'provider_own') = (provider_id IS NOT NULL)",
    "loose": "loose_codes OR kind IN ('user_survey', 'relatives')",
    "register": "NOT loose_codes OR kind <> 'user_survey'",
}
LOOSE_ROUNDS = sa.text("SELECT id FROM survey_round WHERE kind <> 'user_survey'")


def _words(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _allow(before: dict[str, tuple[str, ...]], after: dict[str, tuple[str, ...]]) -> None:
    """Let the columns hold other words: a CHECK goes with the old type and comes with the new one."""
    for table, columns in TABLES.items():
        kwargs = {"sqlite_with_rowid": False} if table in WITHOUT_ROWID else {}
        with op.batch_alter_table(table, table_kwargs=kwargs) as batch:
            for name in columns:
                batch.alter_column(
                    name,
                    existing_type=_words(before[name], name),
                    type_=_words(after[name], name),
                    nullable=False,
                )


def upgrade() -> None:
    _allow(OLD, {name: OLD[name] + NEW[name] for name in OLD})
    with op.batch_alter_table("survey_round") as batch:
        batch.add_column(sa.Column("kind", _words(KINDS, "kind"), nullable=False, server_default="user_survey"))
        batch.add_column(sa.Column("loose_codes", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("provider_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_survey_round_provider_id_provider"), "provider", ["provider_id"], ["id"])
        batch.create_index("ix_survey_round_provider_id", ["provider_id"])
        for name, condition in CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_survey_round_{name}"), condition)
    with op.batch_alter_table("survey_round") as batch:
        batch.alter_column("kind", existing_type=sa.String(40), server_default=None)
        batch.alter_column("loose_codes", existing_type=sa.Boolean(), server_default=None)
    op.create_table(
        "round_handout",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("codes", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.CheckConstraint("codes >= 1 AND (people IS NULL OR people >= 1)", name=op.f("ck_round_handout_n")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_round_handout_round_id_survey_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_round_handout_unit_id_unit")),
        sa.PrimaryKeyConstraint("round_id", "unit_id", name=op.f("pk_round_handout")),
    )
    op.create_index("ix_round_handout_unit_id", "round_handout", ["unit_id"])


def downgrade() -> None:
    """Go back to rounds of clients: what is left of other kinds would be taken for one, so it stands in the way."""
    other = op.get_bind().execute(LOOSE_ROUNDS).first()
    if other is not None:
        raise RuntimeError("Det finns omgångar av andra slag än brukarundersökningar. Gallra dem först.")
    op.drop_table("round_handout")
    with op.batch_alter_table("survey_round") as batch:
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_survey_round_{name}"), type_="check")
        batch.drop_index("ix_survey_round_provider_id")
        batch.drop_constraint(op.f("fk_survey_round_provider_id_provider"), type_="foreignkey")
        batch.drop_constraint(op.f("ck_survey_round_kind"), type_="check")
        batch.drop_column("provider_id")
        batch.drop_column("loose_codes")
        batch.drop_column("kind")
    _allow({name: OLD[name] + NEW[name] for name in OLD}, OLD)
