import pytest

from enkat.ballots.codes import CodeFault, CodeFaultKind, in_groups, new_code, read_code

CODE = "3456789012345632"


@pytest.fixture(scope="module")
def code() -> str:
    return new_code()


def _fault(text: str) -> CodeFaultKind:
    with pytest.raises(CodeFault) as caught:
        read_code(text)
    return caught.value.kind


def test_a_code_has_sixteen_digits_and_starts_above_two():
    for _ in range(300):
        code = new_code()
        assert len(code) == 16
        assert code.isascii()
        assert code.isdigit()
        assert code[0] in "3456789"
        assert int(code) % 97 == 1


def test_a_known_code_by_hand():
    body = "34567890123456"
    check = 98 - int(body) * 100 % 97
    assert read_code(f"{body}{check:02d}") == f"{body}{check:02d}"


def test_groups_are_read_back(code: str):
    assert in_groups(code) == " ".join((code[:4], code[4:8], code[8:12], code[12:]))
    assert read_code(in_groups(code)) == code


@pytest.mark.parametrize(
    "separator", ["", " ", "-", "–", "\u00a0", "\u2009", ".", "\t", "\n", "\u200f", "\u2066", "\ufeff"]
)
def test_typed_and_pasted_forms(code: str, separator: str):
    assert read_code(separator + separator.join(in_groups(code).split()) + separator) == code


@pytest.mark.parametrize("zero", ["٠", "۰", "０"])
def test_digits_of_other_scripts(code: str, zero: str):
    assert read_code("".join(chr(ord(zero) + int(digit)) for digit in code)) == code


def test_every_single_wrong_digit_is_refused(code: str):
    for position in range(16):
        for digit in "0123456789":
            if digit != code[position]:
                assert _fault(code[:position] + digit + code[position + 1 :]) in {
                    CodeFaultKind.CHECK_DIGITS,
                    CodeFaultKind.PERSONNUMMER,
                }


def test_every_swap_of_neighbours_and_next_neighbours_is_refused(code: str):
    for distance in (1, 2):
        for first in range(16 - distance):
            digits = list(code)
            digits[first], digits[first + distance] = digits[first + distance], digits[first]
            mutated = "".join(digits)
            if mutated != code:
                assert _fault(mutated) in {CodeFaultKind.CHECK_DIGITS, CodeFaultKind.PERSONNUMMER}


def test_every_wrong_twin_is_refused():
    body = "44556677881199"
    code = body + f"{98 - int(body) * 100 % 97:02d}"
    for first in range(15):
        if code[first] == code[first + 1]:
            for digit in set("0123456789") - {code[first]}:
                with pytest.raises(CodeFault):
                    read_code(code[:first] + digit * 2 + code[first + 2 :])


def test_a_lost_or_doubled_digit_is_a_wrong_length(code: str):
    assert _fault(code[:-1]) == CodeFaultKind.LENGTH
    assert _fault(code + "1") == CodeFaultKind.LENGTH
    assert _fault("") == CodeFaultKind.LENGTH


def test_letters_are_named_as_such():
    assert _fault("3456 78O0 1234 5632") == CodeFaultKind.CHARACTERS
    assert _fault("min kod") == CodeFaultKind.CHARACTERS


@pytest.mark.parametrize(
    "text",
    ["19850312-1234", "198503121234", "850312-1234", "850312+1234", "8503121234", "850372-1234", "19850372 1234",
     "20 010101 1234", "۸۵۰۳۱۲۱۲۳۴", "19850312-1234 5678", "pnr 850312-1234"],
)  # fmt: skip
def test_a_personnummer_is_recognised_first(text: str):
    assert _fault(text) == CodeFaultKind.PERSONNUMMER


def test_ten_digits_that_are_no_date_are_a_wrong_length():
    assert _fault("8513121234") == CodeFaultKind.LENGTH
    assert _fault("8503401234") == CodeFaultKind.LENGTH


def test_the_fault_never_carries_what_was_typed():
    with pytest.raises(CodeFault) as caught:
        read_code("19850312-1234")
    assert "1985" not in repr(caught.value)
    assert "har inte sparat" in caught.value.sentence


def test_no_start_of_a_code_looks_like_a_personnummer():
    for _ in range(500):
        code = new_code()
        assert _fault(code[:10]) == CodeFaultKind.LENGTH
        assert _fault(code[:12]) == CodeFaultKind.LENGTH
