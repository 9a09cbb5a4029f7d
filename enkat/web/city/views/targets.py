"""Targets: a year's list, a new one, those of another year once more, and taking one away."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from enkat.clock import today
from enkat.instruments.wording import Face
from enkat.languages import sv_key
from enkat.records.organisations import District, Unit
from enkat.records.rounds_queries import unit_periods
from enkat.records.targets import Target, TargetScope, placed_targets, target_years
from enkat.services.accounts.rights import Right
from enkat.services.faults import Fault
from enkat.services.targets.setting import NewTarget, remove_target, repeat_year, set_target
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.targets import RESPONSE_RATE, RepeatForm, TargetForm
from enkat.web.city.views.rounds import catalogue
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell_all
from enkat.web.shared.login import require_actor


def _crumbs(year: int) -> list[tuple[str, str]]:
    return [(_("Mål"), url_for("city.targets", ar=year))]


def _questions() -> list[tuple[str, str]]:
    return [(name, str(question.text("sv", Face.PLAIN))) for name, question in catalogue().core.items()]


def _unit_names() -> dict[int, str]:
    """Return the units that are valid today by id: name and code."""
    session = context.session()
    periods = unit_periods(session, today(context.clock()))
    codes = dict(session.execute(select(Unit.id, Unit.code)).all())
    return {unit_id: f"{period.name} ({codes[unit_id]})" for unit_id, period in periods.items()}


@blueprint.get("/mal")
@requires(Right.SEE_INTERNAL_RESULTS)
def targets() -> str:
    """List a year's targets."""
    session = context.session()
    years = target_years(session)
    present = today(context.clock()).year
    year = request.args.get("ar", type=int) or (years[0] if years else present)
    return render_template(
        "city/targets/list.html",
        year=year,
        years=sorted({*years, present, year}, reverse=True),
        targets=placed_targets(session, year),
        questions=dict(_questions()),
        unit_names=_unit_names(),
        scopes=TargetScope,
        source=next((other for other in years if other < year), None),
        may_manage=require_actor().may(Right.MANAGE_TARGETS),
    )


@blueprint.route("/mal/nytt", methods=["GET", "POST"])
@requires(Right.MANAGE_TARGETS)
def target_new() -> str | Response:
    """Set a target."""
    session = context.session()
    year = request.args.get("ar", type=int) or today(context.clock()).year
    form = TargetForm(year=year)
    questions = _questions()
    districts = [(number, name) for number, name in session.execute(select(District.id, District.name))]
    form.offer(
        questions,
        sorted(districts, key=lambda row: sv_key(row[1])),
        sorted(_unit_names().items(), key=lambda row: sv_key(row[1])),
    )
    if form.validate_on_submit():
        scope, number = form.chosen_place
        new = NewTarget(
            year=form.year.data or 0,
            scope=scope,
            percent=form.percent.data or "",
            decision=form.decision.data or "",
            question_id=None if form.question_id.data == RESPONSE_RATE else form.question_id.data,
            district_id=number if scope is TargetScope.DISTRICT else None,
            unit_id=number if scope is TargetScope.UNIT else None,
        )
        try:
            set_target(
                session,
                context.clock(),
                new,
                questions=[name for name, _text in questions],
                account_id=require_actor().account_id,
            )
        except Fault as fault:
            tell_all(form, fault)
        else:
            flash(_("Målet är sparat."), "good")
            return redirect(url_for("city.targets", ar=new.year))
    words = {"heading": _("Sätt ett mål"), "action": _("Spara målet")}
    return render_template("city/one_form.html", form=form, breadcrumbs=_crumbs(year), **words)


@blueprint.route("/mal/<int:year>/upprepa/<int:source>", methods=["GET", "POST"])
@requires(Right.MANAGE_TARGETS)
def targets_repeat(year: int, source: int) -> str | Response:
    """Take over another year's targets where none is set."""
    form = RepeatForm()
    if form.validate_on_submit():
        try:
            number = repeat_year(
                context.session(),
                context.clock(),
                source=source,
                year=year,
                decision=form.decision.data or "",
                account_id=require_actor().account_id,
            )
        except Fault as fault:
            tell_all(form, fault)
        else:
            flash(ngettext("%(num)s mål är satt.", "%(num)s mål är satta.", number), "good")
            return redirect(url_for("city.targets", ar=year))
    return render_template(
        "city/targets/repeat.html",
        form=form,
        year=year,
        source=source,
        number=len(placed_targets(context.session(), source)),
        breadcrumbs=_crumbs(year),
    )


@blueprint.route("/mal/<int:target_id>/ta-bort", methods=["GET", "POST"])
@requires(Right.MANAGE_TARGETS)
def target_remove(target_id: int) -> str | Response:
    """Take a target away, after asking once."""
    session = context.session()
    if request.method == "POST":
        year = remove_target(session, context.clock(), target_id, require_actor().account_id)
        flash(_("Målet är borttaget."), "good")
        return redirect(url_for("city.targets", ar=year))
    target = session.get(Target, target_id)
    if target is None:
        abort(404)
    row = next(row for row in placed_targets(session, target.year) if row.target.id == target_id)
    return render_template(
        "city/targets/remove.html",
        row=row,
        questions=dict(_questions()),
        unit_names=_unit_names(),
        breadcrumbs=_crumbs(target.year),
    )
