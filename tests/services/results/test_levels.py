"""What leaves the analysts' room: marks, releases that repeat themselves, and an attacker who subtracts."""

import csv
import io
import json
from datetime import date

import numpy as np
import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.accounts import Role
from enkat.records.audit import AuditEntry
from enkat.records.organisations import OperatingForm
from enkat.records.releases import Release, ReleaseLevel
from enkat.records.writing import writing
from enkat.services.results.computing import Breakdown, RoundResults, compute
from enkat.services.results.exporting import NotAllowedFault, export, export_answers
from enkat.services.results.groups import GroupKind
from enkat.services.results.levels import Marks, marks_for
from enkat.statistics.disclosure.marks import Mark
from tests.clocks import FixedClock
from tests.factories.accounts import make_actor
from tests.factories.counted import FORMS, UnitCase, add_counted_round

CITY = [
    UnitCase(60, 40, 0, FORMS[0], proxies=8),
    UnitCase(40, 30, 0, FORMS[1], proxies=3),
    UnitCase(9, 6, 0, FORMS[2]),
    UnitCase(80, 50, 1, FORMS[0], proxies=10),
    UnitCase(30, 20, 1, FORMS[1], men=0.5),
    UnitCase(4, 3, 1, FORMS[2]),
    UnitCase(6, 4, 1, FORMS[1]),
    UnitCase(90, 60, 2, FORMS[2], positive=1.0),
    UnitCase(45, 30, 2, FORMS[0], positive=0.02),
    UnitCase(33, 25, 2, FORMS[1]),
]


def shown(marks: Marks, breakdown: Breakdown, group: int, question: int) -> bool:
    return marks.mark(breakdown, group, question) is not Mark.SUPPRESSED


def derivable_rest(results: RoundResults, marks: Marks, breakdown: Breakdown, question: int) -> list[tuple[int, int]]:
    """For every shown group: how many hidden children it has and how many answers they hold together."""
    answered = results.layers[breakdown].estimates.answered
    found = []
    for family in results.grouping.families(0):
        if not shown(marks, breakdown, family.parent, question):
            continue
        hidden = [c for c in family.children if answered[c, question] and not shown(marks, breakdown, c, question)]
        if hidden:
            found.append((len(hidden), int(answered[hidden, question].sum())))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_nothing_small_can_be_subtracted(session: Session, seed: int):
    results = compute(session, add_counted_round(session, CITY, seed=seed).id)
    marks = marks_for(results, ReleaseLevel.INTERNAL)
    for breakdown in (Breakdown.ALL, Breakdown.WITHOUT_PROXIES):
        layer = results.layers[breakdown]
        for question in range(3):
            for group in range(len(results.grouping.groups)):
                if shown(marks, breakdown, group, question) and layer.available[group, question]:
                    assert layer.estimates.answered[group, question] >= 5
            for count, people in derivable_rest(results, marks, breakdown, question):
                assert count >= 2
                assert people >= 5


@pytest.mark.parametrize("seed", range(4))
def test_with_and_without_proxies_never_differ_by_a_few(session: Session, seed: int):
    results = compute(session, add_counted_round(session, CITY, seed=seed).id)
    marks = marks_for(results, ReleaseLevel.INTERNAL)
    everybody, without = (results.layers[b] for b in (Breakdown.ALL, Breakdown.WITHOUT_PROXIES))
    difference = everybody.estimates.answered - without.estimates.answered
    for group, question in zip(*np.nonzero((difference > 0) & (difference < 5)), strict=True):
        if without.available[group, question]:
            assert not (
                shown(marks, Breakdown.ALL, group, question)
                and shown(marks, Breakdown.WITHOUT_PROXIES, group, question)
            )


@pytest.mark.parametrize("seed", range(4))
def test_both_sexes_or_neither_and_all_core_questions_or_none(session: Session, seed: int):
    results = compute(session, add_counted_round(session, CITY, seed=seed).id)
    marks = marks_for(results, ReleaseLevel.INTERNAL)
    core = [at for at, asked in enumerate(results.counted.questions) if asked.question.core]
    for group in range(len(results.grouping.groups)):
        for breakdown in results.layers:
            assert len({shown(marks, breakdown, group, question) for question in core}) == 1
        clients = [results.layers[b].clients[group, core[0]] for b in (Breakdown.WOMEN, Breakdown.MEN)]
        if all(clients):
            both = {shown(marks, b, group, core[0]) for b in (Breakdown.WOMEN, Breakdown.MEN)}
            assert len(both) == 1


def test_a_unit_where_hardly_anybody_is_positive_gets_words(session: Session):
    results = compute(session, add_counted_round(session, [*CITY[:8], UnitCase(45, 30, 2, positive=0.0)]).id)
    marks = marks_for(results, ReleaseLevel.INTERNAL)
    last = results.grouping.units.stop - 1
    assert marks.mark(Breakdown.ALL, last, 0) is Mark.TOO_FEW_POSITIVE


