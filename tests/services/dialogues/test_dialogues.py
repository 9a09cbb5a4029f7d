"""Records of dialogue: nobody is pointed out, each district keeps its own, what was written before is kept."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.accounts import Role
from enkat.records.audit import AuditEntry
from enkat.records.dialogues import Dialogue, DialogueFilter, DialogueKind, DialogueVersion
from enkat.records.retention import RecordKind, RetentionEvent
from enkat.services.accounts.rights import Actor
from enkat.services.dialogues.keeping import (
    DialogueEntry,
    DoubtfulFault,
    add_dialogue,
    change_dialogue,
    doubts_about,
    get_dialogue,
    remove_dialogue,
)
from enkat.services.dialogues.listing import export_dialogues, list_dialogues
from enkat.services.faults import Fault, Faults, NotFoundFault
from enkat.services.retention.erasing import erase_due
from enkat.services.retention.rules import set_rule
from tests.clocks import FixedClock
from tests.factories.accounts import make_actor
from tests.factories.rounds import Register, small_register


def entry(clock: FixedClock, **changes: Any) -> DialogueEntry:
    made = DialogueEntry(
        held_on=clock().date() - timedelta(days=10),
        kind=DialogueKind.FOCUS_GROUP,
        theme="Trygghet på kvällen",
        participants=7,
        findings="Flera vill veta **vem** som kommer.\n\n- samma person\n- samma tid",
    )
    return replace(made, **changes)


@pytest.fixture
def register(session: Session) -> Register:
    return small_register(session)


@pytest.fixture
def manager(session: Session, clock: FixedClock) -> Actor:
    return make_actor(session, clock, Role.ROUND_MANAGER)


@pytest.fixture
def reader(session: Session, clock: FixedClock, register: Register) -> Actor:
    """Keeps records for the district Norra."""
    return make_actor(session, clock, Role.DISTRICT_READER, district_id=register.districts["Norra"])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"theme": " "}, "theme"),
        ({"held_on": date(2199, 1, 1)}, "held_on"),
        ({"participants": 0}, "participants"),
        ({"findings": ""}, "findings"),
        ({"findings": "Hon med 19400101-1234 sade det."}, "findings"),
        ({"findings": "x" * 10_001}, "findings"),
        ({"feedback": "Brev till alla"}, "feedback"),
        ({"feedback": "Brev", "feedback_on": date(2020, 1, 1)}, "feedback_on"),
    ],
)
@pytest.mark.one_database
def test_a_fault_is_told_at_its_field_and_nothing_is_written(
    session: Session, clock: FixedClock, manager: Actor, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Faults) as found:
        add_dialogue(session, clock, manager, entry(clock, **changes), certain=True)
    assert field in found.value.fields
    assert session.scalars(select(Dialogue)).all() == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ring 08-123 45 00 om det.", ["ett telefonnummer"]),
        ("Skriv till ada@example.org eller +46 70 123 45 67.", ["en e-postadress", "ett telefonnummer"]),
        ("Mellan 2024 och 2026 kom 12 till 15 personer, 85 procent.", []),
        ("Kl. 08.30–09.15 och 0 klagomål.", []),
    ],
)
@pytest.mark.one_database
def test_what_may_point_somebody_out_is_told_before_it_is_kept(
    session: Session, clock: FixedClock, manager: Actor, text: str, found: list[str]
) -> None:
    assert doubts_about(text) == found
    if found:
        with pytest.raises(DoubtfulFault):
            add_dialogue(session, clock, manager, entry(clock, findings=text))
    assert add_dialogue(session, clock, manager, entry(clock, findings=text), certain=bool(found)).findings == text


def test_a_district_keeps_and_sees_its_own(
    session: Session, clock: FixedClock, manager: Actor, reader: Actor, register: Register
) -> None:
    city = add_dialogue(session, clock, manager, entry(clock))
    theirs = entry(clock, theme="Maten", unit_id=register.units["GRA"])
    own = add_dialogue(session, clock, reader, theirs)
    assert own.district_id == register.districts["Norra"], "the unit's district that day"
    for elsewhere in ({}, {"district_id": register.districts["Centrum"]}, {"unit_id": register.units["BJÖ"]}):
        with pytest.raises(Fault) as refused:
            add_dialogue(session, clock, reader, entry(clock, **elsewhere))
        assert refused.value.field == "district_id"
    assert list_dialogues(session, reader, DialogueFilter()) == ([own], 1)
    assert list_dialogues(session, manager, DialogueFilter())[1] == 2
    for act in (get_dialogue,):
        with pytest.raises(NotFoundFault):
            act(session, reader, city.id)
    with pytest.raises(NotFoundFault):
        remove_dialogue(session, clock, reader, city.id)
    with pytest.raises(Fault):
        change_dialogue(session, clock, reader, own.id, replace(theirs, unit_id=register.units["BJÖ"]))
    session.rollback()
    assert session.get_one(Dialogue, own.id).unit_id == register.units["GRA"]


def test_search_and_filters(session: Session, clock: FixedClock, manager: Actor, register: Register) -> None:
    first = add_dialogue(session, clock, manager, entry(clock))
    answered = entry(clock, theme="Mat", kind=DialogueKind.THEME_DAY, feedback="Möte", feedback_on=clock().date())
    second = add_dialogue(session, clock, manager, replace(answered, district_id=register.districts["Norra"]))
    old = add_dialogue(session, clock, manager, entry(clock, held_on=date(2020, 5, 1), theme="100 % Ärlighet"))

    def found(**wanted: Any) -> set[int]:
        return {row.id for row in list_dialogues(session, manager, DialogueFilter(**wanted))[0]}

    assert found() == {first.id, second.id, old.id}
    assert found(text="PERSON samma") == {first.id, second.id, old.id}
    assert found(text="möte") == {second.id}
    assert found(text="100 %") == {old.id}
    assert found(kind=DialogueKind.THEME_DAY) == {second.id}
    assert found(district_id=register.districts["Norra"]) == {second.id}
    assert found(year=2020) == {old.id}
    assert found(without_feedback=True) == {first.id, old.id}
    assert len(list_dialogues(session, manager, DialogueFilter(), first=1, size=1)[0]) == 1


def test_a_change_keeps_what_was_written_before(session: Session, clock: FixedClock, manager: Actor) -> None:
    made = add_dialogue(session, clock, manager, entry(clock))
    change_dialogue(session, clock, manager, made.id, entry(clock))
    assert session.scalars(select(DialogueVersion)).all() == [], "nothing had changed"
    change_dialogue(session, clock, manager, made.id, entry(clock, theme="Trygghet", participants=8))
    change_dialogue(session, clock, manager, made.id, entry(clock, theme="Trygghet hemma"))
    assert [(one.number, one.content["theme"]) for one in made.versions] == [
        (2, "Trygghet"),
        (1, "Trygghet på kvällen"),
    ]
    remove_dialogue(session, clock, manager, made.id)
    assert session.scalars(select(DialogueVersion)).all() == []
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)).all()
    assert [one for one in actions if one.startswith("dialogue.")] == [
        "dialogue.added",
        "dialogue.changed",
        "dialogue.changed",
        "dialogue.removed",
    ]


def test_files_hold_what_the_reader_sees(
    session: Session, clock: FixedClock, manager: Actor, reader: Actor, register: Register
) -> None:
    add_dialogue(session, clock, manager, entry(clock, theme="=Summa"))
    add_dialogue(session, clock, manager, entry(clock, theme="Maten", unit_id=register.units["GRA"]))
    rows = list(
        csv.DictReader(
            io.StringIO(export_dialogues(session, clock, reader, DialogueFilter(), "csv-sv").decode("utf-8-sig")),
            delimiter=";",
        )
    )
    assert [(row["Tema"], row["Stadsdel"], row["Enhet"], row["Deltagare"]) for row in rows] == [
        ("Maten", "Norra", "Granen", "7")
    ]
    book = openpyxl.load_workbook(io.BytesIO(export_dialogues(session, clock, manager, DialogueFilter(), "xlsx")))
    themes = [row[2].value for row in book.active.iter_rows(min_row=2) if row[2].value]
    assert "Maten" in themes
    assert any("=Summa" in theme for theme in themes)
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


def test_records_are_erased_by_their_own_rule(session: Session, clock: FixedClock, manager: Actor) -> None:
    made = add_dialogue(session, clock, manager, entry(clock, held_on=clock().date() - timedelta(days=400)))
    change_dialogue(session, clock, manager, made.id, entry(clock, held_on=made.held_on, theme="Annat"))
    young = add_dialogue(session, clock, manager, entry(clock))
    rule = {"event": RetentionEvent.RECORDED, "days": 365, "decision": "Beslut 7", "account_id": None}
    set_rule(session, clock, RecordKind.DIALOGUES, **rule)
    assert erase_due(session, clock)[RecordKind.DIALOGUES] == 1
    assert list(session.scalars(select(Dialogue.id))) == [young.id]
