"""The `enkat` command: finds its groups by file name and loads only the one that is asked for.

A group is a file in this folder that holds a `click.Command` of the file's own name (`round.py` holds the command
`round`; an underscore in a file's name is a hyphen in the command's). `enkat instruments` and `enkat analyse` therefore
start without the app, its settings or a database.
"""

import errno
import importlib
import pkgutil
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

_OWN_FILES = {"main"}
_FULL = "disken är full. Inget är halvgjort. Frigör plats och kör igen."
OS_FAULTS = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.ENOENT: "finns inte. Kontrollera sökvägen.",
    errno.EACCES: "får inte läsas eller skrivas av dig. Kör som den användare som äger filerna.",
    errno.EISDIR: "är en mapp. Ange en fil.",
}
"""What the file system said, in the words of who runs the commands."""


class LazyCommands(click.Group):
    """A click group whose commands are the files beside this one, imported when they are named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command file in this folder, sorted."""
        del ctx
        names = (module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
        return sorted(name.replace("_", "-") for name in names if not name.startswith("_") and name not in _OWN_FILES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the file of that name and return the command it holds; None where there is no such file."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"enkat.cli.{cmd_name.replace('-', '_')}")
        commands = (value for value in vars(module).values() if isinstance(value, click.Command))
        return next((command for command in commands if command.name == cmd_name), None)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line; the list of commands imports them all, and one that is broken is told."""
        with _told(debug="--debug" in args):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; turn what went wrong into one sentence unless `--debug` asks for everything."""
        with _told(debug=bool(ctx.params.get("debug"))):
            result: object = super().invoke(ctx)
            return result


@contextmanager
def _told(*, debug: bool) -> Iterator[None]:
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except Exception as error:
        if debug:
            traceback.print_exc(file=sys.stderr)
        raise click.ClickException(sentence(error)) from error


def sentence(error: Exception) -> str:
    """Say in one Swedish sentence what went wrong.

    The product's own errors carry a sentence for people. Errors of the file system and the database get one here;
    anything else is a fault in the program and says so.
    """
    kinds = type(error).__mro__
    if any(kind.__module__.startswith("enkat.") for kind in kinds):
        return str(error)
    if isinstance(error, OSError):
        said = OS_FAULTS.get(error.errno or 0, f"går inte att använda ({error.strerror or error}).")
        return f"{error.filename or 'Filen'}: {said}"
    if any(kind.__module__ == "sqlalchemy.exc" and kind.__name__ == "DBAPIError" for kind in kinds):
        return f"Databasen svarar inte som väntat ({type(error).__name__}). Kör `enkat doctor` för att se varför."
    if any(kind.__name__ == "ValidationError" and kind.__module__.startswith("pydantic") for kind in kinds):
        return f"Inställningarna stämmer inte: {error}"
    return f"Ett fel i programmet: {type(error).__name__}: {error}. Kör `enkat --debug …` för detaljer."


@click.group(
    name="enkat",
    cls=LazyCommands,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Brukarundersökning: från fråga till resultat per enhet.",
)
@click.option("--debug", is_flag=True, help="Visa hela felet i stället för en mening.")
@click.version_option(package_name="enkat", message="enkat %(version)s")
def cli(*, debug: bool) -> None:
    """Start here: every command hangs under this group."""
    del debug
