"""Who may open a page: every view says it, and a page without a rule is refused to everybody."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request

from enkat.services.accounts.rights import Right
from enkat.web.shared import login

View = TypeVar("View", bound=Callable[..., Any])

_RULE = "enkat_access_rule"
OPEN = "open"
LOGGED_IN = "logged_in"


def open_to_all(view: View) -> View:
    """Mark a view that anybody may open (respondent pages, login)."""
    setattr(view, _RULE, OPEN)
    return view


def logged_in(view: View) -> View:
    """Mark a view for any member of staff who is logged in with a second factor."""
    setattr(view, _RULE, LOGGED_IN)
    return view


def requires(*rights: Right) -> Callable[[View], View]:
    """Mark a view for those who hold any of `rights` in some scope; the service narrows it to the scope."""

    def mark(view: View) -> View:
        setattr(view, _RULE, rights)
        return view

    return mark


def rule_of(view: Callable[..., Any]) -> Any:
    """Return a view's rule; None when it has none."""
    return getattr(view, _RULE, None)


def _check() -> Any:
    if request.endpoint is None or request.endpoint == "static":
        return None
    rule = rule_of(current_app.view_functions[request.endpoint])
    if rule == OPEN:
        return None
    if rule is None:
        abort(403)
    actor = login.current_actor()
    if actor is None:
        return login.ask_to_log_in()
    if rule != LOGGED_IN and not any(actor.holds(right) for right in rule):
        abort(403)
    return None


def init_app(app: Flask) -> None:
    """Check the rule before every view."""
    app.before_request(_check)
