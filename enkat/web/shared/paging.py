"""A page of a long list, and addresses that keep the reader's other choices."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request, url_for

Row = TypeVar("Row")
PAGE_SIZE = 50


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows `first` to `last` of `total`."""

    rows: Sequence[Row]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The number of the first row shown, from 1."""
        return min((self.number - 1) * self.size + 1, self.total)

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.number * self.size, self.total)


def page_number() -> int:
    """Return the page that the request asks for; the first one where it asks for nothing sensible."""
    return max(1, request.args.get("page", 1, type=int) or 1)


def page_link(**changes: Any) -> str:
    """Return the present page's address with some query arguments changed; None takes one away."""
    kept = {name: values for name, values in request.args.lists() if name not in changes}
    new = {name: value for name, value in changes.items() if value is not None}
    arguments: dict[str, Any] = {**(request.view_args or {}), **kept, **new}
    return url_for(request.endpoint or "city.start", **arguments)
