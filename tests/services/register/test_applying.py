"""Applying a file: whole or not at all, the same file twice changes nothing, and what it does to people and units."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from enkat.records.audit import AuditEntry
from enkat.records.clients import Client, ClientService, LeavingReason
from enkat.records.imports import ImportKind, ImportRow, ImportState
from enkat.records.organisations import District, Provider
from enkat.records.writing import writing
from enkat.services.faults import ConflictFault
from enkat.services.register import applying
from enkat.services.register.applying import apply_import, departures
from enkat.services.register.staging import correct_cell, leave_out
from tests.clocks import FixedClock
from tests.factories.register import (
    HEADINGS,
    PEOPLE,
    PERSON,
    UNIT_HEADINGS,
    UNITS,
    WORKBOOK,
    apply,
    csv_of,
    fill_register,
    person,
    stage,
    unit,
)

ASPEN = (
    "ASP;Aspen;Björkstads hemtjänst;212000-8806;egen regi;Norrmalmen;hemtjänst+trygghetslarm;2019-01-01;"
    "chef.aspen@example.org"
)


@pytest.fixture
def filled(session: Session, clock: FixedClock) -> Session:
    fill_register(session, clock)
    return session


def units_of(row: str, *more: str, headings: str = UNIT_HEADINGS) -> bytes:
    return csv_of(row, *more, headings=headings)


def everything(session: Session) -> list[object]:
    """Return all people and services, to compare before and after."""
    session.rollback()
    people = session.execute(select(Client.__table__).order_by(Client.id)).all()
    services = session.execute(select(ClientService.__table__).order_by(*ClientService.__table__.primary_key)).all()
    return [tuple(row) for row in (*people, *services)]


def test_the_same_file_twice_changes_nothing(filled: Session, clock: FixedClock) -> None:
    before = everything(filled)
    for what, kind, number in ((PEOPLE, ImportKind.CLIENTS, 40), (UNITS, ImportKind.UNITS, 5)):
        summary = apply(filled, clock, what, kind, complete_list=True)
        assert (summary.new, summary.changed, summary.same, summary.departed) == (0, 0, number, 0)
    assert everything(filled) == before


def test_a_workbook_of_the_same_people_changes_only_what_it_adds(filled: Session, clock: FixedClock) -> None:
    summary = apply(filled, clock, WORKBOOK)
    assert (summary.new, summary.changed, summary.same) == (0, 13, 27)
    assert person(filled, "B1000").phone == "070-100 20 30"


def test_changed_people_take_the_files_values_and_services(filled: Session, clock: FixedClock) -> None:
    old = person(filled, "B1000")
    row = PERSON.replace("T1", "B1000").replace(";ASP;hemtjänst;", ";LED;ledsagning+avlösning;")
    assert apply(filled, clock, csv_of(row)).changed == 1
    new = person(filled, "B1000")
    assert (new.id, new.name) == (old.id, "Påhittad Persson")
    assert {given.service.value for given in new.services} == {"escort_service", "respite_care"}


def test_a_complete_list_lets_the_others_leave_and_come_back(filled: Session, clock: FixedClock) -> None:
    batch = stage(filled, clock, csv_of(PERSON), complete_list=True)
    assert departures(filled, clock, batch.id) == 40
    assert apply_import(filled, clock, batch.id, None).departed == 40
    assert person(filled, "B1000").left_on == date(2026, 10, 5)
    clock.advance(days=30)
    summary = apply(filled, clock, PEOPLE)
    assert (summary.changed, summary.departed) == (40, 0)
    assert person(filled, "B1000").left_on is None
    assert person(filled, "T1").left_on is None


def test_a_file_may_say_why_somebody_has_left(filled: Session, clock: FixedClock) -> None:
    headings = HEADINGS + ";Upphört"
    apply(filled, clock, csv_of(PERSON + ";", headings=headings))
    told = csv_of(PERSON + ";Avliden", PERSON.replace("T1", "T2") + ";flyttat", headings=headings)
    assert apply(filled, clock, told).changed == 1
    day = date(2026, 10, 5)
    found = [(one.left_on, one.left_reason) for one in (person(filled, "T1"), person(filled, "T2"))]
    assert found == [(day, LeavingReason.DECEASED), (day, LeavingReason.MOVED)]
    clock.advance(days=30)
    assert apply(filled, clock, told).same == 2
    assert person(filled, "T1").left_on == day  # the first file that said so counts
    assert apply(filled, clock, csv_of(PERSON)).changed == 1  # a file that lists somebody without the column says: here
    assert (person(filled, "T1").left_on, person(filled, "T1").left_reason) == (None, None)
    batch = stage(filled, clock, csv_of(PERSON + ";gick", headings=headings))
    sentence = filled.scalars(select(ImportRow.faults).where(ImportRow.batch_id == batch.id)).one()[0]["sentence"]
    assert sentence == "Upphört ska vara avliden, flyttat eller avslutad, eller tomt. Här står ”gick”."


def test_a_row_left_out_keeps_its_person_in_a_complete_list(filled: Session, clock: FixedClock) -> None:
    batch = stage(filled, clock, csv_of(PERSON, PERSON.replace("T1", "B1000")), complete_list=True)
    correct_cell(filled, clock, batch.id, 3, "sex", "X")
    leave_out(filled, clock, batch.id, 3)
    assert apply_import(filled, clock, batch.id, None).departed == 39
    assert person(filled, "B1000").left_on is None


def test_an_interrupted_application_leaves_nothing(
    filled: Session, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(filled)
    batch = stage(filled, clock, csv_of(PERSON, PERSON.replace("T1", "B1000")), complete_list=True)

    def broken(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(applying, "_decide", broken)
    with pytest.raises(KeyboardInterrupt):
        apply_import(filled, clock, batch.id, None)
    assert everything(filled) == before
    monkeypatch.undo()
    assert apply_import(filled, clock, batch.id, None).new == 1


def test_two_applications_at_once_end_with_one(
    sessions: sessionmaker[Session], filled: Session, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = stage(filled, clock, csv_of(PERSON)), stage(filled, clock, csv_of(PERSON.replace("1941", "1942")))
    planned = applying._plan_clients

    def meanwhile(*given: object, **named: object) -> object:
        plan = planned(*given, **named)  # type: ignore[arg-type]
        monkeypatch.setattr(applying, "_plan_clients", planned)
        with sessions() as other:
            apply_import(other, clock, second.id, None)
        return plan

    monkeypatch.setattr(applying, "_plan_clients", meanwhile)
    with pytest.raises(ConflictFault, match="Inget är ändrat"):
        apply_import(filled, clock, first.id, None)
    assert person(filled, "T1").birth_year == 1942
    assert apply_import(filled, clock, first.id, None).changed == 1


def test_a_register_that_changed_after_staging_is_checked_again(filled: Session, clock: FixedClock) -> None:
    batch = stage(filled, clock, csv_of(PERSON))
    with writing(filled):
        unit(filled, "ASP").periods[0].valid_to = date(2026, 1, 31)
    with pytest.raises(Exception, match="Rad 2, Enhet: Enheten ASP är stängd"):
        apply_import(filled, clock, batch.id, None)
    assert batch.state is ImportState.STAGED


def test_a_unit_gets_a_new_period_or_a_correction(filled: Session, clock: FixedClock) -> None:
    moved = ASPEN.replace("Norrmalmen", "Söderängen")
    assert apply(filled, clock, units_of(moved), ImportKind.UNITS).changed == 1
    assert [period.district.name for period in unit(filled, "ASP").periods] == ["Söderängen"]
    later = moved.replace("2019-01-01", "2026-03-01").replace("egen regi", "entreprenad")
    assert apply(filled, clock, units_of(later), ImportKind.UNITS).changed == 1
    periods = unit(filled, "ASP").periods
    assert [(period.valid_from, period.valid_to) for period in periods] == [
        (date(2019, 1, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), None),
    ]
    again = later.replace("2026-03-01", "2026-05-01")
    assert apply(filled, clock, units_of(again), ImportKind.UNITS).same == 1  # only the day differs
    assert len(unit(filled, "ASP").periods) == 2


def test_a_whole_history_comes_in_one_file(session: Session, clock: FixedClock) -> None:
    headings = UNIT_HEADINGS + ";Giltig till"
    rows = (ASPEN.replace("egen regi", "entreprenad").replace("2019-01-01", "2022-01-01") + ";", ASPEN + ";2021-12-31")
    assert apply(session, clock, units_of(*rows, headings=headings), ImportKind.UNITS).new == 1
    assert [period.valid_to for period in unit(session, "ASP").periods] == [date(2021, 12, 31), None]
    twice = stage(session, clock, units_of(ASPEN, ASPEN.replace("Aspen;", "Aspar;", 1)), ImportKind.UNITS)
    with pytest.raises(Exception, match="samma enhet och dag"):
        apply_import(session, clock, twice.id, None)


def test_units_that_a_complete_list_lacks_are_closed_yesterday(filled: Session, clock: FixedClock) -> None:
    batch = stage(filled, clock, units_of(ASPEN), ImportKind.UNITS, complete_list=True)
    assert departures(filled, clock, batch.id) == 4
    assert apply_import(filled, clock, batch.id, None).departed == 4
    assert unit(filled, "LED").periods[-1].valid_to == date(2026, 10, 4)
    assert unit(filled, "ASP").periods[-1].valid_to is None


def test_providers_and_districts_are_made_once(filled: Session) -> None:
    assert filled.scalar(select(func.count()).select_from(Provider)) == 3
    assert filled.scalar(select(func.count()).select_from(District)) == 2
    assert filled.scalars(select(District.valid_from).order_by(District.name)).first() == date(2019, 1, 1)


def test_what_was_done_is_in_the_log_without_names(filled: Session) -> None:
    entries = filled.scalars(select(AuditEntry).where(AuditEntry.action == "register.applied")).all()
    assert [entry.details["new"] for entry in entries if entry.details] == [5, 40]
    assert "Åkesson" not in repr([entry.details for entry in entries])
