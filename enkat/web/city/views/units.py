"""Units: list, a page with the whole history, corrections and successions."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from enkat.clock import today
from enkat.instruments.vocabulary import ServiceType
from enkat.languages import sv_key
from enkat.records.organisations import OperatingForm, SuccessionKind
from enkat.services.accounts.rights import Right
from enkat.services.faults import Fault
from enkat.services.register import searching, successions, units
from enkat.services.register.searching import UnitFilter, UnitRow
from enkat.services.register.unit_rows import Period
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.register import SuccessionForm, UnitForm
from enkat.web.city.views.imports import manager
from enkat.web.city.views.register import crumbs
from enkat.web.shared import login
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell
from enkat.web.shared.paging import PAGE_SIZE, Page, page_number

SORTS = {
    "name": lambda row: sv_key(row.period.name),
    "code": lambda row: sv_key(row.unit.code),
    "district": lambda row: (sv_key(row.period.district.name), sv_key(row.period.name)),
    "provider": lambda row: (sv_key(row.period.provider.name), sv_key(row.period.name)),
    "people": lambda row: row.people,
}


def _filter() -> UnitFilter:
    form = request.args.get("regiform", "")
    return UnitFilter(
        text=request.args.get("q", "").strip(),
        district_id=request.args.get("stadsdel", type=int),
        provider_id=request.args.get("utforare", type=int),
        operating_form=OperatingForm(form) if form in {one.value for one in OperatingForm} else None,
        closed=request.args.get("stangda") == "ja",
    )


def _sorted(rows: list[UnitRow]) -> tuple[list[UnitRow], str, str]:
    key = request.args.get("sort", "name")
    key = key if key in SORTS else "name"
    order = "desc" if request.args.get("order") == "desc" else "asc"
    return sorted(rows, key=SORTS[key], reverse=order == "desc"), key, order


@blueprint.get("/register/enheter")
@requires(Right.SEE_REGISTER)
def register_units() -> str:
    """List units, narrowed and sorted as the reader wishes."""
    session, actor, number = context.session(), login.require_actor(), page_number()
    wanted, day = _filter(), today(context.clock())
    found = searching.find_units(session, day, wanted, actor.districts(Right.SEE_REGISTER))
    rows, sort, order = _sorted(found)
    start = (number - 1) * PAGE_SIZE
    return render_template(
        "city/units/list.html",
        page=Page(rows[start : start + PAGE_SIZE], number, len(rows)),
        wanted=wanted,
        sort=sort,
        order=order,
        districts=searching.districts(session),
        providers=searching.providers(session),
        forms=OperatingForm,
        may_manage=actor.may(Right.MANAGE_REGISTER),
        breadcrumbs=crumbs(),
    )


def _way() -> list[tuple[str, str]]:
    return [*crumbs(), (_("Enheter"), url_for("city.register_units"))]


@blueprint.get("/register/enheter/<int:unit_id>")
@requires(Right.SEE_REGISTER)
def register_unit(unit_id: int) -> str:
    """Show a unit: what it is now, what it was, who it followed, which rounds asked its people."""
    session, actor, day = context.session(), login.require_actor(), today(context.clock())
    history = units.unit_history(session, unit_id)
    scope = actor.districts(Right.SEE_REGISTER)
    if scope is not None and not scope & {period.district_id for period in history.periods}:
        abort(404)
    return render_template(
        "city/units/unit.html",
        history=history,
        current=history.current(day),
        labels=successions.LABELS,
        may_manage=actor.may(Right.MANAGE_REGISTER),
        may_see_people=searching.sees_open(actor),
        breadcrumbs=_way(),
    )


def _period(form: UnitForm) -> Period:
    start = form.valid_from.data
    if start is None:
        raise Fault(_("Skriv från vilken dag uppgifterna gäller."), "valid_from")
    return Period(
        valid_from=start,
        valid_to=form.valid_to.data,
        name=(form.name.data or "").strip(),
        provider=(form.provider.data or "").strip(),
        organisation_number=(form.organisation_number.data or "").replace("-", "").strip(),
        district=(form.district.data or "").strip(),
        operating_form=OperatingForm(form.operating_form.data),
        services=frozenset(ServiceType(one) for one in form.services.data or []),
        manager_email=(form.manager_email.data or "").strip() or None,
    )


@blueprint.route("/register/enheter/ny", methods=["GET", "POST"])
@requires(Right.MANAGE_REGISTER)
def register_unit_new() -> str | Response:
    """Enter a unit by hand."""
    return _unit_form(UnitForm(), "")


@blueprint.route("/register/enheter/<int:unit_id>/andra", methods=["GET", "POST"])
@requires(Right.MANAGE_REGISTER)
def register_unit_change(unit_id: int) -> str | Response:
    """Correct a unit's latest facts, or enter new ones from a day."""
    manager()
    history = units.unit_history(context.session(), unit_id)
    latest = history.periods[0]
    form = UnitForm(
        data={
            "code": history.unit.code,
            "valid_from": latest.valid_from,
            "valid_to": latest.valid_to,
            "name": latest.name,
            "provider": latest.provider.name,
            "organisation_number": latest.provider.organisation_number,
            "district": latest.district.name,
            "operating_form": latest.operating_form.value,
            "services": [given.service.value for given in latest.services],
            "manager_email": latest.manager_email,
        }
    )
    del form.code  # never changes
    return _unit_form(form, history.unit.code)


