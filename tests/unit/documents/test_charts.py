"""Charts: well-formed, in words too, and nothing a strict content policy refuses."""

import re

import defusedxml.ElementTree as Xml

from enkat.documents.charts import Bar, bar_chart
from enkat.documents.numbers import decimal, percent, percent_range, whole

SVG = "{http://www.w3.org/2000/svg}"


def chart() -> str:
    bars = [
        Bar("Björken <norra>", 0.825, 0.71, 0.91),
        Bar("Ala", float("nan"), words="För få svar"),
        Bar("Hela staden", 0.5),
    ]
    return bar_chart(bars, title="Trygghet & trivsel", description="Strecken visar osäkerheten.", ident="safe")


def test_it_is_well_formed_and_has_words():
    root = Xml.fromstring(chart())
    assert root.get("aria-labelledby") == "safe-title safe-desc"
    assert root.find(f"{SVG}title").text == "Trygghet & trivsel"
    groups = [group.get("aria-label") for group in root.findall(f"{SVG}g")]
    assert groups == [
        "Björken <norra>: 83\N{NO-BREAK SPACE}% (71–91\N{NO-BREAK SPACE}%)",
        "Ala: För få svar",
        "Hela staden: 50\N{NO-BREAK SPACE}%",
    ]


def test_a_bar_without_figure_draws_no_bar_and_no_whiskers():
    groups = Xml.fromstring(chart()).findall(f"{SVG}g")
    assert [len(group.findall(f"{SVG}rect")) for group in groups] == [2, 0, 2]
    assert [len(group.findall(f"{SVG}path")) for group in groups] == [2, 0, 0]


def test_nothing_a_strict_policy_refuses():
    assert not re.search(r"style=|<style|<script|\son\w+=|href=", chart())


def test_whiskers_stand_where_the_interval_ends():
    path = Xml.fromstring(chart()).findall(f"{SVG}g")[0].findall(f"{SVG}path")[1].get("d")
    ends = [float(x) for x in re.findall(r"[MH]([\d.]+)", path)]
    assert min(ends) == 8 + round(0.71 * 344, 1)
    assert max(ends) == 8 + round(0.91 * 344, 1)


def test_numbers_in_swedish():
    space = "\N{NO-BREAK SPACE}"
    assert whole(12345) == f"12{space}345"
    assert decimal(-3.46) == "−3,5"
    assert decimal(-0.04) == "0,0"
    assert percent(0.8251, 1) == f"82,5{space}%"
    assert percent(float("nan")) == ""
    assert percent_range(0.714, 0.909) == f"71–91{space}%"
