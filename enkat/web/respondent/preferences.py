"""Language, face (plain or easy to read) and pictures: chosen by a button on any page, kept in cookies.

Language and face are saved with the draft, too.
"""

from flask import request
from werkzeug.wrappers import Response

from enkat.languages import LANGUAGES
from enkat.web.security import cookie_name, set_cookie
from enkat.web.shared import languages

FACE_COOKIE = "enkat_face"
FACE_CHOICE = "show_face"
FACES = ("plain", "easy")
PICTURES_COOKIE = "enkat_pictures"
PICTURES_CHOICE = "show_pictures"
WITH, WITHOUT = "with", "without"


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


def chosen_pictures() -> str | None:
    """Return the word on pictures that this very request gives; None when it gives none."""
    wanted = request.form.get(PICTURES_CHOICE) if request.method == "POST" else None
    return wanted if wanted in {WITH, WITHOUT} else None


def pictures() -> bool:
    """Whether pictures stand beside the words."""
    return (chosen_pictures() or request.cookies.get(cookie_name(PICTURES_COOKIE), "")) == WITH


def is_switch() -> bool:
    """Whether the form was sent by a button that changes how pages are shown."""
    return bool({languages.CHOICE, FACE_CHOICE, PICTURES_CHOICE} & set(request.form))


def remember(response: Response, lang: str | None, wanted_face: str | None) -> Response:
    """Keep a choice in the browser until it is closed."""
    if lang in LANGUAGES:
        set_cookie(response, languages.COOKIE, lang)
    if wanted_face in FACES:
        set_cookie(response, FACE_COOKIE, wanted_face)
    return response


def remember_choice(response: Response) -> Response:
    """Keep what this request chose; called after every page."""
    wanted = chosen_pictures()
    if wanted is not None:
        set_cookie(response, PICTURES_COOKIE, wanted)
    return remember(response, languages.chosen(), chosen_face())
