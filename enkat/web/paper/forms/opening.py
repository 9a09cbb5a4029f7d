"""Forms of the opening desk."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired

CODE = {"autocomplete": "off", "inputmode": "text", "spellcheck": "false"}


class ScanForm(FlaskForm):
    """A sheet's code, by scanner or by hand."""

    code = StringField(
        _l("Kod på bladet"),
        description=_l("Läs av rutan med streckmönster, eller skriv de 16 siffrorna och tryck Enter."),
        validators=[InputRequired(_l("Läs av bladet, eller skriv koden."))],
        render_kw=CODE,
    )


class UncodedForm(FlaskForm):
    """A sheet without a code, by the unit's mark."""

    unit = StringField(
        _l("Enhetens märke"),
        description=_l("Det står efter ordet Enhet, längst ner på bladet."),
        validators=[InputRequired(_l("Skriv märket som står på bladet."))],
        render_kw={"autocomplete": "off", "class": "short"},
    )
