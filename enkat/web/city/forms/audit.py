"""The log's filter."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SearchField, SelectField
from wtforms.validators import Optional


class LogFilterForm(FlaskForm):
    """What to show of the log; sent as a query, so it needs no token."""

    class Meta:
        """No token: nothing is changed."""

        csrf = False

    q = SearchField(_l("Sök"), render_kw={"autocomplete": "off"})
    action = SelectField(_l("Händelse"), validate_choice=False)
    first_day = DateField(_l("Från och med"), validators=[Optional()])
    last_day = DateField(_l("Till och med"), validators=[Optional()])
