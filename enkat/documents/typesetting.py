"""PDF in a process of its own: typst keeps what it has set, so a long batch gives its memory back piece by piece.

Values go through a pipe, never through arguments or files that others may read.
"""

import json
import os
import struct
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from enkat.documents.pdf import DocumentError, compile_pdf

_ROOT: Final = Path(__file__).resolve().parents[2]
_LENGTH: Final = struct.Struct(">Q")
Document = tuple[str, Mapping[str, Any]]
"""Name of a template and its values."""


def compile_apart(template: str, data: Mapping[str, Any]) -> bytes:
    """Return what `compile_pdf` returns, made by a child process that ends afterwards.

    Raises
    ------
    DocumentError
        With the compiler's message.
    """
    (made,) = compile_many_apart([(template, data)])
    return made


def compile_many_apart(documents: Sequence[Document], *, created: datetime | None = None) -> list[bytes]:
    """Return a PDF for each document, all made by one child process that ends afterwards.

    Raises
    ------
    DocumentError
        With the compiler's message.
    """
    paths = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")]))
    order = {"created": created.isoformat() if created else None, "documents": documents}
    done = subprocess.run(
        [sys.executable, "-m", "enkat.documents.typesetting"],
        input=json.dumps(order, ensure_ascii=False).encode(),
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": paths},
    )
    if done.returncode:
        raise DocumentError(done.stderr.decode(errors="replace").strip().splitlines()[-1][:300])
    return _parts(done.stdout)


def _parts(stream: bytes) -> list[bytes]:
    """Split what the child wrote: each PDF after its length."""
    found, at = [], 0
    while at < len(stream):
        (length,) = _LENGTH.unpack_from(stream, at)
        at += _LENGTH.size
        found.append(stream[at : at + length])
        at += length
    return found


def main() -> int:
    """Read an order from standard input and write its PDF files to standard output."""
    order = json.loads(sys.stdin.buffer.read())
    created = datetime.fromisoformat(order["created"]) if order["created"] else None
    try:
        for template, data in order["documents"]:
            made = compile_pdf(template, data, created=created)
            sys.stdout.buffer.write(_LENGTH.pack(len(made)) + made)
    except DocumentError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
