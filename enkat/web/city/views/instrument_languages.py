"""Which language is complete for which survey, and what a round can promise."""

from flask import render_template, url_for
from flask_babel import gettext as _

from enkat.catalogues import interface_coverage
from enkat.instruments.language_overview import LanguageLine, language_overview
from enkat.languages import Language
from enkat.services.accounts.rights import Right
from enkat.web.city.blueprint import blueprint
from enkat.web.city.views.instruments import read_catalogue
from enkat.web.shared.access import requires


def _by_language(lines: list[LanguageLine]) -> dict[Language, list[LanguageLine]]:
    found: dict[Language, list[LanguageLine]] = {}
    for line in lines:
        found.setdefault(line.language, []).append(line)
    return found


@blueprint.get("/enkater/sprak")
@requires(Right.SEE_INSTRUMENTS)
def instrument_languages() -> str:
    """Show languages by survey and face."""
    languages = _by_language(language_overview(read_catalogue()))
    return render_template(
        "city/instruments/languages.html",
        languages=languages,
        interface={language.code: interface_coverage(language.code) for language in languages},
        breadcrumbs=[(_("Enkäter"), url_for("city.instruments"))],
    )
