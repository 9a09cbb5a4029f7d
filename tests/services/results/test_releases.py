"""What leaves the house: the public level, the attacker over the history, refusals, corrected editions."""

import csv
import io
import json
from dataclasses import replace
from typing import Any

import numpy as np
import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.releases import Release, ReleaseLevel
from enkat.records.writing import writing
from enkat.services.results import exporting
from enkat.services.results.computing import Breakdown, RoundResults, compute
from enkat.services.results.exporting import export, view_results
from enkat.services.results.history import encoded
from enkat.services.results.levels import MARK_TEXTS, Marks, marks_for, stacked
from enkat.services.results.release_audits import DisclosureFault, audit_release
from enkat.services.results.release_plan import NotPlannedFault
from enkat.services.results.releases import CorrectedFault, released_marks
from enkat.statistics.disclosure.marks import MARKS, Mark
from tests.clocks import FixedClock
from tests.factories.counted import FORMS, UnitCase, add_counted_round, correct_an_answer

CITY = [
    UnitCase(60, 40, 0, FORMS[0], proxies=8),
    UnitCase(40, 30, 0, FORMS[1], proxies=3),
    UnitCase(9, 6, 0, FORMS[2]),
    UnitCase(80, 50, 1, FORMS[0], proxies=10),
    UnitCase(30, 20, 1, FORMS[1], men=0.5),
    UnitCase(5, 4, 1, FORMS[2]),
    UnitCase(24, 8, 1, FORMS[1]),
    UnitCase(90, 60, 2, FORMS[2], positive=1.0),
    UnitCase(45, 30, 2, FORMS[0], positive=0.02),
    UnitCase(33, 25, 2, FORMS[1]),
]
EVEN = [UnitCase(40, 26, number % 2) for number in range(4)] + [UnitCase(80, 50, number % 2) for number in range(4)]
HIDDEN, SHOWN = MARKS.index(Mark.SUPPRESSED), MARKS.index(Mark.SHOWN)
SMALL = 6
"""Place of the unit of eight answers among the units: shown internally, too uncertain for the public."""


@pytest.fixture
def results(session: Session) -> RoundResults:
    """A city whose unit of eight answers is a secret."""
    return compute(session, add_counted_round(session, CITY, threshold_internal=9, threshold_public=12).id)


def rows(session: Session, clock: FixedClock, level: ReleaseLevel = ReleaseLevel.PUBLIC, **more: Any) -> list[dict]:
    made = export(session, clock, None, "ht26", level=level, file_format="csv", **more)
    return list(csv.DictReader(io.StringIO(made.content.decode())))


def store(
    session: Session,
    clock: FixedClock,
    results: RoundResults,
    marks: Marks,
    breakdowns: tuple[str, ...] = ("sex", "operating_form", "without_proxies"),
) -> Release:
    """Store a release as they were before figures and audits were kept."""
    with writing(session):
        release = Release(
            round_id=results.counted.survey_round.id,
            level=marks.level,
            scope="city",
            format="csv",
            released_at=clock(),
            pattern=encoded(results, marks, breakdowns),
            data_version=results.counted.version,
            sha256="0" * 64,
        )
        session.add(release)
    return release


def hiding(results: RoundResults, *units: int) -> Marks:
    """Return marks that hide some units and show everything else of everybody, and nothing of the breakdowns."""
    shape = (len(results.grouping.groups), len(results.counted.questions))
    codes = {breakdown: np.full(shape, HIDDEN, dtype=np.int8) for breakdown in results.layers}
    codes[Breakdown.ALL][:] = SHOWN
    codes[Breakdown.ALL][results.grouping.units.start + np.array(units)] = HIDDEN
    return Marks(ReleaseLevel.INTERNAL, 5, codes)


def test_the_public_sees_whole_percents_and_the_higher_threshold(session: Session, clock: FixedClock):
    add_counted_round(session, CITY)
    found = rows(session, clock)
    percents = [name for name in found[0] if "%" in name and "före" not in name]
    shown = [row for row in found if row["Andel positiva (%)"]]
    assert shown
    assert all(float(row[name]).is_integer() for row in shown for name in percents if row[name])
    assert all(int(row["Svar på frågan (n)"]) >= 7 for row in shown)
    assert all(row["Minst så många brukare"] == "" for row in found)
    fewer = {(row["Namn"], row["Urval"], row["Fråga"]) for row in shown}
    internal = rows(session, clock, ReleaseLevel.INTERNAL)
    assert fewer < {(r["Namn"], r["Urval"], r["Fråga"]) for r in internal if r["Andel positiva (%)"]}


