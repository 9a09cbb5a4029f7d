"""Charts: well-formed, in words too, true to their numbers, and nothing a strict content policy refuses."""

import re
from collections.abc import Sequence
from math import nan
from xml.etree.ElementTree import Element

import defusedxml.ElementTree as Xml
import pytest

from enkat.documents.charts.distribution import Distribution, Part, distribution_chart
from enkat.documents.charts.drawing import BAND, INK, MAIN, PAPER, QUIET, TARGET, Caption, Interval, wrapped
from enkat.documents.charts.funnel import FunnelLimits, FunnelPoint, funnel_chart
from enkat.documents.charts.intervals import PLOT, interval_chart
from enkat.documents.charts.response import Response, response_chart
from enkat.documents.charts.trend import TrendLine, TrendPoint, trend_chart
from enkat.documents.numbers import decimal, percent, percent_range, whole

SVG = "{http://www.w3.org/2000/svg}"
NBSP = "\N{NO-BREAK SPACE}"
CAPTION = Caption("Trygghet & trivsel", "Punkten är <andelen>.", "safe")
ROWS = [
    Interval("Björken <norra>", 0.825, 0.71, 0.91),
    Interval("Ala", nan, words="för få svar"),
    Interval("Cedern", 0.5, 0.3, 0.7, "liten grund"),
    Interval("Hela staden", 0.5),
]
STEPS = ("Mycket trygg", "Ganska trygg", "Varken eller", "Ganska otrygg", "Mycket otrygg")
SPREAD = [
    Part(label, share, number < 2)
    for number, (label, share) in enumerate(zip(STEPS, (0.4, 0.3, 0.15, 0.1, 0.05), strict=True))
]
LIMITS = FunnelLimits("95 %", [10, 20, 40], [0.5, 0.6, 0.7], [1.0, 0.95, 0.9], "6 4")
POINTS = [FunnelPoint("Björken", 40, 0.82), FunnelPoint("Ala", 20, 0.4, outside=True)]
TREND = TrendLine(
    "Björken",
    [
        TrendPoint(Interval("2010", 0.7)),
        TrendPoint(Interval("2014", 0.75, 0.6, 0.86), broken=True),
        TrendPoint(Interval("2018", nan, words="för få svar")),
        TrendPoint(Interval("2022", 0.83, 0.72, 0.91)),
        TrendPoint(Interval("2026", 0.9, 0.8, 0.95)),
    ],
)
CHARTS = {
    "intervals": interval_chart(ROWS, CAPTION, target=0.85),
    "response": response_chart([Response("Björken", 143, 214), Response("Ala", -1, -1, "för få svar")], CAPTION),
    "distribution": distribution_chart(
        [Distribution("Björken", SPREAD), Distribution("Ala", (), "för få svar")], CAPTION
    ),
    "funnel": funnel_chart(POINTS, [LIMITS], CAPTION, mean=0.8, hidden=2),
    "trend": trend_chart([TREND], CAPTION, target=0.85),
}


def parsed(name: str) -> Element:
    root: Element = Xml.fromstring(CHARTS[name])
    return root


def groups(name: str, kind: str = "row") -> list[Element]:
    return [group for group in parsed(name).iter(f"{SVG}g") if group.get("data-kind") == kind]


def words(element: Element) -> list[str]:
    return [text.text or "" for text in element.iter(f"{SVG}text")]


def titles(elements: Sequence[Element]) -> list[str]:
    return [element.findtext(f"{SVG}title", "") for element in elements]


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_has_role_title_and_description(name: str):
    root = parsed(name)
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "safe-title safe-desc")
    assert root.findtext(f"{SVG}title") == "Trygghet & trivsel"
    assert root.findtext(f"{SVG}desc") == "Punkten är <andelen>."
    idents = re.findall(r' id="([^"]+)"', CHARTS[name])
    assert len(idents) == len(set(idents))
    assert all(ident.startswith("safe-") for ident in idents)


@pytest.mark.parametrize("name", CHARTS)
def test_nothing_a_strict_policy_refuses_and_no_broken_numbers(name: str):
    assert not re.search(r"style=|<style|<script|\son\w+=|href=", CHARTS[name])
    assert not re.search(r'="[^"]*\b(nan|inf)\b', CHARTS[name])


@pytest.mark.parametrize("name", CHARTS)
def test_everything_lies_within_the_picture(name: str):
    root = parsed(name)
    _x, _y, width, height = (float(part) for part in root.get("viewBox", "").split())
    for shape in root.iter():
        x, y = shape.get("x") or shape.get("cx"), shape.get("y") or shape.get("cy")
        if x is not None and y is not None:
            assert 0 <= float(x) <= width, Xml.tostring(shape)
            assert 0 <= float(y) <= height, Xml.tostring(shape)


def test_an_interval_is_drawn_where_its_limits_are():
    first = groups("intervals")[0]
    bar, dot = first.find(f"{SVG}rect"), first.find(f"{SVG}circle")
    assert bar is not None
    assert dot is not None
    left, length = float(bar.get("x", "")), float(bar.get("width", ""))
    assert left == pytest.approx(PLOT.at(0.71), abs=0.06)
    assert left + length == pytest.approx(PLOT.at(0.91), abs=0.11)
    assert float(dot.get("cx", "")) == pytest.approx(PLOT.at(0.825), abs=0.06)


