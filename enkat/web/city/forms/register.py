"""Forms of the register: upload, mapping, a row's correction, units, successions, providers, districts."""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, EmailField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from enkat.instruments.vocabulary import CLIENT_SERVICES
from enkat.records.imports import ImportBatch, ImportKind, ImportRow
from enkat.records.organisations import OperatingForm, SuccessionKind
from enkat.services.register.columns import COLUMNS
from enkat.services.register.reading import OVERFLOW

KIND_LABELS = {ImportKind.UNITS: _l("Enheter"), ImportKind.CLIENTS: _l("Personer")}


class TickBoxes(SelectMultipleField):
    """Several choices as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class UploadForm(FlaskForm):
    """A register file."""

    kind = RadioField(
        _l("Vad innehåller filen?"),
        choices=[SelectChoice(kind.value, label) for kind, label in KIND_LABELS.items()],
        validators=[InputRequired(_l("Välj vad filen innehåller."))],
    )
    file = FileField(
        _l("Fil"),
        description=_l("CSV eller Excel (XLSX), högst 20 MB. Filens första rad ska vara rubriker."),
        validators=[FileRequired(_l("Välj en fil."))],
        render_kw={"accept": ".csv,.txt,.xlsx"},
    )
    complete_list = BooleanField(
        _l("Filen är hela registret"),
        description=_l(
            "De som saknas i filen räknas då som att de har lämnat registret. Du ser hur många innan du bestämmer."
        ),
    )


class RowForm(FlaskForm):
    """The values of a row; its fields are made by `row_form`."""


def unused_headings(batch: ImportBatch, cells: Mapping[str, str]) -> list[str]:
    """Return the headings of a row that no field uses."""
    used = set(batch.mapping.values())
    return [heading for heading in cells if heading not in used]


def row_form(batch: ImportBatch, row: ImportRow, *, hidden: bool, as_stored: bool = False) -> FlaskForm:
    """Return a form with a field for each column of the file; `hidden` ones of a protected person are empty.

    `as_stored` shows what is stored instead of what was typed, for a typed personal number is never shown again.
    """
    made = type("MadeRowForm", (RowForm,), {})
    data: dict[str, str] = {}
    faulty = {fault["field"] for fault in row.faults}
    for column in COLUMNS[batch.kind]:
        heading = batch.mapping.get(column.field)
        if heading is None:
            continue
        covered = hidden and column.personal
        hint = _l("Dolt: skyddad identitet. Lämna tomt för att behålla värdet.") if covered else column.hint
        setattr(made, column.field, StringField(column.heading, description=hint, validators=[Length(max=2000)]))
        data[column.field] = "" if covered else row.cells.get(heading, "")
    for number, heading in enumerate(unused_headings(batch, row.cells)):
        if heading in faulty or heading == OVERFLOW:
            setattr(made, f"unused{number}", StringField(heading, validators=[Length(max=2000)]))
            data[f"unused{number}"] = row.cells[heading]
    form: FlaskForm = made(formdata=None, data=data) if as_stored else made(data=data)
    return form


def mapping_form(batch: ImportBatch) -> FlaskForm:
    """Return a form that asks, for each field, which of the file's columns holds it."""
    made = type("MappingForm", (FlaskForm,), {})
    choices = [SelectChoice("", _l("Finns inte i filen")), *(SelectChoice(heading) for heading in batch.headings)]
    for column in COLUMNS[batch.kind]:
        label = column.heading if column.needed else _l("%(heading)s (frivillig)", heading=column.heading)
        setattr(made, column.field, SelectField(label, description=column.hint, choices=choices))
    form: FlaskForm = made(data={**{column.field: "" for column in COLUMNS[batch.kind]}, **batch.mapping})
    return form


class UnitForm(FlaskForm):
    """What a unit is from a day."""

    code = StringField(
        _l("Kod"),
        description=_l("Enhetens kod i registerfilerna. Den ändras aldrig."),
        validators=[InputRequired(_l("Skriv enhetens kod.")), Length(max=20)],
        render_kw={"class": "short"},
    )
    valid_from = DateField(
        _l("Gäller från"), validators=[InputRequired(_l("Skriv från vilken dag uppgifterna gäller."))]
    )
    valid_to = DateField(
        _l("Gäller till och med"), description=_l("Lämna tomt om enheten finns kvar."), validators=[Optional()]
    )
    name = StringField(_l("Namn"), validators=[InputRequired(_l("Skriv enhetens namn.")), Length(max=200)])
    provider = StringField(_l("Utförare"), validators=[InputRequired(_l("Skriv utförarens namn.")), Length(max=200)])
    organisation_number = StringField(
        _l("Utförarens organisationsnummer"),
        description=_l("Tio siffror, till exempel 212000-0001."),
        validators=[InputRequired(_l("Skriv organisationsnumret.")), Length(max=20)],
        render_kw={"class": "short"},
    )
    district = StringField(_l("Stadsdel"), validators=[InputRequired(_l("Skriv stadsdelen.")), Length(max=100)])
    operating_form = RadioField(
        _l("Regiform"),
        choices=[SelectChoice(one.value, one.label) for one in OperatingForm],
        validators=[InputRequired(_l("Välj regiform."))],
    )
    services = TickBoxes(_l("Insatser"), choices=[SelectChoice(one.value, one.label) for one in CLIENT_SERVICES])
    manager_email = EmailField(_l("Enhetschefens e-post"), validators=[Optional(), Length(max=254)])


class SuccessionForm(FlaskForm):
    """Which units ended and which took over."""

    kind = RadioField(
        _l("Vad hände?"),
        choices=[
            SelectChoice(SuccessionKind.REPLACED.value, _l("En enhet ersattes av en annan")),
            SelectChoice(SuccessionKind.MERGED.value, _l("Enheter slogs ihop till en")),
            SelectChoice(SuccessionKind.SPLIT.value, _l("En enhet delades i flera")),
        ],
        validators=[InputRequired(_l("Välj vad som hände."))],
    )
    happened_on = DateField(
        _l("Från och med"),
        description=_l("Den första dagen med den nya enheten. De gamla enheterna upphör dagen före."),
        validators=[InputRequired(_l("Skriv från vilken dag."))],
    )
    predecessors = TickBoxes(_l("Enheter som upphörde"))
    successors = TickBoxes(_l("Enheter som tog vid"))

    def offer(self, units: Sequence[tuple[str, str]]) -> None:
        """Offer these units (code and label) as both."""
        self.predecessors.choices = [SelectChoice(code, label) for code, label in units]
        self.successors.choices = list(self.predecessors.choices)


class ProviderForm(FlaskForm):
    """A provider's name and number."""

    name = StringField(_l("Namn"), validators=[InputRequired(_l("Skriv utförarens namn.")), Length(max=200)])
    organisation_number = StringField(
        _l("Organisationsnummer"),
        validators=[InputRequired(_l("Skriv organisationsnumret.")), Length(max=20)],
        render_kw={"class": "short"},
    )


class DistrictSuccessionForm(FlaskForm):
    """Which districts ended and which one took over."""

    predecessors = TickBoxes(_l("Stadsdelar som upphörde"), coerce=int)
    successor = SelectField(_l("Stadsdel som tog vid"), coerce=int)
    happened_on = DateField(
        _l("Från och med"),
        description=_l("Enheter som finns kvar får den nya stadsdelen från den dagen."),
        validators=[InputRequired(_l("Skriv från vilken dag."))],
    )
