"""One filled database as a template, and as many copies as there are experiments, on either database."""

import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from bench.world import empty


@dataclass(frozen=True)
class Copy:
    """A copy's address and a folder of its own."""

    url: str
    folder: Path


@dataclass(frozen=True)
class Copies:
    """The template to fill first, and the maker of copies; nobody may be connected to the template then."""

    template: str
    copy: Callable[[], AbstractContextManager[Copy]]


@contextmanager
def copies(kind: str) -> Iterator[Copies]:
    """Yield a database with the schema, of which copies can be made once it is filled."""
    with empty(kind) as url:
        make = _copy_database if kind == "postgresql" else _copy_file
        yield Copies(url, lambda: make(url))


@contextmanager
def _copy_file(url: str) -> Iterator[Copy]:
    with tempfile.TemporaryDirectory(prefix="enkat-copy-") as name:
        path = Path(name) / "enkat.sqlite"
        shutil.copyfile(url.removeprefix("sqlite:///"), path)
        yield Copy(f"sqlite:///{path}", Path(name))


@contextmanager
def _copy_database(url: str) -> Iterator[Copy]:
    template = make_url(url)
    name = f"copy_{secrets.token_hex(4)}"
    admin = template.set(drivername="postgresql", database="template1").render_as_string(hide_password=False)
    with tempfile.TemporaryDirectory(prefix="enkat-copy-") as folder, psycopg.connect(admin, autocommit=True) as server:
        server.execute(f'CREATE DATABASE {name} TEMPLATE "{template.database}"')
        try:
            yield Copy(template.set(database=name).render_as_string(hide_password=False), Path(folder))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
