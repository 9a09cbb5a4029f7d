import json
from dataclasses import dataclass, replace
from datetime import date

import pytest

from enkat.ballots.ballot import Ballot, UnreadableBallot, payload_size
from enkat.ballots.padding import pad
from enkat.ballots.vocabulary import AgeGroup, Helper, Mode, Respondent, Sex, age_group
from enkat.instruments.vocabulary import ServiceType

BALLOT = Ballot(
    unit_id="12",
    district_id="3",
    service=ServiceType.HOME_CARE,
    age_group=AgeGroup.FROM_80,
    sex=Sex.WOMAN,
    instrument_hash="a" * 64,
    mode=Mode.WEB,
    respondent=Respondent.SELF_HELPED,
    helper=Helper.RELATIVE,
    language="sv",
    vector=(1, 5, -1, -2),
    free_texts={"more": "Bra, tack!\nÅterkom gärna."},
)


@dataclass(frozen=True)
class Question:
    id: str
    kind: str
    max_length: int | None


@dataclass(frozen=True)
class Instrument:
    questions: tuple[Question, ...]


INSTRUMENT = Instrument((
    *(Question(f"q{number}", "choice", None) for number in range(40)),
    Question("more", "text", 1000),
    Question("better", "text", 300),
))  # fmt: skip


def test_a_ballot_reads_back_as_it_was():
    assert Ballot.from_bytes(BALLOT.to_bytes()) == BALLOT
    interviewed = replace(BALLOT, interviewer="7", mode=Mode.INTERVIEWER, free_texts={})
    assert Ballot.from_bytes(interviewed.to_bytes()) == interviewed


@pytest.mark.parametrize("character", ["x", "Å", "ض", "😀", '"', "\\", "\n", "\x01", "\x7f", "\u2028"])
def test_the_largest_ballot_fits_its_fixed_size(character: str):
    largest = replace(
        BALLOT,
        vector=(-5,) * 40,
        language="x" * 20,
        interviewer="9" * 20,
        unit_id="9" * 20,
        free_texts={"more": character * 1000, "better": character * 300},
    )
    size = payload_size(INSTRUMENT)
    assert len(pad(largest.to_bytes(), size)) == size


def test_control_characters_go_and_line_breaks_stay():
    ballot = replace(BALLOT, free_texts={"more": " a\r\nb\rc\x00d\ud800 ", "empty": " \x01 "})
    assert Ballot.from_bytes(ballot.to_bytes()).free_texts == {"more": "a\nb\ncd"}


@pytest.mark.parametrize(
    "change", [{"form": 2}, {"sex": "x"}, {"vector": "abc"}, {"vector": None}, {"free_texts": []}, {"extra": 1}]
)
def test_an_unknown_form_or_value_is_named(change: dict[str, object]):
    with pytest.raises(UnreadableBallot):
        Ballot.from_bytes(json.dumps(json.loads(BALLOT.to_bytes()) | change).encode())


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b"\xff", b'{"form":1}'])
def test_other_bytes_are_no_ballot(data: bytes):
    with pytest.raises(UnreadableBallot):
        Ballot.from_bytes(data)


@pytest.mark.parametrize(
    ("born", "expected"),
    [(2026, "0-64"), (1962, "0-64"), (1961, "65-79"), (1947, "65-79"), (1946, "80-89"), (1937, "80-89"), (1936, "90+")],
)
def test_age_groups_by_the_year_of_the_reference_date(born: int, expected: str):
    assert age_group(born, date(2026, 3, 1)) == expected


def test_born_after_the_reference_date_is_refused():
    with pytest.raises(ValueError, match="2027"):
        age_group(2027, date(2026, 3, 1))


def test_every_word_has_a_swedish_label():
    for vocabulary in (Mode, Respondent, Helper, Sex, AgeGroup, ServiceType):
        labels = [word.label for word in vocabulary]
        assert all(labels)
        assert len(set(labels)) == len(labels)
