"""`enkat retention`: how long each kind of record is kept, and by which decision."""

import click

from enkat.cli._database import open_database
from enkat.clock import system_clock
from enkat.services.retention.rules import EVENT_TEXTS, KINDS, rules_of, set_missing_defaults


@click.group()
def retention() -> None:
    """Gallring: hur länge varje slags uppgift sparas."""


@retention.command("list")
def list_rules() -> None:
    """Visa stadens regler och vad som saknar regel."""
    with open_database() as (session, _settings, _secrets):
        rules = rules_of(session)
        for kind, text in KINDS.items():
            rule = rules.get(kind)
            if rule is None:
                words = "saknar regel"
            elif rule.days is None:
                words = f"bevaras ({rule.decision})"
            else:
                words = f"{rule.days} dagar efter att {EVENT_TEXTS[rule.event]} ({rule.decision})"
            click.echo(f"{text.name:<22} {words}")


@retention.command()
@click.option("--decision", required=True, help="Beslutet som reglerna bygger på.")
def adopt(decision: str) -> None:
    """Ge varje slags uppgift som saknar regel den föreslagna regeln."""
    with open_database() as (session, _settings, _secrets):
        made = set_missing_defaults(session, system_clock, decision, account_id=None)
        click.echo(f"{made} regler lades till.")
