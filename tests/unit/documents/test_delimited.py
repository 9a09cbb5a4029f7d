"""CSV in both dialects, byte by byte."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkat.documents.delimited import csv_chunks, write_csv
from enkat.documents.tables import neutral

ROWS = [("Enhet", "Andel"), ("Björken; norra, del", 82.5), ('Säger "hej"', None), ("=1+1", -3)]


def test_the_plain_dialect():
    stream = io.BytesIO()
    write_csv(stream, ROWS, "csv")
    expected = 'Enhet,Andel\r\n"Björken; norra, del",82.5\r\n"Säger ""hej""",\r\n\'=1+1,-3\r\n'
    assert stream.getvalue().decode() == expected


def test_the_swedish_dialect():
    stream = io.BytesIO()
    write_csv(stream, ROWS, "csv-sv")
    expected = 'Enhet;Andel\r\n"Björken; norra, del";82,5\r\n"Säger ""hej""";\r\n\'=1+1;-3\r\n'
    assert stream.getvalue() == b"\xef\xbb\xbf" + expected.encode()


def test_decimals_can_be_rounded():
    assert b"".join(csv_chunks([(1 / 3, 2, True)], "csv-sv", decimals=1)) == b"\xef\xbb\xbf0,3;2;ja\r\n"


@pytest.mark.parametrize("text", ["=A1", "+A1", "-A1", "@A1", "\tA1", "\rA1", "  =A1", "＝A1", "-3,5+A1", "%A", "|A"])
def test_formulas_are_made_harmless(text: str):
    assert neutral(text) == "'" + text


@pytest.mark.parametrize("text", ["-3,5", "+4", "-12.25", "-3 %", "3", "Björken", "a=b", "", "E-post"])
def test_numbers_and_words_stay(text: str):
    assert neutral(text) == text


@given(st.text(max_size=20))
def test_nothing_that_starts_like_a_formula_is_left_but_numbers(text: str):
    result = neutral(text)
    assert result in {text, "'" + text}
    if result[:1] in {"=", "@", "\t", "\r"}:
        raise AssertionError(result)


def test_a_long_file_comes_in_pieces():
    pieces = list(csv_chunks((("x" * 100, number) for number in range(5_000)), "csv"))
    assert len(pieces) > 5
    assert b"".join(pieces).count(b"\r\n") == 5_000
