"""The reference of commands and settings, written from the program itself.

Regenerate after a change: python -m tests.house.reference.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from enkat.cli.main import cli
from enkat.settings import Settings
from tests.house.sources import ROOT

FOLDER = ROOT / "docs" / "reference"
NOTE = "<!-- Skriven ur programmet med: python -m tests.house.reference -->\n"


def commands(group: click.Command = cli, path: str = "enkat") -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its full name, groups first."""
    yield path, group
    if isinstance(group, click.Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if command is not None:
                yield from commands(command, f"{path} {name}")


def _option(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        names = ", ".join([*parameter.opts, *parameter.secondary_opts])
        choices = [str(choice) for choice in parameter.type.choices] if isinstance(parameter.type, click.Choice) else []
        words = [(parameter.help or "").strip(), f"({', '.join(choices)})" if choices else ""]
        return f"| `{names}` | {' '.join(filter(None, words))} |"
    return f"| `{parameter.human_readable_name}` | {'kan utelämnas' if not parameter.required else 'krävs'} |"


def _command(path: str, command: click.Command) -> str:
    help_text = (command.help or "").replace("\b\n", "").replace("\f", "").strip()
    lines = [f"## `{path}`", "", help_text, ""]
    shown = [parameter for parameter in command.params if not getattr(parameter, "hidden", False)]
    if shown:
        lines += ["| | |", "|---|---|", *map(_option, shown), ""]
    return "\n".join(lines)


def command_page() -> str:
    """Return the page of commands."""
    intro = "# Kommandon\n\nVarje kommando svarar på `--help`. Fel sägs på en rad och ger utgångsvärde 1.\n"
    return f"{NOTE}{intro}\n" + "\n".join(_command(path, command) for path, command in commands())


def _default(name: str) -> str:
    default = Settings.model_fields[name].default
    if isinstance(default, Path):
        return f"`{default.as_posix()}`"
    if default in ("", None, {}):
        return "tom"
    as_json = isinstance(default, bool | dict)
    return f"`{json.dumps(default) if as_json else default}`"


def settings_page() -> str:
    """Return the page of settings."""
    rows = [
        f"| `ENKAT_{name.upper()}` | {_default(name)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    intro = (
        "# Inställningar\n\nAlla läses ur miljövariabler. Hemligheter är filer i `ENKAT_SECRETS_DIR` (bara ägaren får "
        "läsa dem) eller `ENKAT_SECRET_<NAMN>`; de står aldrig i databasen eller i en säkerhetskopia.\n\n"
    )
    return f"{NOTE}{intro}| inställning | förval | vad den styr |\n|---|---|---|\n" + "\n".join(rows) + "\n"


PAGES = {"commands.md": command_page, "settings.md": settings_page}


def main() -> None:
    """Write the pages anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
