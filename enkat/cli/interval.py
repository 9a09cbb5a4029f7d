"""`enkat interval`: an interval by name for numbers that somebody has at hand; needs no file and no database."""

import json
import math
from typing import Any, Final

import click

from enkat.documents.numbers import decimal, percent_range, whole
from enkat.services.analysis.spec import INTERVAL_SYNONYMS
from enkat.statistics.intervals import LEVEL, IntervalName, Limits, Need, Observed, interval

HUNDRED: Final = 100
DIGITS: Final = 1
NAMES: Final = sorted([*(name.value for name in IntervalName), *INTERVAL_SYNONYMS])


@click.command(name="interval")
@click.argument("positive", metavar="POSITIVA", type=click.IntRange(min=0))
@click.argument("answers", metavar="SVAR", type=click.IntRange(min=1))
@click.option("--population", type=click.IntRange(min=1), help="Antal i gruppen (N), utan dem som står utanför frågan.")
@click.option(
    "--method",
    type=click.Choice(NAMES),
    help="Intervallets namn. Förval: hypergeometric med --population, annars wilson.",
)
@click.option(
    "--level",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=LEVEL,
    show_default=True,
    help="Konfidensgrad.",
)
@click.option("--se", type=click.FloatRange(min=0), help="Andelens medelfel. Förval: obundet slumpmässigt urval.")
@click.option("--df", type=click.FloatRange(min=0, min_open=True), help="Frihetsgrader. Förval: antal svar − 1.")
@click.option("--shift", is_flag=True, help="Någon har svarat ”vet inte”: flytta gränser i hela brukare en utåt.")
@click.option("--json", "as_json", is_flag=True, help="Skriv JSON med full precision.")
def interval_command(
    positive: int,
    answers: int,
    *,
    population: int | None,
    method: str | None,
    level: float,
    se: float | None,
    df: float | None,
    shift: bool,
    as_json: bool,
) -> None:
    """Räkna ett intervall för andelen POSITIVA av SVAR, till exempel: enkat interval 38 42 --population 45."""
    _refuse(positive, answers, population)
    name = _name(method, population)
    if name.finite and population is None:
        raise click.UsageError(f"Intervallet {name.value} behöver antalet i gruppen: lägg till --population.")
    variance = se**2 if se is not None else _simple_variance(positive / answers, answers, population)
    observed = Observed(
        k=positive,
        n=answers,
        population=population,
        share=positive / answers,
        variance=variance,
        df=answers - 1 if df is None else df,
        shift=int(shift),
    )
    found = _record(name, interval(name, observed, level=level), observed, level)
    click.echo(json.dumps(found, ensure_ascii=False, allow_nan=False) if as_json else _words(name, found))


def _refuse(positive: int, answers: int, population: int | None) -> None:
    if positive > answers:
        raise click.UsageError(f"Fler positiva ({positive}) än svar ({answers}).")
    if population is not None and answers > population:
        raise click.UsageError(f"Fler svar ({answers}) än personer i gruppen ({population}).")


def _name(method: str | None, population: int | None) -> IntervalName:
    if method is None:
        return IntervalName.WILSON if population is None else IntervalName.HYPERGEOMETRIC
    return INTERVAL_SYNONYMS.get(method) or IntervalName(method)


def _simple_variance(share: float, answers: int, population: int | None) -> float:
    """Variance of a share in a simple random draw, with finite population correction where the population is known."""
    fraction = 0.0 if population is None else answers / population
    return share * (1 - share) / (answers - 1) * (1 - fraction) if answers > 1 else 0.0


def _record(name: IntervalName, limits: Limits, observed: Observed, level: float) -> dict[str, Any]:
    def known(value: Any) -> float | None:
        return float(value) if math.isfinite(float(value)) else None

    found = {
        "method": name.value,
        "level": level,
        "k": observed.k,
        "n": observed.n,
        "N": observed.population,
        "estimate": observed.share,
        "lo": known(limits.lo),
        "hi": known(limits.hi),
    }
    if limits.clients is not None:
        found |= {"lo_clients": int(limits.clients.lo), "hi_clients": int(limits.clients.hi)}
    if Need.VARIANCE in name.needs:
        found |= {"variance": observed.variance, "df": observed.df}
    return found


def _words(name: IntervalName, found: dict[str, Any]) -> str:
    share = decimal(HUNDRED * found["estimate"], DIGITS)
    lines = [f"Andel: {share} % ({whole(found['k'])} av {whole(found['n'])} svar)"]
    level = decimal(HUNDRED * found["level"], 0 if (HUNDRED * found["level"]).is_integer() else DIGITS)
    if found["lo"] is None or found["hi"] is None:
        return "\n".join([*lines, f"Intervallet {name.value} ({name.label}) är inte definierat för de här talen."])
    limits = percent_range(found["lo"], found["hi"], DIGITS)
    lines.append(f"Intervall {level} %: {limits} ({name.label})")
    if "lo_clients" in found:
        lines.append(f"I hela brukare: {found['lo_clients']}–{found['hi_clients']} av {whole(found['N'])}")
    return "\n".join(lines)
