"""Pages for what went wrong: a plain sentence and the next step, never a traceback."""

from flask import Flask, render_template
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from enkat.records.writing import DatabaseBusyError
from enkat.services.faults import BusyFault, Fault, NotFoundFault


def _page(status: int, heading: str, sentence: str) -> tuple[str, int]:
    return render_template("shared/error.html", heading=heading, sentence=sentence), status


def _http_error(error: HTTPException) -> tuple[str, int]:
    sentences = {
        403: (_("Du har inte rätt till sidan"), _("Be den som sköter konton om hjälp.")),
        404: (_("Sidan finns inte"), _("Kontrollera adressen, eller gå till startsidan.")),
        405: (_("Sidan finns inte"), _("Gå tillbaka och försök igen.")),
        413: (_("Filen är för stor"), _("Välj en mindre fil.")),
    }
    code = error.code or 500
    default = (_("Något gick fel"), _("Försök igen om en stund."))
    return _page(code, *sentences.get(code, default))


def _busy(_error: Exception) -> tuple[str, int, dict[str, str]]:
    heading = _("Just nu är det många på sidan")
    return *_page(503, heading, _("Inget har gått förlorat. Försök igen om en stund.")), {"Retry-After": "5"}


def _fault(error: Fault) -> tuple[str, int]:
    status = 404 if isinstance(error, NotFoundFault) else 409
    return _page(status, _("Det gick inte"), error.sentence)


def init_app(app: Flask) -> None:
    """Attach the error pages."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DatabaseBusyError, _busy)
    app.register_error_handler(BusyFault, _busy)
    app.register_error_handler(Fault, _fault)