def test_the_public_sees_the_options_from_thirty_answers_only(session: Session, clock: FixedClock):
    add_counted_round(session, EVEN)
    view = view_results(session, None, "ht26", ReleaseLevel.PUBLIC)
    figures = [view.figure(group, q) for group in range(len(view.results.grouping.groups)) for q in range(3)]
    shown = [figure for figure in figures if figure.shown]
    assert {figure.answered >= 30 for figure in shown} == {True, False}
    for figure in shown:
        assert {option.count for option in figure.options} == {-1}
        assert len(figure.options) == (2 if figure.answered < 30 else len(figure.asked.scale.base))
        assert (figure.mark is Mark.SMALL_BASIS) == (figure.answered < 30)


def test_every_mark_is_another(session: Session):
    few = UnitCase(45, 30, 0, positive=0.0)
    results = compute(session, add_counted_round(session, [*EVEN, UnitCase(70, 9, 0), few, UnitCase(9, 6, 1)]).id)
    assert len(set(MARK_TEXTS.values())) == len(Mark)
    internal, public = marks_for(results, ReleaseLevel.INTERNAL), marks_for(results, ReleaseLevel.PUBLIC)
    nine, few_positive, six = range(results.grouping.units.start + len(EVEN), results.grouping.units.stop)
    assert internal.mark(Breakdown.ALL, nine, 0) is Mark.SMALL_BASIS
    assert public.mark(Breakdown.ALL, nine, 0) is Mark.TOO_UNCERTAIN
    assert public.mark(Breakdown.ALL, few_positive, 0) is Mark.TOO_FEW_POSITIVE
    assert public.mark(Breakdown.ALL, six, 0) is Mark.SUPPRESSED


@pytest.mark.parametrize("seed", range(3))
def test_a_wider_level_shows_nothing_that_a_narrower_one_hides(session: Session, seed: int):
    results = compute(session, add_counted_round(session, CITY, seed=seed).id)
    internal, public = (stacked(marks_for(results, level)) for level in (ReleaseLevel.INTERNAL, ReleaseLevel.PUBLIC))
    assert (public[internal == HIDDEN] == HIDDEN).all()
    assert (public == HIDDEN).sum() > (internal == HIDDEN).sum()


def test_a_whole_with_a_hidden_part_has_whole_percents_inside_too(session: Session, clock: FixedClock):
    add_counted_round(session, CITY)
    view = view_results(session, None, "ht26", ReleaseLevel.INTERNAL)
    districts = [view.figure(1 + number, 0) for number in range(3)]
    hidden = [
        any(view.marks.codes[Breakdown.ALL][view.results.grouping.units.start + unit, 0] == HIDDEN for unit in of)
        for of in ((0, 1, 2), (3, 4, 5, 6), (7, 8, 9))
    ]
    assert True in hidden
    for figure, has_hidden in zip(districts, hidden, strict=True):
        assert (round(figure.share * 100, 6) % 1 == 0) == has_hidden
        assert (figure.represented == -1) == has_hidden


def test_each_release_keeps_its_audit(session: Session, clock: FixedClock):
    add_counted_round(session, CITY)
    for level in (ReleaseLevel.INTERNAL, ReleaseLevel.PUBLIC, ReleaseLevel.INTERNAL):
        rows(session, clock, level)
    first, public, last = session.scalars(select(Release).order_by(Release.id))
    assert [one.audit["earlier_releases"] for one in (first, public, last)] == [0, 1, 2]
    assert (first.audit["readers"], public.audit["readers"]) == (["internal"], ["public", "internal"])
    assert public.audit["thresholds"] == [7, 5]
    for one in (first, public, last):
        assert one.audit["secrets"] > 0
        assert one.audit["given_away_before"] == 0
        assert one.audit["ranges"]["narrowest"] >= 1
        assert "minst tröskeln" in one.audit["criterion"]
        assert one.figures["all"]["answered"]


def test_a_release_that_tells_is_refused_and_leaves_nothing(
    session: Session, clock: FixedClock, results: RoundResults, monkeypatch: pytest.MonkeyPatch
):
    telling = hiding(results, SMALL)
    monkeypatch.setattr(exporting, "released_marks", lambda *_: telling)
    with pytest.raises(DisclosureFault) as raised:
        rows(session, clock, ReleaseLevel.INTERNAL, breakdowns=[])
    assert "skulle gå att räkna ut" in raised.value.sentence
    assert "En grupp med få svar skulle" in raised.value.sentence
    assert "Ingen ny tabell kan lämnas ut" in raised.value.sentence
    assert session.scalars(select(Release)).all() == []


def test_the_refusal_names_the_nearest_table(session: Session, results: RoundResults):
    safe = marks_for(results, ReleaseLevel.INTERNAL)
    codes = {breakdown: found.copy() for breakdown, found in safe.codes.items()}
    women = codes[Breakdown.WOMEN]
    answered = results.layers[Breakdown.WOMEN].estimates.answered
    women[(women == HIDDEN) & (answered >= 9)] = SHOWN
    plan = ("sex", "operating_form", "without_proxies")
    with pytest.raises(DisclosureFault) as raised:
        audit_release(session, results, replace(safe, codes=codes), plan)
    assert "Närmast tillåtna tabell: staden, stadsdelar och enheter, med regiform och svar utan ombud" in str(
        raised.value
    )
    assert raised.value.nearest == ("operating_form", "without_proxies")
    assert audit_release(session, results, replace(safe, codes=codes), plan[1:])["given_away_before"] == 0


