"""`enkat round …`: the same services from a terminal."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from enkat.cli.main import cli
from enkat.clock import system_clock, today
from enkat.records.rounds import SurveyRound
from enkat.settings import Settings
from tests.factories.rounds import add_keys, add_retention_rules, small_register

PLAN = """
short_name = "prov26"
title = "Vad tycker du om din hjälp?"
reference_date = {reference}
opens_on = {opens}
closes_on = {closes}
responsible_board = "Äldrenämnden"
frame_source = "Verksamhetssystemet"
legal_basis = "Socialtjänstlagen"
dpo_contact = "dataskyddsombud@example.org"
registry_number = "ÄN 2026/1"
phone = "08-123 45 00"
phone_hours = "vardagar 9–16"
urgent_phone = "08-123 45 10"
complaint_phone = "08-123 45 20"
results_month = "mars"
{more}
[instruments]
"hemtjänst" = "hemtjanst"
"""

Enkat = Callable[..., Result]


@pytest.fixture
def enkat(app_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Enkat:
    for name in ("environment", "data_dir", "database_url", "scrypt_log2_n"):
        monkeypatch.setenv(f"ENKAT_{name.upper()}", str(getattr(app_settings, name)))
    return lambda *arguments: CliRunner().invoke(cli, ["round", *arguments])


def _plan_file(folder: Path, more: str = "") -> str:
    day = today(system_clock)
    path = folder / "plan.toml"
    days = {"reference": day - timedelta(days=30), "opens": day, "closes": day + timedelta(days=30)}
    path.write_text(PLAN.format(**days, more=more), encoding="utf-8")
    return str(path)


@pytest.mark.one_database
def test_a_round_is_planned_shown_opened_and_gets_letters(enkat: Enkat, session: Session, tmp_path: Path) -> None:
    small_register(session)
    add_retention_rules(session)
    assert "är planerad" in enkat("plan", _plan_file(tmp_path)).output
    shown = enkat("show", "prov26").output
    assert "Nycklarna är inte gjorda" in shown
    assert enkat("open", "prov26").exit_code == 1
    add_keys(session, system_clock, session.query(SurveyRound.id).scalar())
    assert "Inget saknas." in enkat("show", "prov26").output
    assert "Björken" in enkat("frame", "prov26").output
    assert "är öppen" in enkat("open", "prov26").output
    made = enkat("letters", "prov26", "--unit", "BJÖ")
    assert made.output.startswith("8 brev: ")
    early = enkat("close", "prov26")
    assert early.exit_code == 1
    assert "Breven lovar" in early.output
    assert "är stängd" in enkat("close", "prov26", "--early").output
    assert "stängd" in enkat("list").output


@pytest.mark.one_database
def test_a_plan_with_faults_names_them_all(enkat: Enkat, tmp_path: Path) -> None:
    result = enkat("plan", _plan_file(tmp_path, 'threshold_public = "många"\nnosuch = 1'))
    assert result.exit_code == 1
    assert "Värdet i fältet threshold_public går inte att läsa." in result.output
    assert "Fältet nosuch finns inte." in result.output
