"""What a code opens: one scrypt call gives the look-up id, the draft row's id and the code's key."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

ID_LENGTH = 16
KEY_LENGTH = 32
_TOTAL = 2 * ID_LENGTH + KEY_LENGTH
_BLOCK_SIZE = 8
LEAST_LOG2_N = 10
PRODUCTION_LOG2_N = 13


@dataclass(frozen=True, slots=True)
class CodeKeys:
    """The three things derived from a code; nothing else ever is.

    Attributes
    ----------
    lookup : bytes
        16 bytes, stored with the invitation's code and searched for.
    draft_id : bytes
        16 bytes, the id of the draft row. It cannot be computed from ``lookup``.
    key : bytes
        32 bytes, the key of the draft and the receipt. Never stored on the server.
    """

    lookup: bytes
    draft_id: bytes
    key: bytes

    def to_bytes(self) -> bytes:
        """Return the 64 bytes that travel in the encrypted cookie."""
        return self.lookup + self.draft_id + self.key

    @classmethod
    def from_bytes(cls, data: bytes) -> "CodeKeys":
        """Read what `to_bytes` wrote.

        Raises
        ------
        ValueError
            If the length is not 64 bytes.
        """
        if len(data) != _TOTAL:
            raise ValueError("nycklarna till en kod är alltid 64 byte")
        return cls(data[:ID_LENGTH], data[ID_LENGTH : 2 * ID_LENGTH], data[2 * ID_LENGTH :])

    def __repr__(self) -> str:
        """Hide every byte, so that a traceback or a log never holds a key."""
        return "CodeKeys(…)"


def derive(code: str, secret: bytes, log2_n: int) -> CodeKeys:
    """Derive the keys of a code with one scrypt call (r=8, p=1), salted by the round's secret.

    Parameters
    ----------
    code : str
        The 16 digits, as `codes.read_code` gives them.
    secret : bytes
        The round's code secret, at least 16 bytes, kept outside the database.
    log2_n : int
        Base-2 logarithm of the scrypt cost: 13 in production (8 MiB), 10 in demo and tests.

    Raises
    ------
    ValueError
        If the secret is shorter than 16 bytes or the cost is below 2¹⁰.
    """
    if len(secret) < ID_LENGTH:
        raise ValueError("omgångens kodhemlighet är för kort")
    if log2_n < LEAST_LOG2_N:
        raise ValueError("scrypt-kostnaden är för låg")
    derived = Scrypt(salt=secret, length=_TOTAL, n=1 << log2_n, r=_BLOCK_SIZE, p=1).derive(code.encode("ascii"))
    return CodeKeys.from_bytes(derived)
