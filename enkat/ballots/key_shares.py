"""Key shares as words (SLIP-0039): k of n holders together give the round's private key, fewer give nothing."""

import difflib
import hashlib
import re
from collections.abc import Sequence

import shamir_mnemonic
from shamir_mnemonic import MnemonicError
from shamir_mnemonic.share import Share
from shamir_mnemonic.wordlist import WORDLIST

WORDS = 33
"""Words of a share of a 32-byte key."""

LARGEST_N = 16
_ITERATION_EXPONENT = 0  # the key is random, there is no passphrase to slow guesses of
_WORD_SET = frozenset(WORDLIST)
_WORD = re.compile(r"[a-zåäö]+")


class WrongShares(ValueError):  # noqa: N818 - named as what happened
    """The shares given do not make the key. The message is a Swedish sentence with the remedy."""


def split(private: bytes, k: int, n: int) -> list[str]:
    """Split a private key into `n` shares of which any `k` give it back.

    Parameters
    ----------
    private : bytes
        The key, 32 bytes.
    k, n : int
        Holders needed and holders in all; default of the product 2 of 3. ``k == n == 1`` gives one share that is the
        key itself, for a city that chooses one passphrase.

    Returns
    -------
    list of str
        One line of 33 words per holder.

    Raises
    ------
    ValueError
        If not 1 ≤ k ≤ n ≤ 16, or k is 1 while n is not.
    """
    if not 1 <= k <= n <= LARGEST_N:
        raise ValueError(f"{k} av {n} delar går inte: välj 1 till {LARGEST_N} delar och högst så många som behövs")
    if k == 1 and n > 1:
        raise ValueError(
            "en del som räcker ensam kan bara finnas i ett exemplar: välj minst 2 som behövs, eller 1 av 1"
        )
    groups = shamir_mnemonic.generate_mnemonics(1, [(k, n)], private, iteration_exponent=_ITERATION_EXPONENT)
    return [str(mnemonic) for mnemonic in groups[0]]


def combine(shares: Sequence[str]) -> bytes:
    """Return the private key from at least k shares; case, line breaks and numbering do not matter.

    Raises
    ------
    WrongShares
        With a Swedish sentence: a misspelt or missing word, a share given twice, shares of different keys, too few.
    """
    parsed = [_parse(share, number) for number, share in enumerate(shares, start=1)]
    if not parsed:
        raise WrongShares("Ingen nyckeldel är inskriven. Skriv in de delar som nyckelhållarna har.")
    _check_belong_together(parsed)
    needed = parsed[0].member_threshold
    if len(parsed) < needed:
        raise WrongShares(f"Det behövs {needed} nyckeldelar. {len(parsed)} är inskriven. Be fler nyckelhållare komma.")
    windows = [parsed[start : start + needed] for start in range(len(parsed) - needed + 1)]
    keys = {_combined([share.mnemonic() for share in window]) for window in windows}
    if len(keys) != 1:
        raise WrongShares("Nyckeldelarna ger inte samma nyckel. En av dem är inte från den här omgången.")
    return keys.pop()


def share_mark(share: str) -> str:
    """Return a share's mark: eight characters of a hash, enough to recognise it and useless for finding it.

    Raises
    ------
    WrongShares
        If the share cannot be read.
    """
    digest = hashlib.sha256(b"enkat share mark" + _parse(share, 1).mnemonic().encode()).hexdigest()
    return f"{digest[:4]}-{digest[4:8]}"


def _parse(share: str, number: int) -> Share:
    words = _WORD.findall(share.casefold())
    for position, word in enumerate(words, start=1):
        if word not in _WORD_SET:
            close = difflib.get_close_matches(word, WORDLIST, n=1)
            hint = f" Menar du ”{close[0]}”?" if close else ""
            raise WrongShares(f"Del {number}: ord {position}, ”{word}”, finns inte i ordlistan.{hint}")
    if len(words) != WORDS:
        raise WrongShares(f"Del {number}: en nyckeldel har {WORDS} ord, här står {len(words)}.")
    try:
        return Share.from_mnemonic(" ".join(words))
    except MnemonicError as fault:
        raise WrongShares(
            f"Del {number}: orden stämmer inte med kontrollorden. Jämför ord för ord med papperet."
        ) from fault


def _check_belong_together(shares: Sequence[Share]) -> None:
    for number, share in enumerate(shares, start=1):
        if share.group_parameters() != shares[0].group_parameters():
            raise WrongShares(f"Del {number} hör till en annan nyckel än del 1. Ta fram delarna för den här omgången.")
        earlier = [other.index for other in shares[: number - 1]]
        if share.index in earlier:
            raise WrongShares(f"Del {number} är samma del som del {earlier.index(share.index) + 1}. Det behövs olika.")


def _combined(mnemonics: list[str]) -> bytes:
    try:
        return bytes(shamir_mnemonic.combine_mnemonics(mnemonics))
    except MnemonicError as fault:
        raise WrongShares("Nyckeldelarna ger ingen nyckel tillsammans. En av dem är inte rätt.") from fault
