"""Every command and setting stands in the reference, as the program tells it."""

import click
import pytest

from enkat.settings import Settings
from tests.house.reference import FOLDER, PAGES, commands


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_page_is_what_the_program_says(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name](), "run python -m tests.house.reference"


def test_every_command_and_option_explains_itself() -> None:
    silent = [path for path, command in commands() if not command.help]
    silent += [
        f"{path} {'/'.join(parameter.opts)}"
        for path, command in commands()
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.help
    ]
    assert silent == []


def test_every_setting_explains_itself() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
