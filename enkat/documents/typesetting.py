"""PDF in a process of its own: typst keeps what it has set, so a long batch gives its memory back piece by piece.

Values go through a pipe, never through arguments or files that others may read.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from enkat.documents.pdf import DocumentError, compile_pdf

_ROOT: Final = Path(__file__).resolve().parents[2]


def compile_apart(template: str, data: Mapping[str, Any]) -> bytes:
    """Return what `compile_pdf` returns, made by a child process that ends afterwards.

    Raises
    ------
    DocumentError
        With the compiler's message.
    """
    paths = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [sys.executable, "-m", "enkat.documents.typesetting", template],
        input=json.dumps(data, ensure_ascii=False).encode(),
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": paths},
    )
    if done.returncode:
        raise DocumentError(done.stderr.decode(errors="replace").strip().splitlines()[-1][:300])
    return done.stdout


def main() -> int:
    """Read values from standard input and write the PDF of a template to standard output."""
    try:
        made = compile_pdf(sys.argv[1], json.loads(sys.stdin.buffer.read()))
    except DocumentError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
