"""The start page: what is due for whoever is logged in."""

from flask import render_template

from enkat.web.city.blueprint import blueprint
from enkat.web.shared.access import logged_in


@blueprint.get("/")
@logged_in
def start() -> str:
    """Show the start page."""
    return render_template("city/start/start.html")


@blueprint.get("/mitt-konto")
@logged_in
def own_account() -> str:
    """Show one's own account."""
    return render_template("city/start/start.html")
