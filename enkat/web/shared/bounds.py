"""What no page can mean: numbers in an address beyond every key, and signs that no text has.

Control signs and code points that are no characters reach a form by pasting at most. PostgreSQL refuses U+0000, no page
may hold the others: they are dropped where a request is read, so that nothing after it has to think of them.
"""

import re
from typing import Any

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter, Map
from werkzeug.utils import cached_property

LARGEST_KEY = 2**31 - 1
FILE_FIELD = "file"
"""The one name under which forms take a file; under another it would stand where text belongs."""
_LAST_TWO = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_NO_TEXT = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_LAST_TWO}]")


class KeyConverter(IntegerConverter):
    """A number in an address; one that no key column holds leads nowhere."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_KEY)


def _cleaned(values: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict((name, _NO_TEXT.sub("", value)) for name, value in values.items(multi=True))


class CleanRequest(Request):
    """A request whose texts hold nothing but characters."""

    def __init__(self, environ: dict[str, Any], *given: Any, **named: Any) -> None:
        path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
        if _NO_TEXT.search(path):
            environ["PATH_INFO"] = _NO_TEXT.sub("", path).encode().decode("latin-1")
        super().__init__(environ, *given, **named)

    def _load_form_data(self) -> None:
        loaded = "form" in self.__dict__
        super()._load_form_data()
        if loaded:
            return
        files = self.files.getlist(FILE_FIELD)
        for file in files:
            file.filename = _NO_TEXT.sub("", file.filename or "")
        for name, file in self.files.items(multi=True):
            if name != FILE_FIELD:
                file.close()
        self.__dict__["form"] = _cleaned(self.form)
        self.__dict__["files"] = ImmutableMultiDict((FILE_FIELD, file) for file in files)

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """Return the words after the question mark in the address."""
        return _cleaned(super().args)


def init_app(app: Flask) -> None:
    """Attach the bounds; before any address is registered."""
    app.request_class = CleanRequest
    app.url_map.converters["int"] = KeyConverter
