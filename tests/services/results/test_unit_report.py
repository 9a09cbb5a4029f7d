"""The report of a unit: tagged, in pages that a manager reads, with nothing that the level hides."""

import io
import re
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pikepdf
import pypdf
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat import paths
from enkat.instruments.loading import load_catalogue
from enkat.records.accounts import Role
from enkat.records.jobs import JobState
from enkat.records.organisations import District
from enkat.records.releases import Release, ReleaseLevel
from enkat.records.rounds import RoundUnit
from enkat.records.targets import Target, TargetScope
from enkat.records.writing import writing
from enkat.services.faults import ConflictFault, NotFoundFault
from enkat.services.jobs.context import JobContext
from enkat.services.results.exporting import NotAllowedFault, view_results
from enkat.services.results.figures import View
from enkat.services.results.report_batch import (
    erase_old_reports,
    make_reports,
    order_reports,
    released_reports,
    report_archive,
    unit_report,
)
from enkat.services.results.unit_report import Findings, report_values
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.accounts import make_actor
from tests.factories.counted import UnitCase, add_counted_round

HOME = load_catalogue(paths.surveys()).instruments["hemtjanst"]
UNITS = [UnitCase(60, 40), UnitCase(40, 30), UnitCase(50, 30), UnitCase(5, 3), UnitCase(40, 30, 1)]
NOTHING = Findings()


def unit_ids(session: Session) -> list[int]:
    return list(session.scalars(select(RoundUnit.unit_id).distinct().order_by(RoundUnit.unit_id)))


def two_rounds(session: Session) -> None:
    old = add_counted_round(session, UNITS, short_name="ht22", day=date(2022, 9, 1), instrument=HOME, seed=2)
    add_counted_round(session, UNITS, instrument=HOME, previous_round_id=old.id, phone="08-123 45 67")


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).split())


def values(view: View, number: int, found: Findings = NOTHING) -> dict[str, Any]:
    return report_values(view, view.results.grouping.units.start + number, found, city="Staden")


def test_the_report_says_who_answered_what_they_think_and_what_is_next(session: Session, clock: FixedClock):
    two_rounds(session)
    made = unit_report(session, clock, None, "ht26", unit_ids(session)[0], city="Staden")
    text = text_of(made.content)
    assert made.name == "rapport-ht26-E001.pdf"
    assert "Alla enhetens brukare den 1 september 2026 fick frågorna." in text
    assert "60 tillfrågades." in text
    assert re.search(r"Av de \d+ som svarade känner sig \d+ trygga\. För hela enheten ligger andelen mellan", text)
    assert "Undersökning 2022:" in text
    assert "De säger inget om ifall de som inte svarade tycker annorlunda." in text
    assert "Vad händer nu?" in text
    assert "08-123 45 67" in text
    for question in HOME.core_questions:
        assert text.count(str(question.text("sv"))[:30]) >= 2
    assert session.scalars(select(Release.scope)).all() == [f"unit:{unit_ids(session)[0]}"]


def test_the_file_is_tagged_has_four_pages_and_every_picture_has_words(session: Session, clock: FixedClock):
    two_rounds(session)
    with writing(session):
        for question in ("feels_safe", "staff_treatment", "overall_satisfaction", "arrives_as_agreed", None):
            session.add(
                Target(year=2026, question_id=question, scope=TargetScope.UNIT, basis_points=8000, decision="KF")
            )
    made = unit_report(session, clock, None, "ht26", unit_ids(session)[0], city="Staden")
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert 2 <= len(pdf.pages) <= 4
        assert str(pdf.Root.Lang) == "sv-SE"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.docinfo.Title == "Enhetsrapport: Enhet 1"
        found = list(tags(pdf.Root.StructTreeRoot))
    kinds = [kind for kind, _alt in found]
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/Figure", "/L"} <= set(kinds)
    pictures = [alt for kind, alt in found if kind == "/Figure"]
    assert len(pictures) == 2 + 2 * len(HOME.core_questions)
    assert all(pictures)
    assert any("Enhet 1: " in alt and "Hela staden: " in alt for alt in pictures)


def tags(node: Any) -> Any:
    """Give kind and alternative text of every element of a tag tree."""
    if isinstance(node, pikepdf.Array):
        for one in node:
            yield from tags(one)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield str(node.S), str(node.get("/Alt", ""))
        if "/K" in node:
            yield from tags(node.K)


def test_a_small_unit_gets_its_district_and_none_of_its_own_figures(session: Session, clock: FixedClock):
    two_rounds(session)
    view = view_results(session, None, "ht26", ReleaseLevel.INTERNAL)
    hidden = values(view, 3)
    assert hidden["lead"] == ["För få svar. Så här ser stadsdelen ut."]
    assert hidden["table"]["headings"] == ["Fråga", "Stadsdel 1", "Svar", "Hela staden", "Svar"]
    assert all(row["sentence"].startswith("I Stadsdel 1 ") for row in hidden["questions"])
    text = text_of(unit_report(session, clock, None, "ht26", unit_ids(session)[3], city="Staden").content)
    assert "Enhet 4 för få svar" in text
    assert "3 av 5" not in text


