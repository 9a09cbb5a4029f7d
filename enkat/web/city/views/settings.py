"""The settings, to be read, and how the installation is; both are changed by those who run the server."""

from flask import render_template

from enkat.services.accounts.rights import Right
from enkat.services.safety.doctor import examine
from enkat.services.safety.findings import Level
from enkat.settings import Settings
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.shared.access import requires

TAGS = {Level.GOOD: ("Bra", "good"), Level.WARNING: ("Se över", "warning"), Level.FAULT: ("Åtgärda", "bad")}
HIDDEN = {"database_url"}
"""May carry a password."""


def _shown(settings: Settings) -> list[tuple[str, str, str]]:
    rows = []
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        words = {True: "ja", False: "nej"}[value] if isinstance(value, bool) else str(value)
        text = "–" if value is None or value == "" else words
        hidden = name in HIDDEN and bool(value)
        rows.append((f"ENKAT_{name.upper()}", "satt, visas inte" if hidden else text, field.description or ""))
    return rows


@blueprint.get("/installningar")
@requires(Right.MANAGE_SETTINGS)
def settings() -> str:
    """Show settings and the doctor's findings."""
    found = examine(context.session(), context.clock(), context.settings(), context.secrets())
    return render_template("city/settings/overview.html", rows=_shown(context.settings()), found=found, tags=TAGS)
