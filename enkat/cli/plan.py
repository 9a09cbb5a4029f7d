"""`enkat plan`: what a round can be expected to show; takes numbers or a file of units, and needs no database."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from enkat.documents.numbers import decimal, percent, whole
from enkat.services.register.reading import read_text
from enkat.services.rounds.unit_sizes import unit_sizes
from enkat.statistics.planning import Assumption, Costs, ModeCost
from enkat.statistics.targets import Target
from enkat.statistics.unit_plans import (
    Alternative,
    Scenario,
    UnitPlan,
    UnitSize,
    as_planned,
    census,
    plan_units,
    sample,
)

HUNDRED = 100
_LEGEND = (
    "Intervall: halva den väntade bredden av enhetens exakta intervall, procentenheter.",
    "Förändring: minsta skillnad mellan två omgångar som märks i åtta fall av tio, procentenheter.",
    "För ±: så många att tillfråga, räknat på andelen 50 procent, där osäkerheten är störst.",
)


class PercentType(click.ParamType[float]):
    """A number of percent, with a comma or a point, given as a share."""

    name = "procent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the share."""
        if isinstance(value, float):
            return value
        try:
            return float(str(value).replace("%", "").replace(",", ".")) / HUNDRED
        except ValueError:
            self.fail(f"”{value}” är inget tal. Skriv procent, till exempel 60.", param, ctx)


class ModeType(click.ParamType[ModeCost]):
    """A mode's part of the answers and its price: ``papper:65:120``."""

    name = "namn:andel:pris"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> ModeCost:
        """Return the mode's cost."""
        if isinstance(value, ModeCost):
            return value
        try:
            name, part, price = str(value).replace(",", ".").split(":")
            return ModeCost(float(part) / HUNDRED, float(price), name)
        except ValueError:
            self.fail(f"”{value}” går inte att läsa. Skriv namn:andel:pris, till exempel papper:65:120.", param, ctx)


PERCENT = PercentType()


