"""The page that a unit gives back to those who answered."""

import io

import pypdf
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.instruments.readability import lix
from enkat.records.accounts import Role
from enkat.records.releases import Release, ReleaseLevel
from enkat.records.rounds import RoundUnit
from enkat.services.faults import NotFoundFault
from enkat.services.results.exporting import NotAllowedFault, view_results
from enkat.services.results.unit_sheet import sheet_values, unit_sheet
from tests.clocks import FixedClock
from tests.factories.accounts import make_actor
from tests.factories.counted import UnitCase, add_counted_round

UNITS = [UnitCase(60, 40), UnitCase(40, 30), UnitCase(50, 30), UnitCase(5, 3), UnitCase(40, 30, 1)]


def unit_ids(session: Session) -> list[int]:
    return list(session.scalars(select(RoundUnit.unit_id).order_by(RoundUnit.unit_id)))


def text_of(content: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 1
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return " ".join(reader.pages[0].extract_text().split())


def test_the_page_tells_how_many_answered_and_what_they_think(session: Session, clock: FixedClock):
    add_counted_round(session, UNITS, phone="08-123 45 67")
    made = unit_sheet(session, clock, None, "ht26", unit_ids(session)[0])
    text = text_of(made.content)
    assert "Så svarade brukarna hos Enhet 1" in text
    assert "40 av 60 personer svarade." in text
    assert "av 100 svarade ”Svar 4” eller ”Svar 5”." in text
    assert "Troligen mellan" in text
    assert "08-123 45 67" in text
    release = session.scalars(select(Release)).one()
    assert (release.scope, release.format) == (f"unit:{unit_ids(session)[0]}", "pdf")


def test_a_small_unit_shows_its_district(session: Session, clock: FixedClock):
    add_counted_round(session, UNITS)
    text = text_of(unit_sheet(session, clock, None, "ht26", unit_ids(session)[3]).content)
    assert "För få har svarat hos Enhet 4. Så här ser Stadsdel 1 ut." in text
    assert "Troligen" not in text


def test_the_words_are_easy(session: Session):
    add_counted_round(session, UNITS)
    view = view_results(session, None, "ht26", ReleaseLevel.INTERNAL)
    values = sheet_values(view, view.results.grouping.units.start)
    sentences = [*values["lead"], *values["notes"], *(f"{row['sentence']} {row['detail']}" for row in values["rows"])]
    assert lix(sentences) <= 30


def test_another_districts_unit_is_not_found(session: Session, clock: FixedClock):
    add_counted_round(session, UNITS)
    here, there = unit_ids(session)[0], unit_ids(session)[4]
    district_id = session.scalars(select(RoundUnit.district_id).where(RoundUnit.unit_id == there)).one()
    reader = make_actor(session, clock, Role.DISTRICT_READER, district_id=district_id)
    assert unit_sheet(session, clock, reader, "ht26", there).content.startswith(b"%PDF")
    with pytest.raises(NotFoundFault):
        unit_sheet(session, clock, reader, "ht26", here)
    with pytest.raises(NotAllowedFault):
        unit_sheet(session, clock, make_actor(session, clock, Role.ADMINISTRATOR), "ht26", there)