def test_rows_say_the_numbers_of_the_table_in_the_order_given():
    assert titles(groups("intervals")) == [f"{row.label}: {row.figure}" for row in ROWS]
    assert f"83{NBSP}% (71–91{NBSP}%)" in words(groups("intervals")[0])
    assert "liten grund" in words(groups("intervals")[2])


def test_what_is_hidden_stands_as_words_and_never_as_zero():
    for name in ("intervals", "response", "distribution"):
        hidden = groups(name)[1]
        assert words(hidden) == ["Ala", "för få svar"]
        assert [shape.tag for shape in hidden if shape.tag in {f"{SVG}rect", f"{SVG}circle"}] == []
    gone = groups("trend", "point")[2]
    assert words(gone) == ["för få svar"]
    assert list(gone.iter(f"{SVG}circle")) == []
    assert "2 enheter visas inte: för få svar eller frågan ställdes inte." in words(parsed("funnel"))


def test_a_figure_on_a_small_basis_looks_different():
    dots = [group.find(f"{SVG}circle") for group in groups("intervals")]
    fills = [None if dot is None else dot.get("fill") for dot in dots]
    assert fills == [MAIN, None, PAPER, MAIN]


def test_the_target_is_a_line_with_words():
    (line,) = groups("intervals", "target")
    assert words(line) == [f"Mål 85{NBSP}%"]
    path = line.find(f"{SVG}path")
    assert path is not None
    assert float(re.findall(r"M([\d.]+)", path.get("d", ""))[0]) == pytest.approx(PLOT.at(0.85), abs=0.06)
    assert groups("response", "target") == []


def test_parts_of_a_distribution_add_up_and_differ_by_more_than_colour():
    row = groups("distribution")[0]
    bars = [bar for bar in row.iter(f"{SVG}rect") if bar.get("stroke") == INK]
    widths = [float(bar.get("width", "")) for bar in bars]
    assert widths == pytest.approx([486 * part.share for part in SPREAD], abs=0.2)
    assert {bar.get("stroke") for bar in bars} == {INK}
    assert words(row)[1:] == [percent(part.share) for part in SPREAD if part.share > 0.05]
    patterns = [pattern.get("id") for pattern in parsed("distribution").iter(f"{SVG}pattern")]
    assert patterns
    assert all(f"url(#{ident})" in CHARTS["distribution"] for ident in patterns)
    assert titles([row]) == [f"Björken: {', '.join(f'{part.label} {percent(part.share)}' for part in SPREAD)}"]


def test_a_funnel_names_the_units_outside_only():
    texts = words(parsed("funnel"))
    assert "Ala" in texts
    assert "Björken" not in texts
    points = groups("funnel", "point")
    assert sorted(titles(points)) == [f"Ala: 40{NBSP}% av 20 svar", f"Björken: 82{NBSP}% av 40 svar"]
    fills = {title: point.find(f"{SVG}circle") for title, point in zip(titles(points), points, strict=True)}
    assert {title[:3]: None if dot is None else dot.get("fill") for title, dot in fills.items()} == {
        "Björken"[:3]: PAPER,
        "Ala": MAIN,
    }
    assert "Fråga" not in texts


def test_a_trend_line_never_crosses_a_break_or_a_gap():
    joins = [path for path in parsed("trend").iter(f"{SVG}path") if path.get("stroke") == MAIN]
    in_plot = [
        path.get("d", "") for path in joins if float(re.findall(r"M[\d.]+ ([\d.]+)", path.get("d", ""))[0]) <= 280
    ]
    assert len(in_plot) == 1
    assert len(groups("trend", "break")) == 1
    assert titles(groups("trend", "point"))[3] == f"Björken 2022: 83{NBSP}% (72–91{NBSP}%)"


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("colour", "least"), [(INK, 7), (QUIET, 7), (TARGET, 7), (MAIN, 7), (BAND, 3)])
def test_colours_stand_out_from_the_paper(colour: str, least: float):
    assert 1.05 / (luminance(colour) + 0.05) >= least


@pytest.mark.parametrize("name", CHARTS)
def test_text_is_written_in_colours_that_can_be_read(name: str):
    fills = {text.get("fill") for text in parsed(name).iter(f"{SVG}text")}
    assert fills <= {INK, QUIET, TARGET, PAPER}


def test_long_labels_break_and_end_with_an_ellipsis():
    assert wrapped("Hemtjänstgruppen Norra Hägersten", 120) == ["Hemtjänstgruppe", "n Norra …"]
    assert wrapped("Ala", 120) == ["Ala"]


def test_numbers_in_swedish():
    assert whole(12345) == f"12{NBSP}345"
    assert decimal(-3.46) == "−3,5"
    assert decimal(-0.04) == "0,0"
    assert percent(0.8251, 1) == f"82,5{NBSP}%"
    assert percent(nan) == ""
    assert percent_range(0.714, 0.909) == f"71–91{NBSP}%"