@click.command()
@click.argument(
    "units_file", metavar="UNITS", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--population", type=click.IntRange(1), help="Brukare (N) i en enhet, i stället för en fil.")
@click.option("--invited", type=click.IntRange(0), help="Så många av dem som tillfrågas; annars alla.")
@click.option("--rate", type=PERCENT, default="60", show_default=True, help="Väntad svarsfrekvens, procent.")
@click.option("--share", type=PERCENT, default="85", show_default=True, help="Antagen andel positiva, procent.")
@click.option("--margin", type=PERCENT, default="10", show_default=True, help="Önskad felmarginal, procentenheter.")
@click.option("--target", "targets", multiple=True, help="Ett mål i procent; kan upprepas.")
@click.option("--truth", "truths", type=PERCENT, multiple=True, help="En sann andel att pröva målen mot; kan upprepas.")
@click.option("--fixed", type=click.FloatRange(0), default=0, help="Fast kostnad, kronor.")
@click.option("--per-invitation", type=click.FloatRange(0), default=0, help="Kostnad per tillfrågad, kronor.")
@click.option("--mode", "modes", type=ModeType(), multiple=True, help="Svarssätt, del av svaren och pris per svar.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True, help="Format."
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Fil att skriva i stället.")
def plan(
    units_file: Path | None,
    *,
    population: int | None,
    invited: int | None,
    targets: Sequence[str],
    truths: Sequence[float],
    modes: Sequence[ModeCost],
    form: str,
    output: Path | None,
    rate: float,
    share: float,
    margin: float,
    fixed: float,
    per_invitation: float,
) -> None:
    """Visa vad en omgång kan väntas visa om varje enhet.

    UNITS är en CSV-fil med kolumnerna Enhet, Brukare och, om inte alla tillfrågas, Tillfrågade. Utan fil anges en enhet
    med --population. Chanserna är exakta: summor över alla utfall, inte simulering.
    """
    units = _units(units_file, population, invited)
    assumed = Assumption(rate, share, margin)
    scenarios = [Scenario(Target.percent(text), truth) for text in targets for truth in truths or (share,)]
    plans = plan_units(units, assumed, scenarios)
    costs = Costs(fixed, per_invitation, modes)
    ways = {
        "totalundersökning": census(plans, assumed, costs),
        "som planerat": as_planned(plans, assumed, costs),
        "urval efter felmarginal": sample(plans, assumed, costs),
    }
    names = [mode.name for mode in modes]
    if form == "json":
        made = _json(plans, scenarios, ways, names)
    else:
        made = "\n".join([*_table(plans, scenarios, margin), *_ways_table(ways, margin, names), "", *_LEGEND])
    if output is None:
        click.echo(made)
    else:
        output.write_text(made + "\n", encoding="utf-8")
        click.echo(f"{output}: {len(plans)} enheter")


def _units(units_file: Path | None, population: int | None, invited: int | None) -> list[UnitSize]:
    if (units_file is None) == (population is None):
        raise click.UsageError("Ange en fil med enheter, eller --population för en enhet.")
    if units_file is not None:
        if invited is not None:
            raise click.UsageError("Med en fil står de tillfrågade i kolumnen Tillfrågade. Ta bort --invited.")
        return unit_sizes(read_text(units_file.read_bytes()))
    people = population or 0
    if invited is not None and invited > people:
        raise click.UsageError("Fler tillfrågade än brukare. Rätta det ena.")
    return [UnitSize("Enheten", people, people if invited is None else invited)]


def _table(plans: Sequence[UnitPlan], scenarios: Sequence[Scenario], margin: float) -> list[str]:
    points = f"±{decimal(HUNDRED * margin, 0)}"
    rows: list[Sequence[str]] = [("Enhet", "Brukare", "Tillfrågas", "Svar", "Intervall", "Förändring", f"För {points}")]
    rows += [
        (
            plan.unit.name,
            whole(plan.unit.population),
            whole(plan.unit.invited),
            whole(plan.answers),
            f"±{decimal(HUNDRED * plan.half_width)}",
            "ingen" if plan.change is None else decimal(HUNDRED * plan.change),
            "går inte att nå" if plan.invite is None else whole(plan.invite),
        )
        for plan in plans
    ]
    lines = _aligned(rows)
    for number, scenario in enumerate(scenarios):
        lines += ["", f"Mål minst {scenario.target.text}, om {percent(scenario.truth, 1)} är positiva:"]
        heads: list[Sequence[str]] = [("Enhet", "uppnått", "inte uppnått", "går inte att avgöra")]
        chances = [(plan.unit.name, plan.chances[number]) for plan in plans]
        heads += [(name, percent(c.met), percent(c.not_met), percent(c.undetermined)) for name, c in chances]
        lines += _aligned(heads)
    return [*lines, ""]


def _ways_table(ways: dict[str, Alternative], margin: float, modes: Sequence[str]) -> list[str]:
    points = f"±{decimal(HUNDRED * margin, 0)}"
    rows: list[Sequence[str]] = [("Sätt", "Tillfrågas", "Svar", "Kronor", *modes, f"Enheter med {points}")]
    for name, way in ways.items():
        costs = (whole(round(cost)) for cost in (way.cost, *way.by_mode))
        rows.append((name, whole(way.invited), whole(way.answers), *costs, whole(way.reached)))
    return _aligned(rows)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]


def _json(
    plans: Sequence[UnitPlan], scenarios: Sequence[Scenario], ways: dict[str, Alternative], modes: Sequence[str]
) -> str:
    keys = dict(zip(ways, ("census", "as_planned", "sample"), strict=True))
    units = [
        {
            "unit": plan.unit.name,
            "N": plan.unit.population,
            "invited": plan.unit.invited,
            "expected_answers": plan.answers,
            "half_width": plan.half_width,
            "detectable_change": plan.change,
            "invite_for_margin": plan.invite,
            "targets": [
                {
                    "target": float(scenario.target.share),
                    "truth": scenario.truth,
                    "met": chances.met,
                    "not_met": chances.not_met,
                    "undetermined": chances.undetermined,
                }
                for scenario, chances in zip(scenarios, plan.chances, strict=True)
            ],
        }
        for plan in plans
    ]
    totals = {
        keys[name]: {
            "invited": w.invited,
            "expected_answers": w.answers,
            "cost": w.cost,
            "cost_by_mode": dict(zip(modes, w.by_mode, strict=True)),
            "units_within_margin": w.reached,
        }
        for name, w in ways.items()
    }
    return json.dumps({"units": units, "alternatives": totals}, ensure_ascii=False, indent=1)
