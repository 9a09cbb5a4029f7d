"""Series of others' results, such as the national survey: the list, one series by year, a file of figures."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from enkat.clock import today
from enkat.instruments.wording import Face
from enkat.languages import sv_key
from enkat.records.external_series import placed_figures, series_with_extent, years_of
from enkat.records.rounds_queries import unit_periods
from enkat.services.accounts.rights import Right
from enkat.services.external_series import keeping
from enkat.services.faults import Fault
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.external_series import FiguresForm, SeriesForm
from enkat.web.city.views.rounds import catalogue
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell_all
from enkat.web.shared.login import require_actor


def _crumbs(title: str = "", series_id: int = 0) -> list[tuple[str, str]]:
    way = [(_("Andras undersökningar"), url_for("city.external_series_list"))]
    return [*way, (title, url_for("city.external_series", series_id=series_id))] if title else way


@blueprint.get("/serier")
@requires(Right.SEE_INTERNAL_RESULTS)
def external_series_list() -> str:
    """List the series with the years that each has."""
    return render_template(
        "city/external_series/list.html",
        series=series_with_extent(context.session()),
        may_manage=require_actor().may(Right.MANAGE_SERIES),
    )


@blueprint.route("/serier/ny", methods=["GET", "POST"])
@requires(Right.MANAGE_SERIES)
def external_series_new() -> str | Response:
    """Begin a series."""
    form = SeriesForm()
    if form.validate_on_submit():
        try:
            made = keeping.add_series(
                context.session(),
                context.clock(),
                title=form.title.data or "",
                publisher=form.publisher.data or "",
                source=form.source.data or "",
                account_id=require_actor().account_id,
            )
        except Fault as fault:
            tell_all(form, fault)
        else:
            flash(_("Serien är sparad. Läs in resultaten."), "good")
            return redirect(url_for("city.external_series", series_id=made.id))
    words = {"heading": _("Lägg till en serie"), "action": _("Spara och fortsätt")}
    return render_template("city/one_form.html", form=form, breadcrumbs=_crumbs(), **words)


@blueprint.get("/serier/<int:series_id>")
@requires(Right.SEE_INTERNAL_RESULTS)
def external_series(series_id: int) -> str:
    """Show a series, one year at a time."""
    return _page(series_id, FiguresForm())


@blueprint.post("/serier/<int:series_id>")
@requires(Right.MANAGE_SERIES)
def external_series_import(series_id: int) -> str | Response:
    """Read a file of figures into a series."""
    session, form = context.session(), FiguresForm()
    if form.validate_on_submit():
        try:
            rows = keeping.read_figures(form.file.data.filename or "", form.file.data.read())
            done = keeping.import_figures(
                session,
                context.clock(),
                series_id,
                rows,
                questions=catalogue().core,
                account_id=require_actor().account_id,
            )
        except Fault as fault:
            tell_all(form, fault)
        else:
            told = _(
                "Inläst: %(new)s nya, %(changed)s ändrade, %(same)s oförändrade.",
                new=done.new,
                changed=done.changed,
                same=done.same,
            )
            flash(told, "good")
            return redirect(url_for("city.external_series", series_id=series_id))
    return _page(series_id, form)


def _page(series_id: int, form: FiguresForm) -> str:
    session = context.session()
    series = keeping.get_series(session, series_id)
    years = years_of(session, series_id)
    wanted = request.args.get("ar", type=int)
    year = wanted if wanted in dict(years) else next((newest for newest, _number in years), None)
    figures = [] if year is None else placed_figures(session, series_id, year)
    names = {unit_id: period.name for unit_id, period in unit_periods(session, today(context.clock())).items()}
    figures.sort(key=lambda row: (sv_key(row[0].indicator), sv_key(row[1] or ""), row[2] or ""))
    return render_template(
        "city/external_series/one.html",
        series=series,
        years=years,
        year=year,
        figures=figures,
        unit_names=names,
        questions={name: str(question.text("sv", Face.PLAIN)) for name, question in catalogue().core.items()},
        form=form,
        may_manage=require_actor().may(Right.MANAGE_SERIES),
        breadcrumbs=_crumbs(),
    )


@blueprint.route("/serier/<int:series_id>/<int:year>/ta-bort", methods=["GET", "POST"])
@requires(Right.MANAGE_SERIES)
def external_series_remove_year(series_id: int, year: int) -> str | Response:
    """Take a year out, after asking once."""
    session = context.session()
    series = keeping.get_series(session, series_id)
    if request.method == "POST":
        keeping.remove_year(session, context.clock(), series_id, year, require_actor().account_id)
        flash(_("Resultaten för %(year)s är borttagna.", year=year), "good")
        return redirect(url_for("city.external_series", series_id=series_id))
    return render_template(
        "city/external_series/remove_year.html",
        series=series,
        year=year,
        number=dict(years_of(session, series_id)).get(year, 0),
        breadcrumbs=_crumbs(series.title, series_id),
    )
