"""What worried those who asked or keyed, before the lex Sarah function."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from enkat.services.accounts.rights import Right
from enkat.services.concerns import receiving
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.shared.access import requires
from enkat.web.shared.login import require_actor


@blueprint.get("/oro")
@requires(Right.HANDLE_CONCERNS)
def concerns() -> str:
    """List every concern, what waits first."""
    return render_template("city/concerns/list.html", found=receiving.concerns(context.session()))


@blueprint.post("/oro/<int:concern_id>")
@requires(Right.HANDLE_CONCERNS)
def concern_receive(concern_id: int) -> Response:
    """Receive a concern."""
    receiving.receive_concern(context.session(), context.clock(), concern_id, account_id=require_actor().account_id)
    flash(_("Du har tagit emot oron. Följ kommunens rutin för lex Sarah."), "good")
    return redirect(url_for("city.concerns"))
