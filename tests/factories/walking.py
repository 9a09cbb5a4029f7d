"""Somebody who walks through pages as a browser without script does: fills the form and presses a button."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _fields(form: Element) -> Iterator[tuple[str, str]]:
    for field in form.iter():
        name = field.get("name")
        if not name:
            continue
        if field.tag == "textarea":
            yield name, (field.text or "").removeprefix("\n")
        elif field.tag == "input" and (
            field.get("type") not in {"radio", "checkbox"} or field.get("checked") is not None
        ):
            yield name, field.get("value") or ""


class Walker:
    """Holds the page that is shown."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.response: TestResponse
        self.root: Element
        self.seen: list[tuple[str, str]] = []

    def _show(self, response: TestResponse) -> "Walker":
        self.response = response
        self.root = html5lib.HTMLParser(namespaceHTMLElements=False).parse(response.text)
        self.seen.append((response.request.path, response.text))
        return self

    def get(self, path: str) -> "Walker":
        """Open an address."""
        return self._show(self.client.get(path, follow_redirects=True))

    @property
    def path(self) -> str:
        """The address of the page."""
        return self.response.request.path

    @property
    def status(self) -> int:
        """The page's status."""
        return self.response.status_code

    @property
    def main(self) -> Element:
        """The page's main part."""
        return next(self.root.iter("main"))

    @property
    def heading(self) -> str:
        """The page's heading."""
        return _text(next(self.root.iter("h1")))

    @property
    def title(self) -> str:
        """The page's title."""
        return _text(next(self.root.iter("title")))

    @property
    def text(self) -> str:
        """The words of the main part."""
        return _text(self.main)

    @property
    def notice(self) -> str:
        """The word that is no fault; empty without one."""
        found = [element for element in self.main.iter("div") if "notice" in (element.get("class") or "").split()]
        return _text(found[0]) if found else ""

    @property
    def fault(self) -> str:
        """The fault's words in the summary; empty without one."""
        found = [
            link for element in self.main.iter("div") if element.get("role") == "alert" for link in element.iter("a")
        ]
        return _text(found[0]) if found else ""

    def choices(self) -> dict[str, str]:
        """The labels of the page's choices and their values."""
        labels = {label.get("for"): _text(label) for label in self.main.iter("label")}
        radios = [field for field in self.main.iter("input") if field.get("type") == "radio"]
        return {labels[radio.get("id")]: radio.get("value") or "" for radio in radios}

    def chosen(self) -> str | None:
        """The value of the choice that is made; None without one."""
        radios = [field for field in self.main.iter("input") if field.get("type") == "radio"]
        return next((radio.get("value") for radio in radios if radio.get("checked") is not None), None)

    def form(self) -> Element:
        """The page's own form."""
        return list(self.main.iter("form"))[-1]

    def fields(self) -> dict[str, str]:
        """What the form would send."""
        return dict(_fields(self.form()))

    def button(self, text: str) -> Element:
        """The button with this text, wherever it stands."""
        return next(button for button in self.root.iter("button") if _text(button) == text)

    def press(self, text: str, values: Mapping[str, str] | None = None) -> "Walker":
        """Fill the form and press a button."""
        button = self.button(text)
        form = next((form for form in self.root.iter("form") if button in list(form.iter("button"))), self.form())
        if button.get("form"):
            form = next(found for found in self.root.iter("form") if found.get("id") == button.get("form"))
        data = dict(_fields(form)) | dict(values or {})
        if button.get("name"):
            data[str(button.get("name"))] = button.get("value") or ""
        action = form.get("action") or self.path
        if (form.get("method") or "get").lower() == "get":
            return self.get(action)
        return self._show(self.client.post(action, data=data, follow_redirects=True))

    def press_form(self, text: str, values: Mapping[str, str] | None = None) -> "Walker":
        """Press a button of a form that is not the page's last one."""
        button = self.button(text)
        form = next(found for found in self.root.iter("form") if button in list(found.iter("button")))
        return self._show(
            self.client.post(
                form.get("action") or self.path, data=dict(_fields(form)) | dict(values or {}), follow_redirects=True
            )
        )

    def links(self) -> dict[str, str]:
        """The main part's links by their text."""
        return {_text(link): link.get("href") or "" for link in self.main.iter("a")}
