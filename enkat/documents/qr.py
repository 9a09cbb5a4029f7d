"""QR codes as SVG pictures."""

import io
from typing import Final

import segno

QUIET_ZONE: Final = 4
MASK: Final = 3
"""Readers take any mask; trying all eight for the best one takes five times as long in a batch of letters."""


def qr_svg(content: str) -> str:
    """Return a QR code (error level M, 15 %) as an SVG picture with its quiet zone, sized by whoever places it.

    Parameters
    ----------
    content : str
        What the code says, usually an address.
    """
    target = io.BytesIO()
    code = segno.make(content, error="m", micro=False, mask=MASK)
    code.save(target, kind="svg", xmldecl=False, border=QUIET_ZONE, omitsize=True, nl=False)
    return target.getvalue().decode("ascii")
