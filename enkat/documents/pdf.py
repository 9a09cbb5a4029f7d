"""Tagged PDF (PDF/UA-1) from typst templates and plain values. Values never become markup."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import typst

_HERE: Final = Path(__file__).resolve().parent
TEMPLATES: Final = _HERE / "templates"
FONTS: Final = _HERE / "fonts"
STANDARD: Final = "ua-1"


class DocumentError(RuntimeError):
    """A template could not be made into a PDF: a fault in the template or in the values it was given."""


def compile_pdf(template: str, data: Mapping[str, Any], *, created: datetime | None = None) -> bytes:
    """Return a PDF/UA-1 document.

    Parameters
    ----------
    template : str
        Name of a file in `documents/templates` without ending. It reads the values with
        ``json(bytes(sys.inputs.data))``; a picture without alternative text makes it fail.
    data : mapping
        JSON values; dates as text. Pictures are SVG text.
    created : datetime, optional
        Moment in the file's properties; now when left out.

    Raises
    ------
    DocumentError
        With the compiler's message, which never holds the values.
    """
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    moment = int(created.timestamp()) if created is not None else None
    try:
        made: bytes = typst.compile(
            str(TEMPLATES / f"{template}.typ"),
            root=str(TEMPLATES),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=[STANDARD],
            sys_inputs=inputs,
            timestamp=moment,
        )
    except RuntimeError as error:
        raise DocumentError(f"{template}.typ: {str(error).splitlines()[0][:200]}") from None
    return made
