"""Reading register files: upload, which column is which, rows with their faults, decide."""

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from enkat.records.imports import ImportBatch, ImportKind, ImportRow, ImportState, RowState, row_counts, rows_of
from enkat.records.jobs import Job
from enkat.services.accounts.rights import Actor, Right
from enkat.services.faults import Fault, NotFoundFault
from enkat.services.register import applying, queueing, staging
from enkat.services.register.checking import row_label
from enkat.services.register.columns import COLUMNS, missing_columns
from enkat.services.register.previewing import examples, novelties, shown_cells, shown_faults
from enkat.services.register.searching import sees_protected
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.register import KIND_LABELS, UploadForm, mapping_form, row_form, unused_headings
from enkat.web.shared import login
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell
from enkat.web.shared.paging import PAGE_SIZE, Page, page_number

STATE_TAGS = {
    RowState.NEW: ("info", "Ny"),
    RowState.CHANGED: ("warning", "Ändrad"),
    RowState.SAME: ("neutral", "Oförändrad"),
    RowState.FAULTY: ("bad", "Fel"),
    RowState.LEFT_OUT: ("neutral", "Utanför"),
}
BATCH_TAGS = {
    ImportState.READING: ("info", "Läses in"),
    ImportState.STAGED: ("warning", "Väntar på beslut"),
    ImportState.APPLIED: ("good", "Införd"),
    ImportState.ABANDONED: ("neutral", "Avbruten"),
}
LIST_FIELDS = {
    ImportKind.CLIENTS: ("reference", "name", "unit", "services", "sex", "birth_year"),
    ImportKind.UNITS: ("code", "name", "provider", "district", "operating_form", "valid_from"),
}


def manager() -> Actor:
    """Return who acts; the register is changed for the whole city only."""
    actor = login.require_actor()
    if not actor.may(Right.MANAGE_REGISTER):
        abort(403)
    return actor


def _crumbs(batch: ImportBatch | None = None) -> list[tuple[str, str]]:
    crumbs = [(_("Register"), url_for("city.register")), (_("Inlästa filer"), url_for("city.register_imports"))]
    if batch is not None:
        crumbs.append((batch.file_name, url_for("city.register_import", batch_id=batch.id)))
    return crumbs


def import_address(batch: ImportBatch) -> str:
    """Return the address of what a file needs next."""
    asks = batch.state is ImportState.STAGED and missing_columns(batch.kind, batch.mapping)
    return url_for("city.register_mapping" if asks else "city.register_import", batch_id=batch.id)


def _followed(job: Job) -> Response:
    return redirect(url_for("city.job", job_id=job.id))


def _staged(batch_id: int) -> ImportBatch:
    batch = staging.find_batch(context.session(), batch_id)
    if batch.state is not ImportState.STAGED:
        raise Fault(_("Filen är redan införd eller avbruten. Läs in den på nytt om något ska ändras."))
    return batch


@blueprint.get("/register/filer")
@requires(Right.MANAGE_REGISTER)
def register_imports() -> str:
    """List the files that were read, the newest first."""
    manager()
    session, number = context.session(), page_number()
    total = session.scalar(select(func.count()).select_from(ImportBatch)) or 0
    query = select(ImportBatch).order_by(ImportBatch.id.desc()).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    page = Page(session.scalars(query).all(), number, total)
    crumbs = _crumbs()[:1]
    return render_template("city/imports/list.html", page=page, tags=BATCH_TAGS, kinds=KIND_LABELS, breadcrumbs=crumbs)


@blueprint.route("/register/las-in", methods=["GET", "POST"])
@requires(Right.MANAGE_REGISTER)
def register_upload() -> str | Response:
    """Take a file, read it and keep its rows, checked but not applied."""
    actor = manager()
    form = UploadForm(kind=request.args.get("kind"))
    if form.validate_on_submit():
        try:
            batch = staging.stage_file(
                context.session(),
                context.clock(),
                kind=ImportKind(form.kind.data),
                file_name=form.file.data.filename or "",
                content=form.file.data.read(),
                account_id=actor.account_id,
                complete_list=bool(form.complete_list.data),
                unchecked_from=queueing.LARGE,
            )
        except Fault as fault:
            tell(form, fault)
        else:
            if batch.state is ImportState.READING:
                return _followed(queueing.queue_check(context.session(), context.clock(), batch.id, actor.account_id))
            return redirect(import_address(batch))
    return render_template("city/imports/upload.html", form=form, columns=COLUMNS, breadcrumbs=_crumbs())


