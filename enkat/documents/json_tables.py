"""Tables as JSON: what they are about first, then every sheet with its columns and rows, written as they come."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import BinaryIO

from enkat.documents.tables import Cell, Sheet, is_empty


def json_chunks(about: Mapping[str, object], sheets: Iterable[Sheet]) -> Iterator[bytes]:
    """Give a JSON document piece by piece.

    The document is ``{"about": {...}, "tables": [{"name", "columns": [{"key", "heading"}], "rows": [{...}]}]}``;
    rows are objects by column key, empty cells are null.
    """
    yield b'{"about": ' + _encode(about) + b',\n "tables": ['
    for number, sheet in enumerate(sheets):
        columns = [{"key": column.key, "heading": column.heading} for column in sheet.columns]
        head = f'{{"name": {_text(sheet.name)}, "columns": {_text(columns)}, "rows": ['
        yield (("," if number else "") + "\n  " + head).encode()
        keys = [column.key for column in sheet.columns]
        for index, row in enumerate(sheet.rows):
            record = {key: _plain(value) for key, value in zip(keys, row, strict=True)}
            yield (b"," if index else b"") + b"\n   " + _encode(record)
        yield b"]}"
    yield b"]}\n"


def write_json(stream: BinaryIO, about: Mapping[str, object], sheets: Iterable[Sheet]) -> None:
    """Write a JSON document to a binary stream, see `json_chunks`."""
    stream.writelines(json_chunks(about, sheets))


def _plain(value: Cell) -> object:
    if is_empty(value):
        return None
    return value.isoformat() if isinstance(value, date) else value


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _encode(value: object) -> bytes:
    return _text(value).encode()