def test_a_repeated_export_repeats_its_cells(session: Session, clock: FixedClock):
    survey_round = add_counted_round(session, CITY)
    first = export(session, clock, None, "ht26", level=ReleaseLevel.INTERNAL, file_format="csv")
    with writing(session):
        survey_round.threshold_public = survey_round.threshold_internal = 25
    again = export(session, clock, None, "ht26", level=ReleaseLevel.INTERNAL, file_format="csv")
    assert again.content == first.content
    one, two = session.scalars(select(Release).order_by(Release.id)).all()
    assert one.pattern["marks"] == two.pattern["marks"]
    assert (one.sha256, one.data_version) == (two.sha256, two.data_version)
    assert one.pattern["plan"]["breakdowns"] == ["sex", "operating_form", "without_proxies"]
    assert session.scalars(select(AuditEntry.action)).all() == ["results.exported"] * 2


def test_analysts_files_are_no_releases_but_logged(session: Session, clock: FixedClock):
    add_counted_round(session, CITY)
    analyst = make_actor(session, clock, Role.ANALYST)
    export(session, clock, analyst, "ht26", level=ReleaseLevel.ANALYST, file_format="csv")
    list(export_answers(session, clock, analyst, "ht26", file_format="csv"))
    assert session.scalars(select(Release)).all() == []
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)).all()
    assert [(e.action, e.account_id) for e in entries] == [("results.exported_unsuppressed", analyst.account_id)] * 2


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ROUND_MANAGER, Role.KEY_HOLDER])
def test_nobody_exports_by_being_something_else(session: Session, clock: FixedClock, role: Role):
    add_counted_round(session, CITY)
    actor = make_actor(session, clock, role)
    for level in (ReleaseLevel.INTERNAL, ReleaseLevel.ANALYST):
        with pytest.raises(NotAllowedFault):
            export(session, clock, actor, "ht26", level=level, file_format="csv")
    with pytest.raises(NotAllowedFault):
        export_answers(session, clock, actor, "ht26", file_format="csv")


def test_hidden_cells_carry_a_mark_and_nothing_else(session: Session, clock: FixedClock):
    add_counted_round(session, CITY)
    made = export(session, clock, None, "ht26", level=ReleaseLevel.INTERNAL, file_format="csv")
    rows = list(csv.DictReader(io.StringIO(made.content.decode())))
    hidden = [row for row in rows if row["Märkning"] in {"för få svar", "få eller inga positiva"}]
    assert hidden
    secret = [
        "Svarande", "Svarsfrekvens (%)", "Svar på frågan (n)", "Andel positiva (%)", "Intervall från (%)",
        "Intervall till (%)", "Minst så många brukare", "Högst så många brukare", "Vet inte (%)", "Obesvarat (%)",
    ]  # fmt: skip
    assert all(row[name] == "" for row in hidden for name in secret)
    assert all(row["Brukare (N)"] for row in hidden)


def test_the_workbook_has_a_row_for_every_unit(session: Session, clock: FixedClock):
    add_counted_round(session, CITY)
    made = export(session, clock, None, "ht26", level=ReleaseLevel.INTERNAL, file_format="xlsx")
    book = openpyxl.load_workbook(io.BytesIO(made.content), read_only=True)
    assert book.sheetnames == [
        "Läs mig", "Staden", "Stadsdelar", "Enheter", "Regiform", "Kön", "Utan ombud", "Fördelning", "Diagram enheter",
    ]  # fmt: skip
    rows = list(book["Enheter"].iter_rows(values_only=True))
    at = {heading: place for place, heading in enumerate(rows[0])}
    units: dict[str, list[tuple[object, ...]]] = {}
    for row in rows[1:]:
        units.setdefault(row[at["Enhet"]], []).append(row)
    assert sorted(units) == [f"E{number:03d}" for number in range(1, 11)]
    for of_unit in units.values():
        for row in of_unit:
            assert isinstance(row[at["Andel positiva (%)"]], int | float) or row[at["Märkning"]]
    text = {row[0]: row[1] for row in book["Läs mig"].iter_rows(values_only=True)}
    assert "minst 5 har svarat" in text["Gränser"]
    assert "2026-09-01 till 2026-10-01" in text["Svarstid"]
    assert "kärnfrågor" in text["Samstämmighet: Om din hjälp"]
    assert text["Fråga: feels_safe"].startswith("Fråga feels_safe?")


def test_json_tells_what_the_figures_are(session: Session, clock: FixedClock):
    add_counted_round(session, CITY, day=date(2026, 9, 1))
    made = export(session, clock, None, "ht26", level=ReleaseLevel.INTERNAL, file_format="json")
    document = json.loads(made.content)
    assert document["about"]["threshold"] == 5
    assert document["about"]["closed_on"] == "2026-10-01"
    city = next(table for table in document["tables"] if table["name"] == "Staden")
    assert {row["question"] for row in city["rows"]} == {"feels_safe", "is_heard", "home_care_0"}
    assert all(row["lower_percent"] <= row["share_positive_percent"] <= row["upper_percent"] for row in city["rows"])


def test_operating_forms_are_listed_where_planned(session: Session):
    results = compute(session, add_counted_round(session, CITY).id)
    forms = [group.key for group in results.grouping.groups if group.kind is GroupKind.OPERATING_FORM]
    assert sorted(forms) == sorted(f"operating_form:{form.value}" for form in OperatingForm)
