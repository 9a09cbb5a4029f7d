"""Tables as JSON."""

import io
import json
from datetime import date

from enkat.documents.json_tables import write_json
from enkat.documents.tables import Column, Sheet


def test_rows_are_objects_and_empty_is_null():
    stream = io.BytesIO()
    columns = (Column("Enhet", "unit"), Column("Andel (%)", "share"))
    sheets = [Sheet("Enheter", columns, [("Björken", 82.5), ("Ala", float("nan"))]), Sheet("Tom", columns, [])]
    write_json(stream, {"round": "Hösten 2026", "closed": date(2026, 5, 1).isoformat()}, sheets)
    document = json.loads(stream.getvalue())
    assert document["about"] == {"round": "Hösten 2026", "closed": "2026-05-01"}
    assert document["tables"][0]["columns"][1] == {"key": "share", "heading": "Andel (%)"}
    assert document["tables"][0]["rows"] == [{"unit": "Björken", "share": 82.5}, {"unit": "Ala", "share": None}]
    assert document["tables"][1]["rows"] == []