@blueprint.get("/register/filer/<int:batch_id>")
@requires(Right.MANAGE_REGISTER)
def register_import(batch_id: int) -> str:
    """Show a file's rows with what they would do, by state and by words."""
    actor, session = manager(), context.session()
    batch = staging.find_batch(session, batch_id)
    working = queueing.running_job(session, batch_id)
    if batch.state is not ImportState.STAGED or working is not None:
        return render_template(
            "city/imports/decided.html",
            batch=batch,
            working=working,
            tags=BATCH_TAGS,
            kinds=KIND_LABELS,
            breadcrumbs=_crumbs(),
        )
    counts = row_counts(session, batch_id)
    wanted = request.args.get("state", "faulty" if counts[RowState.FAULTY] else "")
    state = RowState(wanted) if wanted in {one.value for one in RowState} else None
    query, number = rows_of(batch_id, state=state, text=request.args.get("q", "")), page_number()
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = session.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    fields = [column for column in COLUMNS[batch.kind] if column.field in LIST_FIELDS[batch.kind]]
    return render_template(
        "city/imports/rows.html",
        batch=batch,
        counts=counts,
        state=state,
        missing=missing_columns(batch.kind, batch.mapping),
        page=Page(rows, number, total),
        fields=fields,
        shown={row.id: shown_cells(batch, row, allowed=sees_protected(actor)) for row in rows},
        faults={row.id: shown_faults(row, allowed=sees_protected(actor)) for row in rows},
        row_label=row_label,
        tags=STATE_TAGS,
        kinds=KIND_LABELS,
        breadcrumbs=_crumbs(),
    )


@blueprint.route("/register/filer/<int:batch_id>/kolumner", methods=["GET", "POST"])
@requires(Right.MANAGE_REGISTER)
def register_mapping(batch_id: int) -> str | Response:
    """Ask which column of the file is which."""
    actor, session, batch = manager(), context.session(), _staged(batch_id)
    form = mapping_form(batch)
    if form.validate_on_submit():
        chosen = {column.field: form[column.field].data or "" for column in COLUMNS[batch.kind]}
        try:
            large = queueing.is_large(session, batch_id)
            if large:
                staging.choose_columns(session, batch_id, chosen)
            else:
                staging.set_mapping(session, context.clock(), batch_id, chosen)
        except Fault as fault:
            tell(form, fault)
        else:
            missing = missing_columns(batch.kind, {name: heading for name, heading in chosen.items() if heading})
            if not missing and large:
                return _followed(queueing.queue_check(session, context.clock(), batch_id, actor.account_id))
            if not missing:
                flash(_("Kolumnerna är sparade och raderna kontrollerade på nytt."), "good")
                return redirect(url_for("city.register_import", batch_id=batch_id))
            for column in missing:
                form[column.field].errors = [_("Välj vilken kolumn som innehåller %(name)s.", name=column.heading)]
    return render_template(
        "city/imports/mapping.html",
        form=form,
        batch=batch,
        columns=COLUMNS[batch.kind],
        missing=missing_columns(batch.kind, batch.mapping),
        unused=[heading for heading in batch.headings if heading not in batch.mapping.values()],
        examples=examples(session, batch),
        breadcrumbs=_crumbs(batch),
    )


@blueprint.post("/register/filer/<int:batch_id>/kolumner/ta-bort")
@requires(Right.MANAGE_REGISTER)
def register_drop_columns(batch_id: int) -> Response:
    """Forget the columns that are not used."""
    manager()
    dropped = staging.drop_unused_columns(context.session(), context.clock(), batch_id)
    flash(_("Borttaget: %(names)s.", names=", ".join(dropped) or _("inget")), "good")
    return redirect(url_for("city.register_import", batch_id=batch_id))


def _row(batch: ImportBatch, row_number: int) -> ImportRow:
    query = rows_of(batch.id).where(ImportRow.row_number == row_number)
    row = context.session().scalars(query).one_or_none()
    if row is None:
        raise NotFoundFault(_("Raden finns inte i filen."))
    return row


@blueprint.route("/register/filer/<int:batch_id>/rader/<int:row_number>", methods=["GET", "POST"])
@requires(Right.MANAGE_REGISTER)
def register_row(batch_id: int, row_number: int) -> str | Response:
    """Show a row and correct it in place."""
    actor, session, batch = manager(), context.session(), _staged(batch_id)
    row = _row(batch, row_number)
    hidden = row.protected and not sees_protected(actor)
    form = row_form(batch, row, hidden=hidden)
    if form.validate_on_submit():
        staging.correct_row(session, context.clock(), batch_id, row_number, _corrections(batch, row, form.data, hidden))
        row = _row(batch, row_number)
        if row.state is not RowState.FAULTY:
            flash(_("Rad %(number)s är rättad.", number=row_number), "good")
            return redirect(url_for("city.register_import", batch_id=batch_id))
        form = row_form(batch, row, hidden=hidden, as_stored=True)
    for fault in shown_faults(row, allowed=not hidden):
        names = {heading: f"unused{number}" for number, heading in enumerate(unused_headings(batch, row.cells))}
        tell(form, Fault(fault["sentence"], names.get(fault["field"], fault["field"])))
    return render_template(
        "city/imports/row.html",
        form=form,
        batch=batch,
        row=row,
        tags=STATE_TAGS,
        breadcrumbs=_crumbs(batch),
        skip={"csrf_token", "submit"},
    )


