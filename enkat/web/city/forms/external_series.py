"""Forms of series with others' results."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from enkat.services.external_series.keeping import HEADINGS


class SeriesForm(FlaskForm):
    """A survey that somebody else makes."""

    title = StringField(
        _l("Undersökningens namn"),
        description=_l("Till exempel Vad tycker de äldre om äldreomsorgen?"),
        validators=[InputRequired(_l("Skriv vad undersökningen heter.")), Length(max=200)],
    )
    publisher = StringField(
        _l("Vem gör den?"), validators=[InputRequired(_l("Skriv vem som gör undersökningen.")), Length(max=200)]
    )
    source = TextAreaField(
        _l("Källa"),
        description=_l("Var siffrorna är hämtade, vilka som har frågats och vad som skiljer den från stadens egen."),
        validators=[InputRequired(_l("Skriv var siffrorna är hämtade och vilka som har frågats."))],
    )


class FiguresForm(FlaskForm):
    """A file with figures of a series."""

    file = FileField(
        _l("Fil med resultat"),
        description=_l("CSV eller Excel, en rad per resultat. Kolumner: %(headings)s.", headings=", ".join(HEADINGS)),
        validators=[FileRequired(_l("Välj en fil."))],
        render_kw={"accept": ".csv,.txt,.xlsx"},
    )