def test_targets_are_judged_with_their_tipping_point(session: Session):
    two_rounds(session)
    with writing(session):
        for question, per_mille in (("feels_safe", 990), ("staff_treatment", 100), (None, 750)):
            session.add(
                Target(
                    year=2026, question_id=question, scope=TargetScope.UNIT, basis_points=10 * per_mille, decision="KF"
                )
            )
    view = view_results(session, None, "ht26", ReleaseLevel.INTERNAL)
    found = Findings.of(session, view)
    report = values(view, 0, found)
    said = {row["heading"]: row["verdict"] for row in report["questions"]}
    assert said["Hur trygg är du med den hjälp du får?"].startswith("Målet minst 99 %: inte uppnått.")
    assert said["Hur blir du bemött av personalen?"].startswith("Målet minst 10 %: uppnått.")
    assert sum(bool(verdict) for verdict in said.values()) == 2
    assert "Målet för svarsfrekvensen är minst 75 %: inte uppnått." in report["asked"]
    assert [row["verdict"] for row in values(view, 3, found)["questions"]] == [""] * len(said)


def test_a_unit_that_differs_from_the_others_reads_so(session: Session):
    units = [UnitCase(150, 100, positive=0.98), *(UnitCase(100, 60, positive=0.7),) * 8]
    add_counted_round(session, units, instrument=HOME)
    view = view_results(session, None, "ht26", ReleaseLevel.INTERNAL)
    found = Findings.of(session, view)
    assert all("Bedömning: högre än övriga enheter." in row["notes"] for row in values(view, 0, found)["questions"])
    assert not any("övriga enheter" in " ".join(row["notes"]) for row in values(view, 1)["questions"])


def test_all_units_in_one_release_with_a_report_and_a_sheet_each(session: Session, clock: FixedClock):
    add_counted_round(session, UNITS)
    said: list[str] = []
    made = released_reports(
        session, clock, None, "ht26", city="Staden", progress=lambda _done, _total, words: said.append(words)
    )
    names = ZipFile(io.BytesIO(made.content)).namelist()
    assert names[:2] == ["Enhet 1 E001 rapport.pdf", "Enhet 1 E001 blad att dela ut.pdf"]
    assert len(names) == 2 * len(UNITS)
    assert said == ["5 av 5 enheter är klara."]
    again = released_reports(session, clock, None, "ht26", city="Staden", progress=lambda *_: None)
    assert again.content == made.content
    assert [(one.scope, one.format) for one in session.scalars(select(Release))] == [("city", "zip")] * 2


def context_of(session: Session, clock: FixedClock, settings: Settings, order: Any) -> JobContext:
    return JobContext(
        session=session, clock=clock, settings=settings, secrets=Secrets(settings), job_id=order.id,
        arguments=dict(order.arguments), account_id=order.account_id, progress=lambda *_: None,
    )  # fmt: skip


def test_a_job_leaves_an_archive_for_the_one_who_ordered_it(
    session: Session, clock: FixedClock, app_settings: Settings
):
    add_counted_round(session, UNITS)
    second = session.scalars(select(District.id).order_by(District.id)).all()[1]
    actor = make_actor(session, clock, Role.DISTRICT_READER, district_id=second)
    order = order_reports(session, clock, actor, "ht26")
    with pytest.raises(ConflictFault, match="görs redan"):
        order_reports(session, clock, actor, "ht26")
    result = make_reports(context_of(session, clock, app_settings, order))
    with writing(session):
        order.state, order.result = JobState.DONE, result
    path = report_archive(session, app_settings, actor, "ht26", order.id)
    assert path.stat().st_mode & 0o777 == 0o600
    assert ZipFile(path).namelist() == ["Enhet 5 E005 rapport.pdf", "Enhet 5 E005 blad att dela ut.pdf"]
    assert session.scalars(select(Release.scope)).all() == [f"district:{second}"]
    other = make_actor(session, clock, Role.ANALYST)
    with pytest.raises(NotFoundFault):
        report_archive(session, app_settings, other, "ht26", order.id)
    assert erase_old_reports(clock, app_settings) == 0
    assert path.is_file()


def test_old_archives_are_erased(clock: FixedClock, app_settings: Settings):
    folder: Path = app_settings.reports_dir
    folder.mkdir(parents=True)
    (folder / "rapporter-1-a.zip").write_bytes(b"x")
    clock.advance(days=10_000)
    assert erase_old_reports(clock, app_settings) == 1
    assert list(folder.iterdir()) == []


def test_who_may_not_see_results_gets_no_reports(session: Session, clock: FixedClock):
    add_counted_round(session, UNITS)
    actor = make_actor(session, clock, Role.KEY_HOLDER)
    with pytest.raises(NotAllowedFault):
        order_reports(session, clock, actor, "ht26")
