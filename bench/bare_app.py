"""The floor: Flask, Jinja and one durable transaction a page, and nothing else. Our pages are measured against it.

`BARE_DATABASE` is a path (SQLite) or a PostgreSQL address, `BARE_BYTES` the size of a page to fill up to.
"""

import os
import sqlite3
import threading
from typing import Any

import psycopg
from flask import Flask, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

QUESTIONS = 12
OPTIONS = ("Alltid", "Oftast", "Ibland", "Sällan", "Aldrig", "Vet inte")
SQLITE = "INSERT INTO bare_answer (visitor, question, value) VALUES (?, ?, ?)"
POSTGRES = "INSERT INTO bare_answer (visitor, question, value) VALUES (%s, %s, %s)"
SCHEMA = "CREATE TABLE IF NOT EXISTS bare_answer (visitor TEXT, question INTEGER, value INTEGER)"

app = Flask(__name__)
_address = os.environ.get("BARE_DATABASE", ":memory:")
_fill = "x" * max(0, int(os.environ.get("BARE_BYTES", "0")) - 1900)
_local = threading.local()


def _connection() -> Any:
    """Return this thread's connection."""
    if not hasattr(_local, "connection"):
        if _address.startswith("postgresql"):
            _local.connection = psycopg.connect(_address)
        else:
            _local.connection = sqlite3.connect(_address, timeout=20, isolation_level=None)
            _local.connection.execute("PRAGMA journal_mode=wal")
            _local.connection.execute("PRAGMA synchronous=FULL")
    return _local.connection


def _store(visitor: str, question: int, value: int) -> None:
    connection = _connection()
    if isinstance(connection, sqlite3.Connection):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(SQLITE, (visitor, question, value))
        connection.execute("COMMIT")
    else:
        connection.execute(POSTGRES, (visitor, question, value))
        connection.commit()


def make_schema() -> None:
    """Make the one table."""
    connection = _connection()
    connection.execute(SCHEMA)
    connection.commit()


@app.get("/<visitor>/<int:number>")
def page(visitor: str, number: int) -> str:
    """Show a question."""
    return render_template("bare.html", visitor=visitor, number=number, options=OPTIONS, fill=_fill)


@app.post("/<visitor>/<int:number>")
def save(visitor: str, number: int) -> Response:
    """Store an answer durably and go on."""
    _store(visitor, number, int(request.form["value"]))
    return redirect(url_for("page", visitor=visitor, number=number + 1), 303)


if __name__ == "__main__":
    make_schema()