def test_two_releases_that_are_safe_apart_are_refused_together(
    session: Session, clock: FixedClock, results: RoundResults
):
    """Hide the small unit with one sibling in one release and with another sibling in the next."""
    one, other = (hiding(results, SMALL, sibling) for sibling in (3, 4))
    audit_release(session, results, one, ())
    audit_release(session, results, other, ())
    store(session, clock, results, one, breakdowns=())
    with pytest.raises(DisclosureFault):
        audit_release(session, results, other, ())
    assert audit_release(session, results, one, ())["earlier_releases"] == 1


def test_a_repeat_tells_nothing_new_even_where_an_old_release_told(
    session: Session, clock: FixedClock, results: RoundResults
):
    store(session, clock, results, hiding(results, SMALL))
    assert (released_marks(session, results, ReleaseLevel.INTERNAL).codes[Breakdown.ALL] == HIDDEN).sum() == 3
    rows(session, clock, ReleaseLevel.INTERNAL)
    assert session.scalars(select(Release).order_by(Release.id.desc())).first().audit["given_away_before"] > 0


def test_breakdowns_outside_the_plan_are_refused(session: Session, clock: FixedClock):
    add_counted_round(session, CITY, release_plan={"breakdowns": ["sex", "operating_form"]})
    for wanted, nearest in (
        ("age_group", "staden, stadsdelar och enheter, med kön och regiform."),
        ("without_proxies", "staden, stadsdelar och enheter, med kön och regiform."),
        ("sex+age_group", "staden, stadsdelar och enheter, med kön."),
    ):
        with pytest.raises(NotPlannedFault) as raised:
            rows(session, clock, breakdowns=[wanted])
        assert wanted in raised.value.sentence
        assert raised.value.sentence.endswith(f"Närmast tillåtna tabell: {nearest}")
    assert session.scalars(select(Release)).all() == []
    assert {row["Urval"] for row in rows(session, clock, breakdowns=["sex"])} == {"alla svar", "kvinnor", "män"}
    bare = rows(session, clock, breakdowns=[])
    assert ({row["Urval"] for row in bare}, {row["Nivå"] for row in bare}) == (
        {"alla svar"},
        {"hela staden", "stadsdel", "enhet"},
    )


@pytest.mark.parametrize("level", [ReleaseLevel.INTERNAL, ReleaseLevel.PUBLIC])
def test_a_corrected_edition_repeats_the_pattern_and_lists_its_changes(
    session: Session, clock: FixedClock, level: ReleaseLevel
):
    survey_round = add_counted_round(session, CITY)
    rows(session, clock, level)
    before = released_marks(session, compute(session, survey_round.id), level)
    session.rollback()
    correct_an_answer(session)
    with pytest.raises(CorrectedFault) as raised:
        rows(session, clock, level)
    assert raised.value.field == "reason"
    corrected = compute(session, survey_round.id)
    repeated = released_marks(session, corrected, level)
    assert (stacked(repeated)[stacked(before) == HIDDEN] == HIDDEN).all()
    found = rows(session, clock, level, reason="Ett svar var läst fel.")
    release = session.scalars(select(Release).order_by(Release.id.desc())).first()
    assert release.reason == "Ett svar var läst fel."
    marked = {(r["Namn"], r["Urval"]) for r in found if r["Ändrad sedan förra utgåvan"]}
    assert marked == {
        (one["name"], one["breakdown"]) for one in release.changes if not one["group"].startswith("small")
    }
    assert ("Hela staden", "alla svar") in marked
    again = export(session, clock, None, "ht26", level=level, file_format="xlsx")
    book = openpyxl.load_workbook(io.BytesIO(again.content), read_only=True)
    assert "Ändringar" not in book.sheetnames


def test_the_workbook_and_json_of_a_corrected_edition_hold_the_list(session: Session, clock: FixedClock):
    add_counted_round(session, CITY)
    rows(session, clock, ReleaseLevel.INTERNAL)
    session.rollback()
    correct_an_answer(session)
    made = export(
        session, clock, None, "ht26", level=ReleaseLevel.INTERNAL, file_format="json", reason="Ett svar var läst fel."
    )
    table = next(one for one in json.loads(made.content)["tables"] if one["name"] == "Ändringar")
    assert table["rows"]
    assert {row["reason"] for row in table["rows"]} == {"Ett svar var läst fel."}
    assert all(row["percent_before"] != row["percent_now"] or row["answered_now"] for row in table["rows"])
