"""`enkat protect`: hide what must be hidden in any table of counts, and show what an attacker can still work out."""

import json
from pathlib import Path
from typing import Any

import click
import numpy as np

from enkat.statistics.disclosure.attacker import Attacker
from enkat.statistics.disclosure.cheapest import Pattern, UnprotectableError
from enkat.statistics.disclosure.linked_tables import CRITERION
from enkat.statistics.disclosure.protecting import close, cost_of, optimise
from enkat.statistics.disclosure.table_files import NamedTable, read_suppressed, read_table

GIVEN_AWAY = 1


@click.command()
@click.argument("table", metavar="TABLE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--method",
    type=click.Choice(["closing", "milp"]),
    default="closing",
    show_default=True,
    help="closing är snabb; milp söker det mönster som kostar minst och säger hur nära det är.",
)
@click.option(
    "--audit-only",
    "given",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Fil med redan dolda rutor (JSON-lista eller ett tidigare resultat): dölj inget mer, pröva bara.",
)
@click.option("--seconds", type=click.FloatRange(min=1), default=60.0, show_default=True, help="Längsta söktid, milp.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Fil att skriva (annars hit).")
def protect(table: Path, method: str, given: Path | None, seconds: float, output: Path | None) -> None:
    """Skydda tabellen i filen TABLE (JSON): vilka rutor som döljs, och vad en angripare ändå kan räkna ut.

    Utgångsvärdet är 1 om någon hemlig ruta röjs, vilket bara kan hända med --audit-only.
    """
    named = read_table(_text(table))
    if given is not None:
        hidden = np.isin(named.names, read_suppressed(_text(given), named.names))
        costs = cost_of(named.table)
        pattern, method = Pattern(hidden, int(costs[hidden].sum()), None, 0), "given"
    else:
        try:
            chosen = close(named.table, named.threshold)
            pattern = chosen if method == "closing" else optimise(named.table, named.threshold, seconds=seconds)
        except UnprotectableError as error:
            raise click.ClickException("Tabellen går inte att skydda, inte ens om alla rutor döljs.") from error
    result = _result(named, pattern, method)
    text = json.dumps(result, ensure_ascii=False, indent=2)
    if output is None:
        click.echo(text)
    else:
        output.write_text(text + "\n", encoding="utf-8")
        click.echo(f"{output}: {len(result['suppressed'])} av {len(named.names)} rutor döljs.")
    if result["given_away"]:
        raise click.exceptions.Exit(GIVEN_AWAY)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path} är inte text i UTF-8.") from error


def _result(named: NamedTable, pattern: Pattern, method: str) -> dict[str, Any]:
    """Return the answer as plain values; a range without an upper end has null there."""
    table, names = named.table, named.names
    ranges = Attacker(table, pattern.hidden).ranges()
    lost = ranges.given_away(table)
    largest = int(table.counts.sum())
    hidden = np.flatnonzero(pattern.hidden).tolist()
    result: dict[str, Any] = {
        "threshold": named.threshold,
        "method": method,
        "criterion": CRITERION,
        "suppressed": [names[cell] for cell in hidden],
        "primary": [names[cell] for cell in np.flatnonzero(table.secret).tolist()],
        "secondary": [names[cell] for cell in hidden if not table.secret[cell]],
        "given_away": [names[cell] for cell in np.flatnonzero(lost).tolist()],
        "cost": pattern.cost,
    }
    if pattern.bound is not None:
        gap = (pattern.cost - pattern.bound) / pattern.cost if pattern.cost else 0.0
        result |= {"bound": pattern.bound, "gap": round(gap, 6)}
    ends = {cell: (int(ranges.lo[cell]), int(ranges.hi[cell])) for cell in range(len(names))}
    result["intervals"] = {
        names[cell]: {"lo": lo, "hi": hi if hi <= largest else None} for cell, (lo, hi) in ends.items()
    }
    return result
