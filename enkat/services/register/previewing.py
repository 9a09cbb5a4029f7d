"""What a staged file's pages show: cells and faults without those of protected people, examples, and what is new."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.imports import ImportBatch, ImportKind, ImportRow, RowState
from enkat.records.organisations import District, Provider
from enkat.services.register.columns import columns_by_field, missing_columns

HIDDEN = "Skyddad identitet"
_EXAMPLES = 3
_LOOKED_AT = 40


def shown_cells(batch: ImportBatch, row: ImportRow, *, allowed: bool) -> dict[str, str]:
    """Return a row's values by field; `allowed` readers see those of protected people too."""
    columns = columns_by_field(batch.kind)
    return {
        name: HIDDEN if row.protected and columns[name].personal and not allowed else row.cells.get(heading, "")
        for name, heading in batch.mapping.items()
    }


def shown_faults(row: ImportRow, *, allowed: bool) -> list[dict[str, str]]:
    """Return a row's faults; their sentences quote values, so those of protected people are told without."""
    if allowed or not row.protected:
        return row.faults
    return [{"field": fault["field"], "value": "", "sentence": "Värdet behöver rättas."} for fault in row.faults]


def examples(session: Session, batch: ImportBatch) -> dict[str, list[str]]:
    """Return some values of each column, to tell columns apart; rows that may be of protected people give none."""
    query = select(ImportRow.cells, ImportRow.protected).where(ImportRow.batch_id == batch.id)
    found: dict[str, list[str]] = {heading: [] for heading in batch.headings}
    known = not missing_columns(batch.kind, batch.mapping)
    for cells, protected in session.execute(query.order_by(ImportRow.row_number).limit(_LOOKED_AT)):
        if _may_be_protected(cells) or (known and protected):
            continue
        for heading, values in found.items():
            value = cells.get(heading, "")[:40]
            if value and value not in values and len(values) < _EXAMPLES:
                values.append(value)
    return found


def _may_be_protected(cells: Mapping[str, str]) -> bool:
    return any(value.casefold() in {"ja", "j", "x", "1", "true", "skyddad"} for value in cells.values())


def novelties(session: Session, batch: ImportBatch) -> dict[str, list[str]]:
    """Return the districts and providers of a file of units that the register does not have yet."""
    if batch.kind is not ImportKind.UNITS:
        return {}
    query = select(ImportRow.cells).where(ImportRow.batch_id == batch.id, ImportRow.state != RowState.LEFT_OUT)
    rows = list(session.scalars(query))
    known = {
        "district": set(session.scalars(select(District.name))),
        "provider": set(session.scalars(select(Provider.name))),
    }
    return {
        name: sorted({cells.get(batch.mapping.get(name, ""), "") for cells in rows} - names - {""})
        for name, names in known.items()
    }
