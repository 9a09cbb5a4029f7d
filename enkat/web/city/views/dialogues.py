"""Records of dialogue: the list with its filters and file, one record with its history, writing and removing."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse
from wtforms.fields.choices import SelectChoice

from enkat.clock import today
from enkat.languages import sv_key
from enkat.records.dialogues import Dialogue, DialogueFilter, DialogueKind, dialogue_years
from enkat.records.rounds_queries import unit_periods
from enkat.services.accounts.rights import Right
from enkat.services.dialogues import keeping, listing
from enkat.services.dialogues.keeping import DialogueEntry
from enkat.services.faults import Fault
from enkat.services.results.exporting import MEDIA_TYPES
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.dialogues import DialogueForm, RemoveDialogueForm
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell_all
from enkat.web.shared.login import require_actor
from enkat.web.shared.paging import PAGE_SIZE, Page, page_number

Places = list[tuple[int, str]]


def _crumbs(row: Dialogue | None = None) -> list[tuple[str, str]]:
    way = [(_("Dialog"), url_for("city.dialogues"))]
    return way if row is None else [*way, (row.theme, url_for("city.dialogue", dialogue_id=row.id))]


def _places() -> tuple[Places, Places]:
    """Return the districts and units of today that the reader keeps records for."""
    allowed = require_actor().districts(Right.KEEP_DIALOGUES)
    periods = [
        period
        for period in unit_periods(context.session(), today(context.clock())).values()
        if allowed is None or period.district_id in allowed
    ]
    districts = {period.district_id: period.district.name for period in periods}
    units = [(period.unit_id, period.name) for period in periods]
    return sorted(districts.items(), key=lambda one: sv_key(one[1])), sorted(units, key=lambda one: sv_key(one[1]))


def _wanted() -> DialogueFilter:
    """Return what the address asks for; nonsense asks for everything."""
    kind = request.args.get("form", "")
    return DialogueFilter(
        text=request.args.get("q", "").strip(),
        kind=DialogueKind(kind) if kind in set(DialogueKind) else None,
        district_id=request.args.get("stadsdel", type=int),
        year=request.args.get("ar", type=int),
        without_feedback=request.args.get("aterkoppling") == "saknas",
    )


@blueprint.get("/dialog")
@requires(Right.KEEP_DIALOGUES)
def dialogues() -> str:
    """List the records of dialogue, the latest first."""
    session, number, wanted = context.session(), page_number(), _wanted()
    rows, total = listing.list_dialogues(
        session, require_actor(), wanted, first=(number - 1) * PAGE_SIZE, size=PAGE_SIZE
    )
    return render_template(
        "city/dialogues/list.html",
        page=Page(rows, number, total),
        units=listing.unit_names(session, rows),
        wanted=wanted,
        kinds=list(DialogueKind),
        districts=_places()[0],
        years=dialogue_years(session),
    )


@blueprint.get("/dialog/fil.<ending>")
@requires(Right.KEEP_DIALOGUES)
def dialogues_file(ending: str) -> AnyResponse:
    """Hand out the chosen records as a file."""
    chosen: listing.DialogueFormat = "xlsx" if ending == "xlsx" else "csv-sv"
    made = listing.export_dialogues(context.session(), context.clock(), require_actor(), _wanted(), chosen)
    response = Response(made, mimetype=MEDIA_TYPES[chosen])
    name = "xlsx" if chosen == "xlsx" else "csv"
    response.headers["Content-Disposition"] = f'attachment; filename="dialog.{name}"'
    return response


def _form(row: Dialogue | None = None) -> DialogueForm:
    """Return the form with the places that the writer may choose, and what a record says."""
    values: dict[str, Any] = {} if row is None else {name: getattr(row, name) for name in ENTRY}
    form = DialogueForm(data=values)
    districts, units = _places()
    whole = [SelectChoice("", _("Hela staden"))] if require_actor().may(Right.KEEP_DIALOGUES) else []
    form.district_id.choices = [*whole, *(SelectChoice(str(key), name) for key, name in districts)]
    form.unit_id.choices = [
        SelectChoice("", _("Ingen enskild")),
        *(SelectChoice(str(key), name) for key, name in units),
    ]
    return form


ENTRY = tuple(DialogueEntry.__dataclass_fields__)


def _entry(form: DialogueForm) -> DialogueEntry:
    values = {name: form[name].data for name in ENTRY}
    return DialogueEntry(**{
        **values,
        "kind": DialogueKind(form.kind.data),
        "district_id": int(form.district_id.data) if form.district_id.data else None,
        "unit_id": int(form.unit_id.data) if form.unit_id.data else None,
        "feedback": form.feedback.data or "",
    })  # fmt: skip


@blueprint.route("/dialog/ny", methods=["GET", "POST"])
@requires(Right.KEEP_DIALOGUES)
def dialogue_new() -> str | AnyResponse:
    """Write a new record."""
    form = _form()
    if form.validate_on_submit():
        try:
            made = keeping.add_dialogue(
                context.session(), context.clock(), require_actor(), _entry(form), certain=form.certain.data
            )
        except Fault as fault:
            tell_all(form, fault)
        else:
            flash(_("Anteckningen är sparad."), "good")
            return redirect(url_for("city.dialogue", dialogue_id=made.id))
    return render_template("city/dialogues/edit.html", form=form, row=None, breadcrumbs=_crumbs())


@blueprint.get("/dialog/<int:dialogue_id>")
@requires(Right.KEEP_DIALOGUES)
def dialogue(dialogue_id: int) -> str:
    """Show a record and what it said before."""
    session = context.session()
    row = keeping.get_dialogue(session, require_actor(), dialogue_id)
    return render_template(
        "city/dialogues/show.html",
        row=row,
        unit=listing.unit_names(session, [row]).get(row.id, ""),
        kinds={kind.value: kind.label for kind in DialogueKind},
        form=RemoveDialogueForm(),
        breadcrumbs=_crumbs(),
    )


@blueprint.route("/dialog/<int:dialogue_id>/andra", methods=["GET", "POST"])
@requires(Right.KEEP_DIALOGUES)
def dialogue_change(dialogue_id: int) -> str | AnyResponse:
    """Change a record; what it said before is kept."""
    session, actor = context.session(), require_actor()
    row = keeping.get_dialogue(session, actor, dialogue_id)
    form = _form(row)
    if form.validate_on_submit():
        try:
            keeping.change_dialogue(
                session, context.clock(), actor, dialogue_id, _entry(form), certain=form.certain.data
            )
        except Fault as fault:
            tell_all(form, fault)
        else:
            flash(_("Anteckningen är ändrad. Det som stod förut finns kvar i historiken."), "good")
            return redirect(url_for("city.dialogue", dialogue_id=dialogue_id))
    return render_template("city/dialogues/edit.html", form=form, row=row, breadcrumbs=_crumbs(row))


@blueprint.post("/dialog/<int:dialogue_id>/ta-bort")
@requires(Right.KEEP_DIALOGUES)
def dialogue_remove(dialogue_id: int) -> str | AnyResponse:
    """Remove a record once that is confirmed."""
    session, actor, form = context.session(), require_actor(), RemoveDialogueForm()
    row = keeping.get_dialogue(session, actor, dialogue_id)
    if not form.validate_on_submit():
        return render_template(
            "city/dialogues/show.html",
            row=row,
            unit=listing.unit_names(session, [row]).get(row.id, ""),
            kinds={kind.value: kind.label for kind in DialogueKind},
            form=form,
            breadcrumbs=_crumbs(),
        )
    keeping.remove_dialogue(session, context.clock(), actor, dialogue_id)
    flash(_("Anteckningen är borttagen."), "good")
    return redirect(url_for("city.dialogues"))
