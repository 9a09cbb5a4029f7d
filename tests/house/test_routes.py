"""Every route belongs to an audience, says who may open it, and stands in the list that reviews read."""

import json

import pytest
from flask import Flask

from tests.house.routes import GOLDEN, describe, written

AUDIENCES = {"respondent", "interviewer", "paper", "provider", "district", "city", "public"}

pytestmark = pytest.mark.one_database


def _pages(app: Flask) -> list[dict[str, str]]:
    return [route for route in describe(app) if route["endpoint"] != "static"]


def test_every_route_has_an_audience(app: Flask) -> None:
    assert [route for route in _pages(app) if route["endpoint"].partition(".")[0] not in AUDIENCES] == []


def test_every_route_says_who_may_open_it(app: Flask) -> None:
    assert [route for route in _pages(app) if not route["access"]] == []


def test_the_list_of_routes_is_the_reviewed_one(app: Flask) -> None:
    now, golden = describe(app), json.loads(GOLDEN.read_text(encoding="utf-8"))
    gone = [route for route in golden if route not in now]
    new = [route for route in now if route not in golden]
    assert (gone, new) == ([], []), "after a deliberate change: python -m tests.house.routes"
    assert GOLDEN.read_text(encoding="utf-8") == written(golden)


def test_staff_pages_are_closed_without_login(app: Flask) -> None:
    client = app.test_client()
    closed = [route for route in _pages(app) if route["access"] != "open" and "GET" in route["methods"].split()]
    for route in closed:
        path = route["path"]
        if "<" not in path:
            assert client.get(path).status_code in {302, 303, 403}, path
