import itertools

import pytest

from enkat.ballots.key_shares import WORDS, WrongShares, combine, share_mark, split
from enkat.ballots.sealing import new_key_pair

KEY = new_key_pair().private
SHARES = split(KEY, 2, 3)
FOREIGN = split(new_key_pair().private, 2, 3)


def test_any_two_of_three_give_the_key():
    for pair in itertools.permutations(SHARES, 2):
        assert combine(pair) == KEY
    assert combine(SHARES) == KEY


@pytest.mark.parametrize(("k", "n"), [(1, 1), (2, 2), (3, 5), (5, 9)])
def test_other_thresholds(k: int, n: int):
    shares = split(KEY, k, n)
    assert len(shares) == n
    assert combine(shares[-k:]) == KEY
    if k > 1:
        with pytest.raises(WrongShares, match=f"Det behövs {k} nyckeldelar"):
            combine(shares[: k - 1])


@pytest.mark.parametrize(("k", "n"), [(0, 3), (4, 3), (2, 17), (1, 3)])
def test_thresholds_that_make_no_sense(k: int, n: int):
    with pytest.raises(ValueError, match=r"delar|exemplar"):
        split(KEY, k, n)


def test_a_share_is_forgiving_about_how_it_is_typed():
    words = SHARES[1].split()
    numbered = "\n".join(f"{position}. {word.upper()}" for position, word in enumerate(words, start=1))
    assert combine([SHARES[0] + "  \n", numbered]) == KEY


def test_each_fault_has_its_own_sentence():
    words = SHARES[1].split()
    misspelt = " ".join([*words[:6], "acadenic", *words[7:]])
    swapped = " ".join([words[1], words[0], *words[2:]])
    for shares, sentence in (
        ([], "Ingen nyckeldel"),
        (["  ", SHARES[0]], f"Del 1: en nyckeldel har {WORDS} ord, här står 0"),
        ([SHARES[0]], "Det behövs 2 nyckeldelar"),
        ([SHARES[0], SHARES[0]], "Del 2 är samma del som del 1"),
        ([SHARES[0], FOREIGN[1]], "Del 2 hör till en annan nyckel"),
        ([SHARES[0], misspelt], "Del 2: ord 7, ”acadenic”, finns inte i ordlistan. Menar du ”academic”"),
        ([SHARES[0], " ".join(words[:-1])], f"har {WORDS} ord, här står {WORDS - 1}"),
        ([SHARES[0], swapped], "Del 2: orden stämmer inte"),
    ):
        with pytest.raises(WrongShares, match=sentence):
            combine(shares)


def test_a_faults_sentence_never_holds_the_share():
    with pytest.raises(WrongShares) as caught:
        combine([SHARES[0], FOREIGN[1]])
    assert not set(SHARES[0].split()[5:9]) <= set(str(caught.value).split())


def test_marks_tell_shares_apart_without_showing_them():
    marks = {share_mark(share) for share in SHARES}
    assert len(marks) == 3
    assert share_mark(SHARES[0].upper()) in marks
    for mark in marks:
        assert len(mark) == 9
