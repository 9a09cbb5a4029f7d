"""The guarantees in the documentation are word for word what the respondent reads."""

from datetime import date

from enkat.records.organisations import Provider
from enkat.records.round_kinds import RoundKind
from enkat.records.rounds import SurveyRound
from enkat.services.rounds.promise import promise_of
from tests.house.sources import ROOT


def test_every_sentence_of_the_promise_stands_in_the_guarantees() -> None:
    text = (ROOT / "docs" / "explanation" / "guarantees.md").read_text(encoding="utf-8")
    facts = {"closes_on": date(2026, 11, 30), "key_threshold": 2, "key_holders": 3}
    provider = Provider(organisation_number="5560360793", name="Omsorg AB")
    examples = [
        SurveyRound(
            **facts,
            kind=kind,
            loose_codes=loose,
            threshold_internal=kind.rules.least,
            provider=provider if kind is RoundKind.PROVIDER_OWN else None,
        )
        for kind in RoundKind
        for loose in kind.rules.loose
    ]
    said = [sentence for one in examples for sentences in promise_of(one)["sv"].values() for sentence in sentences]
    assert [sentence for sentence in said if f"- {sentence}\n" not in text] == []
