"""Answers through the real pages: types the code, fills in each form as a browser would, and sends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Protocol

from enkat.ballots.vocabulary import Helper, Respondent

FORM_ID = "answer"
MOST_PAGES = 80
OK = 200


class StrangePageError(RuntimeError):
    """A page was not what it should be; says which."""


@dataclass(frozen=True)
class Page:
    """A page as it came: its status, its path after all redirects, and its text."""

    status: int
    path: str
    text: str


class Browser(Protocol):
    """A browser with cookies of its own, without JavaScript."""

    def get(self, address: str) -> Page:
        """Fetch a page."""

    def post(self, address: str, fields: Mapping[str, str]) -> Page:
        """Send a form."""


class BrowserMaker(Protocol):
    """Makes browsers that visit one app."""

    def new(self) -> Browser:
        """Return a browser of one person's own."""

    def close(self) -> None:
        """Let go of the app's database."""


@dataclass
class AnswerForm(HTMLParser):
    """The form of a respondent's page: where it goes and what it carries unseen."""

    action: str = ""
    found: bool = False
    hidden: dict[str, str] = field(default_factory=dict)
    _inside: bool = False

    def __post_init__(self) -> None:
        """Set up the parser that the dataclass stands on."""
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take notice of the form and its hidden fields."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("id") == FORM_ID
            if self._inside:
                self.found = True
                self.action = given.get("action", "")
        elif tag == "input" and self._inside and given.get("type") == "hidden":
            self.hidden[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """Leave the form."""
        if tag == "form":
            self._inside = False


def form_of(page: Page) -> AnswerForm:
    """Return the answer form of a page; only what lies around it is parsed."""
    form = AnswerForm()
    place = page.text.find(f'id="{FORM_ID}"')
    if place >= 0:
        form.feed(page.text[page.text.rfind("<form", 0, place) : page.text.find("</form>", place) + len("</form>")])
    return form


@dataclass(frozen=True)
class PageVisitor:
    """People who answer on the pages, each in a browser of their own."""

    browsers: BrowserMaker

    def answer(
        self,
        short_name: str,
        code: str,
        answers: Mapping[str, int | str],
        *,
        respondent: Respondent,
        helper: Helper,
        send: bool = True,
    ) -> int:
        """Answer every question that is shown, skip those without an answer, and send.

        Parameters
        ----------
        send
            False leaves a draft behind, as somebody who makes a pause.

        Returns
        -------
        int
            How many pages were filled in.

        Raises
        ------
        StrangePageError
            A page could not be reached or used.
        """
        browser = self.browsers.new()
        _posted(browser, _checked(browser.get(f"/o/{short_name}")), {"code": code})
        page = _checked(browser.get(f"/o/{short_name}/vem"))
        fields = {"vem": {"who": respondent.value}, "hjalpare": {"helper": helper.value}}
        for number in range(MOST_PAGES):
            name = page.path.rsplit("/", 1)[-1]
            if name == "tack" or (name == "granska" and not send):
                return number
            page = _posted(browser, page, fields.get(name) or _field(name, answers))
        raise StrangePageError(f"Enkäten tog inte slut efter {MOST_PAGES} sidor.")


def _posted(browser: Browser, page: Page, fields: Mapping[str, str]) -> Page:
    form = form_of(page)
    if not form.found:
        raise StrangePageError(f"Sidan {page.path} har inget formulär att svara i.")
    return _checked(browser.post(form.action or page.path, {**form.hidden, **fields}))


def _field(name: str, answers: Mapping[str, int | str]) -> dict[str, str]:
    """Return what is filled in on a question's page; nothing on the review."""
    if name == "granska":
        return {}
    return {"answer": str(answers[name])} if name in answers else {"do": "skip"}


def _checked(page: Page) -> Page:
    if page.status != OK:
        raise StrangePageError(f"Sidan {page.path} svarade {page.status}.")
    return page
