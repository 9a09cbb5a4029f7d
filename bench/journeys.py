"""How a visitor walks through our pages, and through the bare ones."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bench.bare_app import QUESTIONS as BARE_QUESTIONS
from bench.visitor import Form, Page, Visitor

LONGEST = 40
Fill = Callable[[Page, Form], dict[str, str]]
"""What a visitor chooses and writes in a page's form."""


class LostError(RuntimeError):
    """A page was not the one that a visitor expects."""


@dataclass
class Walk:
    """What a journey cost to the one who made it."""

    pages: int = 0
    requests: int = 0
    post_seconds: list[float] = field(default_factory=list)
    question_path: str = ""
    question_bytes: int = 0
    thanked: bool = False


def _answer_form(page: Page) -> Form:
    forms = [form for form in page.forms if form.method == "post" and (form.choices or "answer" in form.fields)]
    if not forms:
        forms = [form for form in page.forms if form.method == "post" and "/granska" in (form.action or page.path)]
    if not forms:
        raise LostError(f"No form to answer in {page.path} ({page.status}).")
    return forms[0]


def _first(_page: Page, form: Form) -> dict[str, str]:
    chosen = {name: values[0] for name, values in form.choices.items()}
    if "answer" in form.fields and "answer" not in form.choices:
        chosen["answer"] = "Det fungerar bra."
    return chosen


def enter(visitor: Visitor, short_name: str, code: str) -> Page:
    """Type a code and return the page it opens."""
    page = visitor.get(f"/o/{short_name}")
    form = next(form for form in page.forms if "code" in form.fields)
    return visitor.post(f"/o/{short_name}", {**form.fields, "code": code})


def walk(visitor: Visitor, short_name: str, code: str, fill: Fill = _first) -> Walk:
    """Answer the whole survey and send it; a visitor without own mind chooses what stands first."""
    done = Walk()
    page = enter(visitor, short_name, code)
    if not page.path.endswith("/om"):
        raise LostError(f"The code led to {page.path} ({page.status}).")
    done.requests += page.requests + 1
    page = visitor.get(f"/o/{short_name}/vem")
    done.requests += 1
    for _ in range(LONGEST):
        form = _answer_form(page)
        if "/fraga/" in page.path and form.choices:
            done.question_path, done.question_bytes = page.path, len(page.body)
        page = visitor.post(form.action or page.path, form.fields | fill(page, form))
        done.post_seconds.append(page.seconds)
        done.requests += page.requests
        done.pages += 1
        if page.status >= 400:
            raise LostError(f"{page.path} answered {page.status}.")
        if page.path.endswith("/tack"):
            done.thanked = True
            return done
    raise LostError(f"The journey did not end: {page.path}.")


def bare_walk(visitor: Visitor, name: str) -> Walk:
    """Answer as many bare pages as our survey has questions."""
    done = Walk()
    visitor.get(f"/{name}/1")
    for number in range(1, BARE_QUESTIONS + 1):
        page = visitor.post(f"/{name}/{number}", {"value": "1"})
        if page.status >= 400:
            raise LostError(f"{page.path} answered {page.status}.")
        done.post_seconds.append(page.seconds)
        done.pages += 1
    return done
