"""What holds for every page: checked on each one that any test fetches, because the tests' client does it."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

UNLABELLED = {"hidden", "submit", "button", "image", "reset"}
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls")
SCRIPT_FREE = re.compile(r"^on[a-z]+$")
DATA_TYPES = {"application/json", "application/ld+json"}
UNTESTABLE_PARSE_ERRORS = {"non-void-element-with-trailing-solidus"}
"""`<path />` inside SVG is right, but the parser reports it."""


def _elements(root: Element) -> Iterator[Element]:
    return (element for element in root.iter() if isinstance(element.tag, str))


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _document_faults(root: Element) -> Iterator[str]:
    if not root.get("lang"):
        yield "html has no lang"
    titles = [_text(element) for element in root.iterfind(".//head/title")]
    if len(titles) != 1 or not titles[0]:
        yield f"there must be one title with text: {titles}"
    headings = [_text(element) for element in root.iter("h1")]
    if len(headings) != 1 or not headings[0]:
        yield f"there must be one h1 with text: {headings}"
    if len(list(root.iter("main"))) != 1:
        yield "there must be one main"


def _id_faults(root: Element) -> Iterator[str]:
    counted = Counter(element.get("id") for element in _elements(root) if element.get("id") is not None)
    for identity, count in counted.items():
        if count > 1 or not identity:
            yield f"id {identity!r} stands {count} times"
    for element in _elements(root):
        for attribute in REFERENCES:
            for reference in (element.get(attribute) or "").split():
                if reference not in counted:
                    yield f"{attribute}={reference!r} points at nothing"


def _label_faults(root: Element) -> Iterator[str]:
    labelled = {label.get("for") for label in root.iter("label") if _text(label)}
    wrapped = {id(inner) for label in root.iter("label") if _text(label) for inner in label.iter()}
    for element in _elements(root):
        if element.tag not in {"input", "select", "textarea"} or element.get("type") in UNLABELLED:
            continue
        named = element.get("aria-label") or element.get("aria-labelledby")
        if not named and element.get("id") not in labelled and id(element) not in wrapped:
            yield f"{element.tag} {element.get('name')!r} has no label"
    for element in root.iter("button"):
        if not _text(element) and not element.get("aria-label"):
            yield "a button has no text"
    for element in root.iter("img"):
        if element.get("alt") is None:
            yield f"img {element.get('src')!r} has no alt"


def _inline_faults(root: Element) -> Iterator[str]:
    for element in _elements(root):
        if element.tag == "script" and not element.get("src") and element.get("type") not in DATA_TYPES:
            yield "a script stands in the page"
        if element.tag == "style" or element.get("style") is not None:
            yield f"{element.tag} carries a style of its own"
        yield from (f"{element.tag} has {name}" for name in element.attrib if SCRIPT_FREE.match(name))


def _form_faults(root: Element) -> Iterator[str]:
    for form in root.iter("form"):
        names = {field.get("name") for field in form.iter("input") if field.get("type") == "hidden"}
        if (form.get("method") or "get").lower() == "post" and "csrf_token" not in names:
            yield f"form to {form.get('action')!r} has no CSRF token"


def faults(html: str) -> list[str]:
    """Return everything that is wrong with a page; an empty list for a sound one."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(html)
    syntax = [
        f"line {position[0]}: {code} {details}"
        for position, code, details in parser.errors
        if code not in UNTESTABLE_PARSE_ERRORS
    ]
    checks = (_document_faults, _id_faults, _label_faults, _inline_faults, _form_faults)
    return syntax + [fault for check in checks for fault in check(root)]


class CheckedClient(FlaskClient):
    """A test client that refuses pages with faults."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Fetch a page and check it before the test sees it."""
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400 and response.data:
            found = faults(response.get_data(as_text=True))
            assert found == [], f"{response.request.path}: {found}"
        return response
