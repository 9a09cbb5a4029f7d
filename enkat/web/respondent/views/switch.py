"""Changing language or face on a page without a form of its own."""

from urllib.parse import urlsplit

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from enkat.web.respondent.blueprint import blueprint
from enkat.web.shared.access import open_to_all


def _same_site(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not address.startswith("/") or address.startswith(("//", "/\\")):
        return url_for("respondent.start")
    return parts.path


@blueprint.post("/visning")
@open_to_all
def switch() -> Response:
    """Show the page that was left in another language or face; the cookie is set after every page."""
    return redirect(_same_site(request.form.get("next", "")), code=303)
