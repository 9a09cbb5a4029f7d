"""Staged files: every fault is named, corrected in place or left out; personal numbers never reach the database."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.imports import ImportBatch, ImportKind, ImportRow, RowState, row_counts
from enkat.records.metadata import metadata
from enkat.services.faults import ConflictFault, Fault, NotFoundFault
from enkat.services.register.applying import apply_import
from enkat.services.register.forgetting import forget_decided
from enkat.services.register.previewing import HIDDEN, examples, novelties, shown_cells, shown_faults
from enkat.services.register.staging import (
    abandon,
    correct_cell,
    drop_unused_columns,
    leave_out,
    set_mapping,
    stage_file,
    take_back_in,
)
from tests.clocks import FixedClock
from tests.factories.register import (
    FAULTY,
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
    rows_by_number,
    stage,
)

UNIT = "NY;Nya gården;Nya vård AB;212000-8806;privat;Norrmalmen;hemtjänst;2026-01-01;chef@example.org"
FAULTS = {
    4: ("sex", "K eller M"),
    6: ("services", "Insatsen ”städning” finns inte"),
    8: ("unit", "Enheten ”XYZ” finns inte"),
    9: ("birth_year", "fyra siffror"),
    10: ("unit", "Enhet saknas"),
    12: ("birth_year", "Här står ”41”"),
    14: ("reference", "Personref saknas"),
    16: ("language", "klingonska"),
    21: ("reference", "personnummer"),
    23: ("birth_year", "mellan 1880 och 2026"),
    25: ("name", "Rad 25 och rad 27"),
    27: ("name", "Rad 27 och rad 25"),
}


def faults_of(session: Session, clock: Clock, row: str, **more: str) -> list[tuple[str, str]]:
    """Stage a single person and return the faults as field and sentence."""
    headings = ";".join([HEADINGS, *more])
    batch = stage(session, clock, csv_of(";".join([row, *more.values()]), headings=headings))
    return [(fault["field"], fault["sentence"]) for fault in rows_by_number(session, batch)[2].faults]


@pytest.fixture
def filled(session: Session, clock: FixedClock) -> Session:
    fill_register(session, clock)
    return session


def test_every_fault_is_named_by_row_and_field(filled: Session, clock: FixedClock) -> None:
    rows = rows_by_number(filled, stage(filled, clock, FAULTY))
    faulty = {number: row.faults for number, row in rows.items() if row.state is RowState.FAULTY}
    assert set(faulty) == set(FAULTS)
    for number, (field, words) in FAULTS.items():
        assert [fault["field"] for fault in faulty[number]] == [field]
        assert words in faulty[number][0]["sentence"]
    assert rows[18].cells["Namn"] == "<script>alert(1)</script> Ö"
    assert rows[19].cells["Namn"].startswith("=HYPERLINK(")


def test_no_personal_number_reaches_any_table(filled: Session, clock: FixedClock) -> None:
    row = PERSON.replace("Påhittad Persson", "Anna 410101-2384")
    stage(filled, clock, csv_of(row + ";4101012384", headings=HEADINGS + ";Pnr"), name="410101-2384.csv")
    batch = stage(filled, clock, FAULTY)
    correct_cell(filled, clock, batch.id, 4, "name", "Eva 19410101+2384")
    for table in metadata.sorted_tables:
        for found in filled.execute(select(table)):
            assert "410101" not in repr(tuple(found)), table.name


def test_a_personal_number_in_an_unused_column_is_a_fault_until_the_column_goes(
    filled: Session, clock: FixedClock
) -> None:
    batch = stage(filled, clock, csv_of(PERSON + ";410101-2384", headings=HEADINGS + ";Pnr"))
    assert [fault["field"] for fault in rows_by_number(filled, batch)[2].faults] == ["Pnr"]
    assert drop_unused_columns(filled, clock, batch.id) == ["Pnr"]
    row = rows_by_number(filled, batch)[2]
    assert row.state is RowState.NEW
    assert "Pnr" not in row.cells


def test_a_faulty_row_blocks_the_file_until_each_is_decided(filled: Session, clock: FixedClock) -> None:
    batch = stage(filled, clock, FAULTY)
    people = filled.scalar(text("SELECT count(*) FROM client"))
    with pytest.raises(Fault, match=r"Rad 4, Kön: .*12 rader"):
        apply_import(filled, clock, batch.id, None)
    assert filled.scalar(text("SELECT count(*) FROM client")) == people
    for number, (field, value) in {4: ("sex", "K"), 6: ("services", "hemtjänst"), 9: ("birth_year", "1931")}.items():
        correct_cell(filled, clock, batch.id, number, field, value)
        assert rows_by_number(filled, batch)[number].state is RowState.NEW
    leave_out(filled, clock, batch.id, 27)
    rows = rows_by_number(filled, batch)
    assert rows[27].state is RowState.LEFT_OUT
    assert rows[25].state is RowState.NEW  # the contradiction went with the other row
    take_back_in(filled, clock, batch.id, 27)
    assert rows_by_number(filled, batch)[25].state is RowState.FAULTY
    for number in FAULTS:
        if rows_by_number(filled, batch)[number].state is RowState.FAULTY:
            leave_out(filled, clock, batch.id, number)
    summary = apply_import(filled, clock, batch.id, None)
    assert (summary.new, summary.left_out) == (22, 8)
    assert person(filled, "F2016").name == "<script>alert(1)</script> Ö"


def test_correcting_a_reference_joins_and_parts_rows(filled: Session, clock: FixedClock) -> None:
    other = PERSON.replace("T1;", "T2;").replace(";K;1941", ";M;1950")
    batch = stage(filled, clock, csv_of(PERSON, other))
    correct_cell(filled, clock, batch.id, 3, "reference", "T1")
    rows = rows_by_number(filled, batch)
    assert {rows[2].state, rows[3].state} == {RowState.FAULTY}
    assert "olika uppgift i Kön, Födelseår" in rows[2].faults[0]["sentence"]
    correct_cell(filled, clock, batch.id, 3, "reference", "T2")
    assert row_counts(filled, batch.id)[RowState.NEW] == 2


def test_two_rows_of_one_person_with_two_units_are_right(filled: Session, clock: FixedClock) -> None:
    second = PERSON.replace("ASP;hemtjänst", "LED;ledsagning")
    assert apply(filled, clock, csv_of(PERSON, second)).new == 1
    given = {(one.unit_id, one.service.value) for one in person(filled, "T1").services}
    assert {service for _, service in given} == {"home_care", "escort_service"}
    assert len({unit_id for unit_id, _ in given}) == 2


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        (PERSON.replace("1941", "41"), "birth_year", "fyra siffror"),
        (PERSON.replace("1941", "1879"), "birth_year", "mellan"),
        (PERSON.replace("1941", "2027"), "birth_year", "mellan"),
        (PERSON.replace("1941", "1941.0"), "birth_year", "fyra siffror"),
        (PERSON.replace(";K;", ";;"), "sex", "Kön saknas"),
        (PERSON.replace(";K;", ";kvinnlig;"), "sex", "K eller M"),
        (PERSON.replace("hemtjänst", "hemtjänst,ledsagning"), "services", "finns inte"),
        (PERSON.replace("hemtjänst", "hemtjänst+"), "services", "Insatsen ”” finns inte"),
        (PERSON.replace(";ASP;", ";asp;"), "unit", "Menas ASP?"),
        (PERSON.replace("svenska", "sv"), "language", "språklistan"),
        (PERSON.replace("svenska", ""), "language", "Språk saknas"),
        (PERSON.replace(";brev;", ";post;"), "contact_channel", "brev, sms eller e-post"),
        (PERSON + "japp", "protected", "ja eller tomt"),
        (PERSON.replace("123 45", "1234"), "postal_code", "fem siffror"),
        (PERSON.replace("123 45", ""), "postal_code", "Postnr saknas"),
        (PERSON.replace("Påhittad Persson", ""), "name", "Namn saknas"),
        (PERSON.replace("Påhittad Persson", "x" * 201), "name", "högst 200 tecken"),
        (PERSON.replace("Påhittad Persson", '"Anna\nPersson"'), "name", "radbrytning"),
        (PERSON.removesuffix(";brev;"), "contact_channel", "kortare än rubrikraden"),
        (PERSON + ";mer", "Värden utan rubrik", "fler värden än rubriker"),
    ],
)
@pytest.mark.one_database
def test_nothing_is_guessed(filled: Session, clock: FixedClock, row: str, field: str, words: str) -> None:
    faults = faults_of(filled, clock, row)
    assert field in [name for name, _ in faults]
    assert words in next(sentence for name, sentence in faults if name == field)


@pytest.mark.one_database
def test_codes_are_read_in_any_case_and_spacing(filled: Session, clock: FixedClock) -> None:
    row = "T1;Anna;Gatan 1;12345;Ort;ASP;Hemtjänst + TRYGGHETSLARM;k;1941;Svenska;Brev;Nej"
    assert faults_of(filled, clock, row) == []
    apply(filled, clock, csv_of(row))
    assert person(filled, "T1").postal_code == "123 45"


@pytest.mark.one_database
def test_optional_columns_are_read_checked_and_kept(filled: Session, clock: FixedClock) -> None:
    assert faults_of(filled, clock, PERSON, Telefon="ring", Epost="x") == [
        ("phone", "Telefon ska skrivas som 070-123 45 67. Här står ”ring”."),
        ("email", "E-post ska skrivas som namn@exempel.se. Här står ”x”."),
    ]
    headings = HEADINGS + ";Telefon"
    apply(filled, clock, csv_of(PERSON + ";070-100 20 30", headings=headings))
    assert apply(filled, clock, csv_of(PERSON)).same == 1
    assert person(filled, "T1").phone == "070-100 20 30"
    assert apply(filled, clock, csv_of(PERSON + ";", headings=headings)).changed == 1
    assert person(filled, "T1").phone is None


@pytest.mark.one_database
def test_the_mapping_can_be_corrected(filled: Session, clock: FixedClock) -> None:
    batch = stage(filled, clock, csv_of(PERSON, headings=HEADINGS.replace("Personref", "Nyckel")))
    with pytest.raises(Fault, match="Filen saknar Personref"):
        apply_import(filled, clock, batch.id, None)
    wrong = batch.mapping | {"reference": "Ort"}
    with pytest.raises(Fault, match="vald två gånger"):
        set_mapping(filled, clock, batch.id, wrong)
    with pytest.raises(Fault, match="finns inte i filen"):
        set_mapping(filled, clock, batch.id, batch.mapping | {"reference": "Finns ej"})
    set_mapping(filled, clock, batch.id, batch.mapping | {"reference": "Nyckel"})
    assert apply_import(filled, clock, batch.id, None).new == 1


def test_a_mapping_can_be_given_with_the_file(filled: Session, clock: FixedClock) -> None:
    data = csv_of(PERSON, headings=HEADINGS.replace("Personref", "Nyckel"))
    mapping = dict(stage(filled, clock, PEOPLE).mapping) | {"reference": "Nyckel"}
    batch = stage_file(
        filled, clock, kind=ImportKind.CLIENTS, file_name="a.csv", content=data, account_id=None, mapping=mapping
    )
    assert apply_import(filled, clock, batch.id, None).new == 1


@pytest.mark.one_database
def test_unit_rows_are_checked(filled: Session, clock: FixedClock) -> None:
    def faults(row: str) -> list[str]:
        batch = stage(filled, clock, csv_of(row, headings=UNIT_HEADINGS), ImportKind.UNITS)
        return [fault["field"] for fault in rows_by_number(filled, batch)[2].faults]

    assert faults(UNIT) == []
    assert faults(UNIT.replace("8806", "8807")) == ["organisation_number"]
    assert faults(UNIT.replace("212000-8806", "410101-2384")) == ["organisation_number"]
    assert faults(UNIT.replace("privat", "friskola")) == ["operating_form"]
    assert faults(UNIT.replace("2026-01-01", "26-01-01")) == ["valid_from"]
    assert faults(UNIT.replace("2026-01-01", "2026-02-30")) == ["valid_from"]
    assert faults(UNIT.replace("chef@example.org", "chef")) == ["manager_email"]
    assert faults(UNIT.replace("Nya vård AB", "Björkstads hemtjänst")) == []
    assert faults(UNIT.replace("Nya vård AB", "Ledstjärnans omsorg AB (exempel)")) == ["organisation_number"]
    earlier = "ASP;Aspen;Björkstads hemtjänst;212000-8806;egen regi;Norrmalmen;hemtjänst;2018-01-01;a@example.org"
    assert faults(earlier) == ["valid_from"]


@pytest.mark.one_database
def test_a_closed_unit_is_refused_with_its_heir(filled: Session, clock: FixedClock) -> None:
    ended = (
        "ASP;Aspen;Björkstads hemtjänst;212000-8806;egen regi;Norrmalmen;hemtjänst;2019-01-01;a@example.org;2026-01-31"
    )
    apply(filled, clock, csv_of(ended, headings=UNIT_HEADINGS + ";Giltig till"), ImportKind.UNITS)
    assert faults_of(filled, clock, PERSON)[0][1].startswith("Enheten ASP är stängd.")


@pytest.mark.one_database
def test_protected_people_are_covered_in_rows_faults_and_examples(filled: Session, clock: FixedClock) -> None:
    secret = PERSON.replace("123 45", "hemlig plats") + "ja"
    batch = stage(filled, clock, csv_of(secret, PERSON.replace("T1", "T2")))
    row = rows_by_number(filled, batch)[2]
    assert row.protected
    assert shown_cells(batch, row, allowed=False)["name"] == HIDDEN
    assert shown_cells(batch, row, allowed=True)["name"] == "Påhittad Persson"
    assert "hemlig" not in repr(shown_faults(row, allowed=False)) + row.search_text
    assert "hemlig plats" in repr(shown_faults(row, allowed=True))
    assert "hemlig plats" not in repr(examples(filled, batch))
    known = stage(filled, clock, csv_of("B1005;Påhittad Åkesson 5;G 1;123 45;Ort;ASP;hemtjänst;K;1930;svenska;brev;"))
    assert rows_by_number(filled, known)[2].protected  # the register says so, even where the file does not
    unknown = stage(filled, clock, csv_of(PERSON, headings=HEADINGS.replace("Skydd", "Annat")))
    assert rows_by_number(filled, unknown)[2].protected


def test_new_districts_and_providers_are_named_before_they_are_made(session: Session, clock: FixedClock) -> None:
    batch = stage(session, clock, UNITS, ImportKind.UNITS)
    assert novelties(session, batch)["district"] == ["Norrmalmen", "Söderängen"]
    apply_import(session, clock, batch.id, None)
    assert novelties(session, stage(session, clock, UNITS, ImportKind.UNITS)) == {"district": [], "provider": []}


def test_a_decided_import_keeps_no_rows_and_cannot_be_changed(filled: Session, clock: FixedClock) -> None:
    batch = stage(filled, clock, WORKBOOK)
    with pytest.raises(NotFoundFault):
        leave_out(filled, clock, batch.id, 999)
    abandon(filled, clock, batch.id, None)
    assert rows_by_number(filled, batch) == {}
    for act in (abandon, apply_import):
        with pytest.raises(ConflictFault):
            act(filled, clock, batch.id, None)
    with pytest.raises(ConflictFault):
        leave_out(filled, clock, batch.id, 2)


def test_a_reading_that_was_interrupted_leaves_nothing(
    filled: Session, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("enkat.services.register.staging.CHUNK", 10)

    def stop(done: int, _total: int) -> None:
        if done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stage_file(
            filled,
            clock,
            kind=ImportKind.CLIENTS,
            file_name="a.csv",
            content=csv_of(*(PERSON.replace("T1", f"T{number}") for number in range(40))),
            account_id=None,
            progress=stop,
        )
    batch = filled.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first()
    assert batch is not None
    assert batch.state.value == "reading"
    with pytest.raises(ConflictFault):
        apply_import(filled, clock, batch.id, None)
    clock.advance(hours=2)
    forget_decided(filled, clock)
    assert filled.scalar(select(func.count()).select_from(ImportRow)) == 0
    assert batch.state.value == "abandoned"
