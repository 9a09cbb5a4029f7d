import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkat.ballots.codes import CodeFault, CodeFaultKind, read_code

bodies = st.tuples(st.sampled_from("3456789"), st.text("0123456789", min_size=13, max_size=13)).map("".join)
codes = bodies.map(lambda body: body + f"{98 - int(body) * 100 % 97:02d}")


@given(codes, st.integers(0, 15), st.sampled_from("0123456789"))
def test_no_code_survives_one_wrong_digit(code: str, position: int, digit: str):
    mutated = code[:position] + digit + code[position + 1 :]
    if mutated != code:
        with pytest.raises(CodeFault):
            read_code(mutated)


@given(codes, st.integers(0, 14))
def test_no_code_survives_swapped_neighbours(code: str, first: int):
    mutated = code[:first] + code[first + 1] + code[first] + code[first + 2 :]
    if mutated != code:
        with pytest.raises(CodeFault):
            read_code(mutated)


@given(codes, st.integers(0, 14), st.sampled_from("0123456789"), st.sampled_from("0123456789"))
def test_no_code_survives_wrong_twins(code: str, first: int, right: str, wrong: str):
    body = (code[:first] + right * 2 + code[first + 2 :])[:14]
    code = body + f"{98 - int(body) * 100 % 97:02d}"
    mutated = code[:first] + wrong * 2 + code[first + 2 :]
    if code[first : first + 2] == right * 2 and mutated != code:
        with pytest.raises(CodeFault):
            read_code(mutated)


@given(st.text(max_size=40))
def test_any_text_gives_a_code_or_a_named_fault(text: str):
    try:
        found = read_code(text)
    except CodeFault as fault:
        found = fault.kind.value
    assert len(found) == 16 or found in set(CodeFaultKind)


@given(st.integers(1900, 2029), st.integers(1, 12), st.integers(1, 31), st.integers(0, 9999), st.sampled_from("-+ "))
def test_every_personnummer_is_recognised(year: int, month: int, day: int, last: int, separator: str):
    for text in (f"{year}{month:02d}{day:02d}{separator}{last:04d}", f"{year % 100:02d}{month:02d}{day:02d}{last:04d}"):
        with pytest.raises(CodeFault) as caught:
            read_code(text)
        assert caught.value.kind is CodeFaultKind.PERSONNUMMER
