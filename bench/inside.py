"""The app without a server: statements and CPU time of single requests, for what must not grow."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from bench.figures import typical
from bench.world import World
from enkat.web.app import create_app
from enkat.web.extensions import db

BLOCKS = 5
REPEATS = 20


@dataclass
class Statements:
    """The statements that were sent to a database."""

    texts: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many there were, without those that only begin or end a transaction."""
        return len([text for text in self.texts if not text.upper().startswith(("BEGIN", "COMMIT", "ROLLBACK"))])


@contextmanager
def counted(engine: Engine) -> Iterator[Statements]:
    """Count what is sent to the database."""
    seen = Statements()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.texts.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def our_app(place: World) -> Flask:
    """Return the app on a world's database."""
    return create_app(place.settings())


def engine_of(app: Flask) -> Engine:
    """Return the app's engine."""
    with app.app_context():
        return db.engine


def cpu_milliseconds(step: Callable[[], object]) -> float:
    """Return the CPU time of a step, typical of several blocks."""
    step()
    blocks = []
    for _ in range(BLOCKS):
        begun = time.process_time()
        for _ in range(REPEATS):
            step()
        blocks.append((time.process_time() - begun) / REPEATS * 1000)
    return typical(blocks)


@dataclass
class Respondent:
    """Somebody who answers through the app's test client."""

    client: FlaskClient
    short_name: str
    token: str = ""

    def get(self, place: str) -> str:
        """Fetch a page of the round and remember its CSRF token."""
        response = self.client.get(f"/o/{self.short_name}{place}")
        assert response.status_code == 200, (place, response.status_code)
        mark = 'name="csrf_token" value="'
        if mark in response.text:
            self.token = response.text.partition(mark)[2].partition('"')[0]
        return response.text

    def post(self, place: str, **fields: str) -> int:
        """Send a form."""
        response = self.client.post(f"/o/{self.short_name}{place}", data={"csrf_token": self.token, **fields})
        return response.status_code

    def enter(self, code: str) -> None:
        """Type a code."""
        self.get("")
        assert self.post("", code=code) == 303
