"""Sealed ballots: libsodium's sealed box (X25519, XSalsa20-Poly1305) around a payload of fixed length."""

from dataclasses import dataclass

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from enkat.ballots.padding import pad, unpad

KEY_LENGTH = 32
OVERHEAD = 48
"""Bytes a sealed ballot is longer than its padded payload."""


class DamagedBallot(ValueError):  # noqa: N818 - named as what happened
    """A sealed ballot cannot be opened: another key sealed it, or its bytes are damaged."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A round's key pair, 32 bytes each. The private part is split at once and never stored."""

    public: bytes
    private: bytes

    def __repr__(self) -> str:
        """Hide the private key, so that a traceback or a log never holds it."""
        return f"KeyPair(public={self.public.hex()}, private=…)"


def new_key_pair() -> KeyPair:
    """Return a fresh random key pair."""
    private = PrivateKey.generate()
    return KeyPair(public=bytes(private.public_key), private=bytes(private))


def public_of(private: bytes) -> bytes:
    """Return the public key that belongs to a private key.

    Raises
    ------
    DamagedBallot
        If the private key is not 32 bytes.
    """
    if len(private) != KEY_LENGTH:
        raise DamagedBallot("en privat nyckel är 32 byte")
    return bytes(PrivateKey(private).public_key)


def seal(public: bytes, payload: bytes, size: int) -> bytes:
    """Seal a payload to a public key.

    Parameters
    ----------
    public : bytes
        The round's public key.
    payload : bytes
        What to seal.
    size : int
        Fixed size in bytes that every payload of the instrument is padded to.

    Returns
    -------
    bytes
        Always ``size + OVERHEAD`` bytes.

    Raises
    ------
    PayloadTooLong
        If the payload does not fit.
    """
    return bytes(SealedBox(PublicKey(public)).encrypt(pad(payload, size)))


def open_ballot(private: bytes, sealed: bytes) -> bytes:
    """Open a sealed ballot with the round's private key.

    Raises
    ------
    DamagedBallot
        If it was sealed to another key or is damaged.
    """
    try:
        return unpad(SealedBox(PrivateKey(private)).decrypt(sealed))
    except (CryptoError, ValueError, TypeError) as fault:
        raise DamagedBallot("valsedeln kan inte öppnas") from fault
