"""The guarantees in the documentation are word for word what the respondent reads."""

from datetime import date

from enkat.records.rounds import SurveyRound
from enkat.services.rounds.promise import promise_of
from tests.house.sources import ROOT


def test_every_sentence_of_the_promise_stands_in_the_guarantees() -> None:
    text = (ROOT / "docs" / "explanation" / "guarantees.md").read_text(encoding="utf-8")
    example = SurveyRound(closes_on=date(2026, 11, 30), threshold_internal=5, key_threshold=2, key_holders=3)
    said = [sentence for sentences in promise_of(example)["sv"].values() for sentence in sentences]
    assert [sentence for sentence in said if f"- {sentence}\n" not in text] == []
