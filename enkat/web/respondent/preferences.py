"""Language and face (plain or easy to read): chosen by a button on any page, kept in cookies, saved with the draft."""

from flask import request
from werkzeug.wrappers import Response

from enkat.languages import LANGUAGES
from enkat.web.security import cookie_name, set_cookie
from enkat.web.shared import languages

FACE_COOKIE = "enkat_face"
FACE_CHOICE = "show_face"
FACES = ("plain", "easy")


def chosen_face() -> str | None:
    """Return the face that this very request chooses; None when it chooses none."""
    wanted = request.form.get(FACE_CHOICE) if request.method == "POST" else None
    return wanted if wanted in FACES else None


def face() -> str:
    """Return the face that pages are shown in."""
    wanted = chosen_face() or request.cookies.get(cookie_name(FACE_COOKIE), "")
    return wanted if wanted in FACES else "plain"


def language() -> str:
    """Return the code of the language that pages are shown in."""
    return languages.selected_language()


def is_switch() -> bool:
    """Whether the form was sent by a button that changes language or face."""
    return languages.CHOICE in request.form or FACE_CHOICE in request.form


def remember(response: Response, lang: str | None, wanted_face: str | None) -> Response:
    """Keep a choice in the browser until it is closed."""
    if lang in LANGUAGES:
        set_cookie(response, languages.COOKIE, lang)
    if wanted_face in FACES:
        set_cookie(response, FACE_COOKIE, wanted_face)
    return response


def remember_choice(response: Response) -> Response:
    """Keep what this request chose; called after every page."""
    return remember(response, languages.chosen(), chosen_face())