def _unit_form(form: UnitForm, code: str) -> str | Response:
    actor, session = manager(), context.session()
    if form.validate_on_submit():
        try:
            saved = units.save_unit(
                session,
                context.clock(),
                code or (form.code.data or "").strip(),
                _period(form),
                account_id=actor.account_id,
                new=not code,
            )
        except Fault as fault:
            tell(form, fault)
        else:
            flash(_("Enheten är sparad."), "good")
            return redirect(url_for("city.register_unit", unit_id=saved.id))
    return render_template(
        "city/units/form.html",
        form=form,
        code=code,
        districts=searching.districts(session),
        providers=searching.providers(session),
        breadcrumbs=_way(),
    )


@blueprint.route("/register/enheter/samband", methods=["GET", "POST"])
@requires(Right.MANAGE_REGISTER)
def register_succession() -> str | Response:
    """Record that units continue in others."""
    actor, session, clock = manager(), context.session(), context.clock()
    form = SuccessionForm()
    rows = searching.find_units(session, today(clock), UnitFilter(closed=True))
    form.offer([(row.unit.code, f"{row.period.name} ({row.unit.code})") for row in rows])
    if form.validate_on_submit() and form.happened_on.data is not None:
        try:
            successions.record_succession(
                session,
                clock,
                form.predecessors.data or [],
                form.successors.data or [],
                form.happened_on.data,
                SuccessionKind(form.kind.data),
                account_id=actor.account_id,
            )
        except Fault as fault:
            tell(form, fault)
        else:
            flash(_("Sambandet är sparat, och de gamla enheterna upphör dagen före."), "good")
            return redirect(url_for("city.register_units", stangda="ja"))
    return render_template("city/units/succession.html", form=form, breadcrumbs=_way())


@blueprint.route("/register/enheter/samband/<predecessor>/<successor>/ta-bort", methods=["GET", "POST"])
@requires(Right.MANAGE_REGISTER)
def register_succession_remove(predecessor: str, successor: str) -> str | Response:
    """Ask, then take a succession away."""
    actor = manager()
    if request.method == "POST":
        successions.remove_succession(
            context.session(), context.clock(), predecessor, successor, account_id=actor.account_id
        )
        flash(_("Sambandet är borttaget. Enheten %(code)s är fortfarande stängd.", code=predecessor), "good")
        return redirect(url_for("city.register_units", stangda="ja"))
    return render_template(
        "city/units/succession_remove.html", predecessor=predecessor, successor=successor, breadcrumbs=_way()
    )
