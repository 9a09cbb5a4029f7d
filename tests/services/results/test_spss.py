"""Results and answers for SPSS, read back: codes, labels, typed missing, and nothing that the level hides."""

from pathlib import Path
from typing import Any

import pyreadstat
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.instruments.missing import Missing
from enkat.records.releases import Release, ReleaseLevel
from enkat.services.results.answer_file import answer_file
from enkat.services.results.computing import Breakdown
from enkat.services.results.exporting import export, export_answers, view_results
from enkat.services.results.groups import GroupKind
from enkat.services.results.spss import HIDDEN
from enkat.statistics.disclosure.marks import Mark
from tests.clocks import FixedClock
from tests.factories.counted import UnitCase, add_counted_round

UNITS = [
    UnitCase(60, 40, 0, proxies=8),
    UnitCase(40, 30, 0),
    UnitCase(80, 50, 1, proxies=10),
    UnitCase(30, 20, 1),
    UnitCase(6, 5, 1),
]


def read(path: Path) -> tuple[list[dict[str, Any]], Any]:
    columns, about = pyreadstat.read_sav(path, output_format="dict", user_missing=True)
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)], about


def test_results_have_a_row_per_figure_and_a_code_for_each_mark(session: Session, clock: FixedClock, tmp_path: Path):
    add_counted_round(session, UNITS)
    view = view_results(session, None, "ht26", ReleaseLevel.INTERNAL)
    made = export(session, clock, None, "ht26", level=ReleaseLevel.INTERNAL, file_format="sav")
    assert made.name == "resultat-ht26-internt.sav"
    path = tmp_path / made.name
    path.write_bytes(made.content)
    rows, about = read(path)
    kinds = {index for index, group in view.groups(*GroupKind) if group.kind is not GroupKind.SMALL_UNITS}
    assert len(rows) == len(kinds) * len(view.questions) * len(view.results.layers)
    labels = about.variable_value_labels
    whole = next(
        row
        for row in rows
        if labels["level"][row["level"]] == "hela staden" and labels["breakdown"][row["breakdown"]] == "alla svar"
    )
    figure = view.figure(0, 0, Breakdown.ALL)
    assert whole["share_positive_percent"] == round(100 * figure.share, 1)
    assert (whole["answered"], whole["clients"]) == (figure.answered, figure.clients)
    hidden = [row for row in rows if labels["mark"][row["mark"]] == "för få svar"]
    assert hidden
    assert {row[name] for row in hidden for name in ("answered", "share_positive_percent", "lower_percent")} == {
        HIDDEN[Mark.SUPPRESSED]
    }
    assert labels["share_positive_percent"][HIDDEN[Mark.SUPPRESSED]] == "för få svar"
    assert about.missing_ranges["answered"] == [{"lo": min(HIDDEN.values()), "hi": max(HIDDEN.values())}]
    assert len(session.scalars(select(Release)).all()) == 1


def test_answers_have_codes_with_labels_and_typed_missing(session: Session, clock: FixedClock, tmp_path: Path):
    survey_round = add_counted_round(session, UNITS)
    path = tmp_path / "svar.sav"
    path.write_bytes(b"".join(export_answers(session, clock, None, "ht26", file_format="sav")))
    rows, about = read(path)
    plain = list(answer_file(session, survey_round.id).rows())
    assert len(rows) == len(plain) - 1
    labels = about.variable_value_labels
    assert labels["feels_safe"][5] == "Svar 5"
    assert labels["feels_safe"][Missing.NOT_ANSWERED] == "inte besvarad"
    assert about.missing_ranges["feels_safe"] == [{"lo": -5, "hi": -1}]
    assert about.column_names_to_labels["feels_safe"] == "Fråga feels_safe?"
    names = [
        (labels["name"].get(row["name"], ""), labels["unit"].get(row["unit"], ""), row["class_size"], row["feels_safe"])
        for row in rows
    ]
    at = plain[0].index("feels_safe")
    assert sorted(names) == sorted((row[1], row[0], row[8], row[at]) for row in plain[1:])
