"""Personal numbers are found in every spelling; what only looks alike is left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from enkat.services.register.masking import MASK, is_masked, mask

PERSONAL = [
    "19410101-2384",
    "194101012384",
    "19410101 2384",
    "410101-2384",
    "4101012384",
    "410101+2384",
    "410101 - 2384",
    "410101–2384",
    "1941-01-01-2384",
    "1941 01 01 2384",
    "19410161-2384",
    "20070123-0000",
    "18991231+1234",
    "٤١٠١٠١-٢٣٨٤",
]
OTHERS = [
    "163 47",
    "Provgatan 7 lgh 1003",
    "212000-8806",
    "559900-0006",
    "16212000-8806",
    "165599000006",
    "08-123 45 67",
    "070-123 45 67",
    "+46 70 123 45 67",
    "0046701234567",
    "2026-01-31",
    "2026-01-31 00:00:00",
    "P001267",
    "1941",
    "123456789012345",
    "941301-1234",
    "940132-1234",
]


@pytest.mark.parametrize("text", PERSONAL)
def test_a_personal_number_is_taken_out(text: str) -> None:
    assert mask(text) == MASK
    assert mask(f"Anna ({text}), bor här") == f"Anna ({MASK}), bor här"
    assert is_masked(mask(f"x {text}"))


@pytest.mark.parametrize("text", OTHERS)
def test_what_only_looks_alike_is_left(text: str) -> None:
    assert mask(text) == text


def test_a_telephone_number_is_left_in_its_column_and_elsewhere_unless_the_check_digit_fits() -> None:
    right = "070101123" + luhn.calc_check_digit("070101123")
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    assert mask(right, phone=True) == right
    assert mask(wrong) == wrong
    assert mask(right) == MASK
    assert mask(f"{right[:6]}-{right[6:]}", phone=True) == MASK
    assert mask("410101-2384", phone=True) == MASK


@given(
    st.integers(1900, 2025),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(0, 9999),
    st.sampled_from(["", "-", "+"]),
)
def test_every_full_number_is_found(year: int, month: int, day: int, end: int, sign: str) -> None:
    text = f"{year}{month:02d}{day:02d}{sign}{end:04d}"
    assert mask(f"a{text}b") == f"a{MASK}b"


@given(st.text())
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)
