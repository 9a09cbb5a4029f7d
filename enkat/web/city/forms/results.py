"""Forms on the pages of results."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, StringField, SubmitField
from wtforms.validators import Length

from enkat.records.releases import ReleaseLevel
from enkat.web.city.forms.register import TickBoxes


class ExportForm(FlaskForm):
    """Which file to make."""

    level = RadioField(
        _l("Vem ska ha filen?"),
        choices=[
            SelectChoice(ReleaseLevel.INTERNAL.value, _l("Internt. Siffror för små grupper döljs")),
            SelectChoice(ReleaseLevel.PUBLIC.value, _l("Öppet för alla. Hela procent, fler små grupper döljs")),
            SelectChoice(ReleaseLevel.ANALYST.value, _l("Analytiker. Alla siffror, omfattas av sekretess")),
        ],
        default=ReleaseLevel.INTERNAL.value,
    )
    file_format = RadioField(
        _l("Format"),
        choices=[
            SelectChoice("xlsx", _l("Excel (xlsx)")),
            SelectChoice("csv-sv", _l("CSV för svenska program (semikolon, decimalkomma)")),
            SelectChoice("csv", _l("CSV för statistikprogram (komma, decimalpunkt)")),
            SelectChoice("sav", _l("SPSS (sav)")),
            SelectChoice("json", _l("JSON")),
        ],
        default="xlsx",
    )
    breakdowns = TickBoxes(
        _l("Dela upp efter"),
        description=_l("Det som står i omgångens redovisningsplan. Utan kryss: bara staden, stadsdelar och enheter."),
        validate_choice=False,
    )
    reason = StringField(
        _l("Varför uppgifterna har ändrats"),
        description=_l("Bara när siffrorna har ändrats sedan förra utlämnandet. Då blir det en rättad utgåva."),
        validators=[Length(max=500)],
    )
    submit = SubmitField(_l("Hämta filen"))


class AnswersForm(FlaskForm):
    """In which format the answer file is wanted."""

    file_format = RadioField(
        _l("Format"),
        choices=[
            SelectChoice("xlsx", _l("Excel (xlsx)")),
            SelectChoice("csv-sv", _l("CSV för svenska program")),
            SelectChoice("csv", _l("CSV för statistikprogram")),
            SelectChoice("sav", _l("SPSS (sav)")),
        ],
        default="csv-sv",
    )
    submit = SubmitField(_l("Hämta svarsfilen"))
