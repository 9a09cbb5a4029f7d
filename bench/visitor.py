"""A visitor without JavaScript: keeps cookies, reads forms from the page, fills them in and goes on."""

import gzip
import http.client
import re
import time
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urljoin, urlsplit

_TAG = re.compile(r"<(/?(?:form|input|button|textarea|link|script|img|audio))\b([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')
REDIRECTS = {301, 302, 303, 307, 308}


@dataclass
class Form:
    """A form as it stands in a page."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Reader:
    """Collects forms and what a browser would fetch with the page.

    It looks at tags only: a parser of all of HTML would take as much of the shared processors as the server does.
    """

    def __init__(self, markup: str) -> None:
        self.forms: list[Form] = []
        self.assets: list[str] = []
        self._inside = False
        for tag in _TAG.finditer(markup):
            attributes = {name: unescape(value) for name, value in _ATTRIBUTE.findall(tag[2])}
            self._see(tag[1], attributes)

    def _see(self, tag: str, values: dict[str, str]) -> None:
        if tag == "form":
            self.forms.append(Form(values.get("action", ""), values.get("method", "get").lower()))
            self._inside = True
        elif tag == "/form":
            self._inside = False
        elif tag == "link" and values.get("rel", "") in {"stylesheet", "icon", "preload"}:
            self.assets.append(values["href"])
        elif tag in {"script", "img", "audio"} and values.get("src"):
            self.assets.append(values["src"])
        elif self._inside and values.get("name"):
            self._field(tag, values)

    def _field(self, tag: str, values: dict[str, str]) -> None:
        form, name, value = self.forms[-1], values["name"], values.get("value", "")
        kind = values.get("type", "text")
        if tag == "button" or kind == "submit":
            form.buttons.append((name, value))
        elif kind in {"radio", "checkbox"}:
            form.choices.setdefault(name, []).append(value)
        elif tag in {"input", "textarea"}:
            form.fields[name] = value


@dataclass
class Page:
    """What came back."""

    status: int
    path: str
    body: bytes
    seconds: float
    requests: int
    wire_bytes: int
    _reader: _Reader | None = None

    @property
    def text(self) -> str:
        """The page's markup."""
        return self.body.decode()

    def _read(self) -> _Reader:
        if self._reader is None:
            self._reader = _Reader(self.text)
        return self._reader

    @property
    def forms(self) -> list[Form]:
        """The page's forms in order."""
        return self._read().forms

    @property
    def assets(self) -> list[str]:
        """What a browser fetches with the page."""
        return self._read().assets


class Visitor:
    """One browser without JavaScript."""

    def __init__(self, port: int, *, compressed: bool = False, source: str = "") -> None:
        self._compressed = compressed
        sender = (source, 0) if source else None
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=sender)
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Page:
        """Fetch a page, redirects followed."""
        return self._follow("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> Page:
        """Send a form, redirects followed; `seconds` is the POST's own time."""
        return self._follow("POST", path, fields)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _once(self, method: str, path: str, fields: dict[str, str] | None) -> tuple[http.client.HTTPResponse, Page]:
        headers = {"Accept-Encoding": "gzip"} if self._compressed else {}
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(fields) if fields is not None else None
        begun = time.perf_counter()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - begun
        for header in response.headers.get_all("Set-Cookie", []):
            name, _, rest = header.partition("=")
            self._cookies[name] = rest.partition(";")[0]
        plain = gzip.decompress(content) if response.headers.get("Content-Encoding") == "gzip" else content
        return response, Page(response.status, path, plain, seconds, 1, len(content) + len(str(response.headers)))

    def _follow(self, method: str, path: str, fields: dict[str, str] | None) -> Page:
        response, page = self._once(method, path, fields)
        first, requests, weight = page.seconds, 1, page.wire_bytes
        while page.status in REDIRECTS:
            target = urlsplit(urljoin(page.path, response.headers["Location"]))
            path = target.path + (f"?{target.query}" if target.query else "")
            response, page = self._once("GET", path, None)
            requests += 1
            weight += page.wire_bytes
        return Page(page.status, page.path, page.body, first, requests, weight)
