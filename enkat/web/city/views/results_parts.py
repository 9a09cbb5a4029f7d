"""Breakdowns on pages of results: women, men and answers without proxies, beside each other."""

from collections.abc import Sequence

from enkat.services.results.computing import Breakdown
from enkat.services.results.figures import Figure, View
from enkat.services.results.reading import AskedQuestion

PartRows = tuple[Sequence[Breakdown], Sequence[tuple[AskedQuestion, Sequence[Figure]]]]


def part_rows(view: View, group: int) -> PartRows:
    """Return the round's breakdowns, and each question with a group's figures for them."""
    parts = [breakdown for breakdown in view.results.layers if breakdown is not Breakdown.ALL]
    rows = [
        (asked, [view.figure(group, question, breakdown) for breakdown in parts])
        for question, asked in enumerate(view.questions)
        if view.figure(group, question).clients and not asked.only_spread
    ]
    return parts, rows
