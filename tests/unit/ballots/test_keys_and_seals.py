import hashlib

import pytest

from enkat.ballots.derivation import CodeKeys, derive
from enkat.ballots.drafts import (
    STEPS,
    DamagedDraft,
    decrypt_draft,
    decrypt_receipt,
    encrypt_draft,
    encrypt_receipt,
)
from enkat.ballots.padding import PayloadTooLong, pad, unpad
from enkat.ballots.sealing import OVERHEAD, DamagedBallot, new_key_pair, open_ballot, public_of, seal

SECRET = b"a round's secret, 32 bytes long!"
CODE = "3456789012345632"
KEYS = derive(CODE, SECRET, 10)


def test_derivation_equals_the_standard_library():
    expected = hashlib.scrypt(CODE.encode(), salt=SECRET, n=1024, r=8, p=1, dklen=64)
    assert KEYS.lookup + KEYS.draft_id + KEYS.key == expected


def test_derivation_depends_on_code_secret_and_cost():
    others = [derive("9" + CODE[1:], SECRET, 10), derive(CODE, SECRET[::-1], 10), derive(CODE, SECRET, 11)]
    for other in others:
        assert {other.lookup, other.draft_id, other.key}.isdisjoint({KEYS.lookup, KEYS.draft_id, KEYS.key})


def test_derivation_refuses_weak_settings():
    with pytest.raises(ValueError, match="kort"):
        derive(CODE, b"short", 10)
    with pytest.raises(ValueError, match="låg"):
        derive(CODE, SECRET, 9)


def test_keys_travel_as_bytes_and_show_nothing():
    assert CodeKeys.from_bytes(KEYS.to_bytes()) == KEYS
    assert KEYS.key.hex() not in repr(KEYS)
    with pytest.raises(ValueError, match="64"):
        CodeKeys.from_bytes(b"x" * 63)


def test_a_draft_is_opened_only_with_its_key_row_and_version():
    blob = encrypt_draft(KEYS, 3, b"answers")
    assert decrypt_draft(KEYS, 3, blob) == b"answers"
    other = CodeKeys(KEYS.lookup, KEYS.draft_id, bytes(32))
    moved = CodeKeys(KEYS.lookup, bytes(16), KEYS.key)
    for keys, version, data in (
        (KEYS, 4, blob),
        (other, 3, blob),
        (moved, 3, blob),
        (KEYS, 3, blob[:-1]),
        (KEYS, 3, b""),
    ):
        with pytest.raises(DamagedDraft):
            decrypt_draft(keys, version, data)


@pytest.mark.parametrize("length", [0, 1, 500, 1020])
def test_drafts_of_any_short_length_look_alike(length: int):
    assert len(encrypt_draft(KEYS, 1, b"x" * length)) == STEPS[0] + 28


def test_long_drafts_take_the_next_step_and_too_long_ones_are_refused():
    assert len(encrypt_draft(KEYS, 1, b"x" * 1021)) == STEPS[1] + 28
    with pytest.raises(PayloadTooLong):
        encrypt_draft(KEYS, 1, b"x" * STEPS[-1])


def test_a_draft_never_repeats_its_bytes():
    assert encrypt_draft(KEYS, 1, b"same") != encrypt_draft(KEYS, 1, b"same")


def test_a_receipt_opens_for_the_code_that_sent_and_no_other():
    receipt = encrypt_receipt(KEYS, b"i" * 16)
    assert decrypt_receipt(KEYS, receipt) == b"i" * 16
    with pytest.raises(DamagedDraft):
        decrypt_receipt(derive(CODE, SECRET[::-1], 10), receipt)


def test_a_receipt_is_no_draft():
    with pytest.raises(DamagedDraft):
        decrypt_draft(KEYS, 1, encrypt_receipt(KEYS, b"i" * 16))


def test_a_sealed_ballot_has_one_length_and_opens_with_the_private_key():
    pair = new_key_pair()
    for payload in (b"", b"short", b"x" * 196):
        sealed = seal(pair.public, payload, 200)
        assert len(sealed) == 200 + OVERHEAD
        assert open_ballot(pair.private, sealed) == payload


def test_a_ballot_that_does_not_fit_is_refused():
    with pytest.raises(PayloadTooLong):
        seal(new_key_pair().public, b"x" * 197, 200)


def test_damaged_and_foreign_ballots_are_named():
    pair = new_key_pair()
    sealed = seal(pair.public, b"answer", 64)
    for damaged in (sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1]), b"", b"x" * 300):
        with pytest.raises(DamagedBallot):
            open_ballot(pair.private, damaged)
    for private in (new_key_pair().private, b"too short"):
        with pytest.raises(DamagedBallot):
            open_ballot(private, sealed)


def test_public_key_follows_from_the_private_one():
    pair = new_key_pair()
    assert public_of(pair.private) == pair.public
    assert pair.private.hex() not in repr(pair)
    with pytest.raises(DamagedBallot):
        public_of(b"short")


def test_padding_refuses_what_it_did_not_write():
    assert unpad(pad(b"abc", 16)) == b"abc"
    for bad in (b"", b"\0\0", b"\0\0\0\xff" + b"x" * 10, b"\0\0\0\x01xy"):
        with pytest.raises(ValueError, match="skadad"):
            unpad(bad)
