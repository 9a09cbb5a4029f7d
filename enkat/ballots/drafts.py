"""Drafts and receipts under the code's key: AES-256-GCM, padded to fixed sizes, bound to row and version."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from enkat.ballots.derivation import CodeKeys
from enkat.ballots.padding import fitting_size, pad, unpad

STEPS = (1024, 4096, 16384, 65536)
"""Sizes in bytes of a padded draft. A longer text lifts a draft to the next step; nothing finer can be seen."""

_NONCE = 12
_RECEIPT = 32


class DamagedDraft(ValueError):  # noqa: N818 - named as what happened
    """A draft or receipt cannot be opened with this code: wrong key, wrong version or damaged bytes."""


def encrypt_draft(keys: CodeKeys, version: int, payload: bytes) -> bytes:
    """Encrypt a draft, bound to its row and version.

    Returns
    -------
    bytes
        Nonce and ciphertext, 28 bytes more than one of `STEPS`.

    Raises
    ------
    PayloadTooLong
        If the payload is larger than the last step.
    """
    return _encrypt(keys, _draft_context(keys, version), pad(payload, fitting_size(payload, STEPS)))


def decrypt_draft(keys: CodeKeys, version: int, blob: bytes) -> bytes:
    """Return what `encrypt_draft` got.

    Raises
    ------
    DamagedDraft
        If the key, the version or the bytes are not those that were written.
    """
    return _decrypt(keys, _draft_context(keys, version), blob)


def encrypt_receipt(keys: CodeKeys, ballot_id: bytes) -> bytes:
    """Encrypt the id of the sent ballot, so that only the code that sent it can take it back."""
    return _encrypt(keys, b"receipt" + keys.lookup, pad(ballot_id, _RECEIPT))


def decrypt_receipt(keys: CodeKeys, blob: bytes) -> bytes:
    """Return the ballot id of a receipt.

    Raises
    ------
    DamagedDraft
        If another code wrote the receipt or it is damaged.
    """
    return _decrypt(keys, b"receipt" + keys.lookup, blob)


def _draft_context(keys: CodeKeys, version: int) -> bytes:
    return b"draft" + keys.draft_id + version.to_bytes(8, "big")


def _encrypt(keys: CodeKeys, context: bytes, padded: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(keys.key).encrypt(nonce, padded, context)


def _decrypt(keys: CodeKeys, context: bytes, blob: bytes) -> bytes:
    try:
        return unpad(AESGCM(keys.key).decrypt(blob[:_NONCE], blob[_NONCE:], context))
    except (InvalidTag, ValueError) as fault:
        raise DamagedDraft("utkastet kan inte öppnas med den här koden") from fault