def _corrections(batch: ImportBatch, row: ImportRow, data: Mapping[str, str], hidden: bool) -> dict[str, str]:
    """Return the values that were given, by field or heading; empty ones of hidden fields are left as they were."""
    given = {}
    for column in COLUMNS[batch.kind]:
        if column.field in data and not (hidden and column.personal and not data[column.field]):
            given[column.field] = data[column.field] or ""
    for number, heading in enumerate(unused_headings(batch, row.cells)):
        if f"unused{number}" in data:
            given[heading] = data[f"unused{number}"] or ""
    return given


@blueprint.post("/register/filer/<int:batch_id>/rader/<int:row_number>/utanfor")
@requires(Right.MANAGE_REGISTER)
def register_leave_out(batch_id: int, row_number: int) -> Response:
    """Leave a row out."""
    manager()
    staging.leave_out(context.session(), context.clock(), batch_id, row_number)
    flash(_("Rad %(number)s lämnas utanför. Du kan ta med den igen.", number=row_number), "good")
    return redirect(url_for("city.register_import", batch_id=batch_id))


@blueprint.post("/register/filer/<int:batch_id>/rader/<int:row_number>/ta-med")
@requires(Right.MANAGE_REGISTER)
def register_take_back(batch_id: int, row_number: int) -> Response:
    """Take a row back in."""
    manager()
    staging.take_back_in(context.session(), context.clock(), batch_id, row_number)
    flash(_("Rad %(number)s är med igen.", number=row_number), "good")
    return redirect(url_for("city.register_import", batch_id=batch_id))


@blueprint.route("/register/filer/<int:batch_id>/infor", methods=["GET", "POST"])
@requires(Right.MANAGE_REGISTER)
def register_apply(batch_id: int) -> str | Response:
    """Tell what the file would change, and apply it."""
    actor, session, clock, batch = manager(), context.session(), context.clock(), _staged(batch_id)
    if request.method == "POST" and queueing.is_large(session, batch_id):
        return _followed(queueing.queue_application(session, clock, batch_id, actor.account_id))
    if request.method == "POST":
        try:
            summary = applying.apply_import(session, clock, batch_id, actor.account_id)
        except Fault as fault:
            flash(fault.sentence, "warning")
            return redirect(url_for("city.register_import", batch_id=batch_id))
        flash(_told(summary), "good")
        return redirect(url_for("city.register"))
    return render_template(
        "city/imports/apply.html",
        batch=batch,
        counts=row_counts(session, batch_id),
        departures=applying.departures(session, clock, batch_id),
        novelties=novelties(session, batch),
        kinds=KIND_LABELS,
        breadcrumbs=_crumbs(batch),
    )


def _told(summary: applying.ImportSummary) -> str:
    parts = [
        ngettext("%(num)s ny", "%(num)s nya", summary.new),
        ngettext("%(num)s ändrad", "%(num)s ändrade", summary.changed),
        ngettext("%(num)s oförändrad", "%(num)s oförändrade", summary.same),
    ]
    if summary.left_out:
        parts.append(ngettext("%(num)s rad utanför", "%(num)s rader utanför", summary.left_out))
    if summary.departed:
        parts.append(_("%(num)s har lämnat registret", num=summary.departed))
    return str(_("Filen är införd: %(parts)s.", parts=", ".join(parts)))


@blueprint.post("/register/filer/<int:batch_id>/hela-registret")
@requires(Right.MANAGE_REGISTER)
def register_complete_list(batch_id: int) -> Response:
    """Change whether the file is the whole register."""
    manager()
    wanted = request.form.get("complete") == "ja"
    staging.set_complete_list(context.session(), batch_id, complete_list=wanted)
    return redirect(url_for("city.register_apply", batch_id=batch_id))


@blueprint.route("/register/filer/<int:batch_id>/avbryt", methods=["GET", "POST"])
@requires(Right.MANAGE_REGISTER)
def register_abandon(batch_id: int) -> str | Response:
    """Ask, then give the file up and erase its rows."""
    actor, batch = manager(), _staged(batch_id)
    if request.method == "POST":
        staging.abandon(context.session(), context.clock(), batch_id, actor.account_id)
        flash(_("Inläsningen är avbruten. Inget är ändrat i registret."), "good")
        return redirect(url_for("city.register_imports"))
    return render_template("city/imports/abandon.html", batch=batch, breadcrumbs=_crumbs(batch))
