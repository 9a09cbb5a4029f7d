"""Pages for what went wrong: a plain sentence and the next step, never a traceback."""

import logging

from flask import Flask, g, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from enkat.records.writing import DatabaseBusyError
from enkat.services.faults import BusyFault, Fault, NotFoundFault
from enkat.web.extensions import db
from enkat.web.shared import csrf
from enkat.web.shared.languages import gettext as _

STAFF_PREFIXES = ("/stad", "/utforare", "/papper")
RETRY_SECONDS = 5

_log = logging.getLogger("enkat.web")


def _for_staff() -> bool:
    return any(request.path == prefix or request.path.startswith(f"{prefix}/") for prefix in STAFF_PREFIXES)


def page(status: int, heading: str, sentence: str, *, again: bool = False) -> tuple[str, int]:
    """Return an error page; with `again` it offers to send once more what a respondent had posted."""
    if _for_staff():
        return render_template("shared/error.html", heading=heading, sentence=sentence), status
    fields = csrf.retry_fields() if again and request.method == "POST" else None
    return render_template("shared/respondent_error.html", heading=heading, sentence=sentence, fields=fields), status


def _http_error(error: HTTPException) -> tuple[str, int]:
    sentences = {
        404: (_("Sidan finns inte"), _("Är adressen rätt? Titta en gång till, eller gå till start.")),
        405: (_("Sidan finns inte"), _("Gå tillbaka och försök igen.")),
        413: (_("Det är för mycket att ta emot"), _("Välj en mindre fil, eller skriv kortare.")),
    }
    if _for_staff():
        sentences[403] = (_("Du har inte rätt till sidan"), _("Be den som sköter konton om hjälp."))
    else:
        sentences[403] = (_("Sidan går inte att visa"), _("Gå till startsidan och börja där."))
    code = error.code or InternalServerError.code
    if code >= InternalServerError.code:
        db.session.rollback()
        return page(
            code, _("Något gick fel hos oss"), _("Det du har svarat är kvar. Försök igen om en stund."), again=True
        )
    return page(code, *sentences.get(code, (_("Något gick fel"), _("Försök igen om en stund."))))


def _busy(_error: Exception) -> tuple[str, int, dict[str, str]]:
    db.session.rollback()
    heading = _("Just nu är det många på sidan")
    made = page(503, heading, _("Inget har gått förlorat. Försök igen om en stund."), again=True)
    return *made, {"Retry-After": str(RETRY_SECONDS)}


def _cannot_store(error: Exception) -> tuple[str, int, dict[str, str]]:
    """Tell of a full disk or a database that does not answer."""
    _log.error("%s at %s: the database or the disk does not take more", type(error).__name__, request.path)
    db.session.rollback()
    g.enkat_database_silent = True
    heading = _("Just nu går det inte att spara")
    made = page(503, heading, _("Det du redan har sparat är kvar. Försök igen om en stund."), again=True)
    return *made, {"Retry-After": str(RETRY_SECONDS)}


def _fault(error: Fault) -> tuple[str, int]:
    db.session.rollback()
    return page(404 if isinstance(error, NotFoundFault) else 409, _("Det gick inte"), _(error.sentence))


def init_app(app: Flask) -> None:
    """Attach the error pages."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DatabaseBusyError, _busy)
    app.register_error_handler(BusyFault, _busy)
    app.register_error_handler(OperationalError, _cannot_store)
    app.register_error_handler(OSError, _cannot_store)
    app.register_error_handler(Fault, _fault)
