"""Extract of everything held on one person; each is written in the log."""

import json

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from enkat.services.accounts.rights import Right
from enkat.services.people.extract import Extract, extract_account, extract_client, find_clients
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.shared.access import requires
from enkat.web.shared.login import require_actor


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Registerutdrag"), url_for("city.register_extract"))]


def _as_file(made: Extract) -> Response:
    text = json.dumps(made.as_json(), ensure_ascii=False, indent=2)
    name = "".join(sign if sign.isascii() and (sign.isalnum() or sign in ".-_") else "_" for sign in made.person)
    headers = {"Content-Disposition": f'attachment; filename="utdrag-{name}.json"'}
    return Response(text, mimetype="application/json", headers=headers)


@blueprint.get("/register/utdrag")
@requires(Right.MANAGE_REGISTER, Right.HANDLE_PROTECTED)
def register_extract() -> str:
    """Find the person to make an extract of."""
    text = request.args.get("q", "")
    found = find_clients(context.session(), require_actor(), text)
    return render_template("city/extract/search.html", text=text, found=found)


@blueprint.get("/register/utdrag/<int:client_id>")
@requires(Right.MANAGE_REGISTER, Right.HANDLE_PROTECTED)
def register_extract_person(client_id: int) -> str | Response:
    """Show or hand out what is held on a client."""
    made = extract_client(context.session(), context.clock(), require_actor(), client_id)
    if request.args.get("format") == "json":
        return _as_file(made)
    return render_template("city/extract/extract.html", made=made, breadcrumbs=_crumbs())


@blueprint.get("/konton/<int:account_id>/utdrag")
@requires(Right.MANAGE_ACCOUNTS)
def account_extract(account_id: int) -> str | Response:
    """Show or hand out what is held on a member of staff."""
    made = extract_account(context.session(), context.clock(), require_actor(), account_id)
    if request.args.get("format") == "json":
        return _as_file(made)
    crumbs = [(_("Konton"), url_for("city.accounts"))]
    return render_template("city/extract/extract.html", made=made, breadcrumbs=crumbs)
