"""After an interview, or in the middle of one: nothing of it stays in the browser."""

from flask import flash, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from enkat.services.accounts import sessions
from enkat.services.accounts.rights import Right
from enkat.services.interviews.interviewing import abandon
from enkat.web import context
from enkat.web.interviewer import held
from enkat.web.interviewer.blueprint import blueprint
from enkat.web.security import delete_cookie
from enkat.web.shared import answer_cookie, languages, login
from enkat.web.shared.access import open_to_all, requires
from enkat.web.shared.languages import gettext as _

FACE_COOKIE = "enkat_face"


def _wipe(response: Response) -> Response:
    held.forget(response)
    answer_cookie.forget(response)
    for name in (languages.COOKIE, FACE_COOKIE):
        delete_cookie(response, name)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.post("/avbryt")
@requires(Right.INTERVIEW)
def break_off() -> Response:
    """Forget an interview that was broken off; what came of it can be noted in the list."""
    found = held.read()
    tablet = found is not None and found.tablet
    if found is not None and found.begun is not None:
        abandon(context.session(), found.begun)
        flash(_("Intervjun är avbruten. Det som hann sägas är borttaget."), "info")
    return _wipe(_log_out() if tablet else redirect(url_for("interviewer.start"), code=303))


@blueprint.post("/ny-person")
@requires(Right.INTERVIEW)
def next_person() -> Response:
    """Make ready for somebody else; a tablet that was lent logs its interviewer out, so that no list can be seen."""
    found = held.read()
    if found is not None and found.begun is not None:
        return redirect(url_for("interviewer.before"), code=303)
    tablet = found is not None and found.tablet
    return _wipe(_log_out() if tablet else redirect(url_for("interviewer.start"), code=303))


def _log_out() -> Response:
    token = login.current_token()
    if token is not None:
        sessions.end_session(context.session(), token)
    session.clear()
    return login.forget(redirect(url_for("interviewer.wiped"), code=303))


@blueprint.get("/tom")
@open_to_all
def wiped() -> str:
    """Say that the tablet holds nothing more."""
    return render_template("interviewer/wiped.html")
