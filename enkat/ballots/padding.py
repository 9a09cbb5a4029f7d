"""Padding to a fixed size: a length in four bytes, the payload, zeros."""

_PREFIX = 4


class PayloadTooLong(ValueError):  # noqa: N818 - named as what happened
    """A payload does not fit its fixed size."""


def pad(payload: bytes, size: int) -> bytes:
    """Return `payload` padded to exactly `size` bytes.

    Raises
    ------
    PayloadTooLong
        If `payload` and its length prefix need more than `size` bytes.
    """
    if len(payload) + _PREFIX > size:
        raise PayloadTooLong(f"{len(payload)} byte ryms inte i {size}")
    return (len(payload).to_bytes(_PREFIX, "big") + payload).ljust(size, b"\0")


def unpad(padded: bytes) -> bytes:
    """Return the payload that `pad` wrapped.

    Raises
    ------
    ValueError
        If the length prefix or the filling is not as `pad` writes them.
    """
    length = int.from_bytes(padded[:_PREFIX], "big")
    payload, filling = padded[_PREFIX : _PREFIX + length], padded[_PREFIX + length :]
    if len(padded) < _PREFIX or len(payload) != length or any(filling):
        raise ValueError("utfyllnaden är skadad")
    return payload


def fitting_size(payload: bytes, steps: tuple[int, ...]) -> int:
    """Return the smallest of the rising `steps` that holds `payload`.

    Raises
    ------
    PayloadTooLong
        If none does.
    """
    for step in steps:
        if len(payload) + _PREFIX <= step:
            return step
    raise PayloadTooLong(f"{len(payload)} byte är mer än största tillåtna storlek, {steps[-1]}")
