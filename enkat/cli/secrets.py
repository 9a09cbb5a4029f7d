"""`enkat secrets`: makes and checks the secrets that stand outside database and backups."""

import click

from enkat.services.safety.findings import Level
from enkat.services.safety.machine_checks import check_secrets
from enkat.settings import Secrets, Settings

NOT_WELL = 1


@click.group()
def secrets() -> None:
    """Hemligheter: gör dem och kontrollera dem."""


@secrets.command()
def init() -> None:
    """Gör de hemligheter som saknas. De som finns rörs inte."""
    settings = Settings()
    kept = Secrets(settings)
    for name in Secrets.FIXED:
        there = kept.exists(name)
        kept.create(name)
        click.echo(f"{name}: {'fanns redan' if there else 'gjord'}")
    click.echo(f"De ligger i {settings.resolved_secrets_dir}. Spara en kopia där ingen säkerhetskopia hamnar.")


@secrets.command()
def check() -> None:
    """Kontrollera att hemligheterna finns, är starka och att bara ägaren kan läsa dem."""
    settings = Settings()
    found = list(check_secrets(settings, Secrets(settings)))
    for one in found:
        click.echo(one.sentence)
    if any(one.level is Level.FAULT for one in found):
        raise click.exceptions.Exit(NOT_WELL)
