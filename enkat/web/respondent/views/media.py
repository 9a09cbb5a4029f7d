"""Files that the city puts beside a question: a picture, the question read aloud, a film in sign language."""

from flask import abort, send_file
from werkzeug.wrappers import Response

from enkat import paths
from enkat.instruments.checking import SUPPLEMENTS_FOLDER
from enkat.instruments.question import Question
from enkat.web.respondent import preferences
from enkat.web.respondent.blueprint import blueprint
from enkat.web.respondent.journey import open_journey
from enkat.web.shared.access import open_to_all

_AN_HOUR = 3600


def _file_name(question: Question, kind: str, lang: str) -> str | None:
    if kind == "picture":
        return question.media.picture
    return {"sound": question.media.sound, "film": question.media.film}.get(kind, {}).get(lang)


@blueprint.get("/o/<short_name>/fil/<question_id>/<kind>")
@open_to_all
def question_file(short_name: str, question_id: str, kind: str) -> Response:
    """Send a file to somebody who has come to its question."""
    journey = open_journey(short_name)
    found = next((question for question in journey.instrument.questions if question.id == question_id), None)
    name = _file_name(found, kind, found.text(preferences.language(), journey.face).lang) if found else None
    if found is None or name is None:
        abort(404)
    folders = [paths.surveys() / folder for folder in (found.source, SUPPLEMENTS_FOLDER)]
    path = next((folder / name for folder in folders if (folder / name).is_file()), None)
    if path is None:
        abort(404)
    return send_file(path, conditional=True, max_age=_AN_HOUR)
