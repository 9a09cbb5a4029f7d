"""The register's start, people, districts and providers."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from enkat.clock import today
from enkat.languages import LANGUAGES
from enkat.records.clients import people_in_all
from enkat.records.imports import ImportBatch, ImportState
from enkat.records.organisations import Provider
from enkat.services.accounts.rights import Right
from enkat.services.faults import Fault, NotFoundFault
from enkat.services.register import searching, successions, units
from enkat.services.register.searching import PersonFilter, UnitFilter
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.register import KIND_LABELS, DistrictSuccessionForm, ProviderForm
from enkat.web.city.views.imports import BATCH_TAGS, manager
from enkat.web.shared import login
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell
from enkat.web.shared.paging import Page, page_number


def crumbs() -> list[tuple[str, str]]:
    """Return the way to the register's pages."""
    return [(_("Register"), url_for("city.register"))]


@blueprint.get("/register")
@requires(Right.SEE_REGISTER)
def register() -> str:
    """Show what the register holds and which files wait."""
    session, actor = context.session(), login.require_actor()
    scope = actor.districts(Right.SEE_REGISTER)
    batches = select(ImportBatch).where(ImportBatch.state.in_((ImportState.STAGED, ImportState.APPLIED)))
    return render_template(
        "city/register/overview.html",
        people=people_in_all(session),
        units=len(searching.find_units(session, today(context.clock()), UnitFilter(), scope)),
        districts=len(searching.districts(session)),
        providers=len(searching.providers(session)),
        batches=session.scalars(batches.order_by(ImportBatch.id.desc()).limit(5)).all(),
        tags=BATCH_TAGS,
        kinds=KIND_LABELS,
        may_manage=actor.may(Right.MANAGE_REGISTER),
        may_see_people=searching.sees_open(actor),
    )


@blueprint.get("/register/personer")
@requires(Right.SEE_REGISTER, Right.HANDLE_PROTECTED)
def register_people() -> str:
    """Search people by reference or name."""
    session, actor, number = context.session(), login.require_actor(), page_number()
    wanted = PersonFilter(
        text=request.args.get("q", "").strip(),
        unit_id=request.args.get("enhet", type=int),
        departed=request.args.get("lamnat") == "ja",
    )
    rows, total = searching.find_people(session, actor, wanted, number)
    return render_template(
        "city/register/people.html",
        page=Page(rows, number, total),
        wanted=wanted,
        units=searching.find_units(session, today(context.clock()), UnitFilter(closed=True)),
        breadcrumbs=crumbs() if actor.holds(Right.SEE_REGISTER) else None,
    )


@blueprint.get("/register/personer/<int:client_id>")
@requires(Right.SEE_REGISTER, Right.HANDLE_PROTECTED)
def register_person(client_id: int) -> str:
    """Show what the register holds of a person; it is noted in the log."""
    row = searching.read_person(context.session(), context.clock(), login.require_actor(), client_id)
    way = [*crumbs(), (_("Personer"), url_for("city.register_people"))]
    return render_template(
        "city/register/person.html", row=row, person=row.client, language_name=_language_name, breadcrumbs=way
    )


def _language_name(code: str) -> str:
    language = LANGUAGES.get(code)
    return language.swedish_name if language is not None else code


@blueprint.get("/register/stadsdelar")
@requires(Right.SEE_REGISTER)
def register_districts() -> str:
    """List districts with their days and heirs."""
    session, day = context.session(), today(context.clock())
    found = searching.find_units(session, day, UnitFilter())
    counts: dict[int, int] = {}
    for row in found:
        counts[row.period.district_id] = counts.get(row.period.district_id, 0) + 1
    return render_template(
        "city/register/districts.html",
        districts=searching.districts(session),
        heirs=successions.district_heirs(session),
        counts=counts,
        day=day,
        may_manage=login.require_actor().may(Right.MANAGE_REGISTER),
        breadcrumbs=crumbs(),
    )


@blueprint.route("/register/stadsdelar/samband", methods=["GET", "POST"])
@requires(Right.MANAGE_REGISTER)
def register_district_succession() -> str | Response:
    """Record that districts continue in another."""
    actor, session = manager(), context.session()
    form = DistrictSuccessionForm()
    choices = [SelectChoice(str(district.id), district.name) for district in searching.districts(session)]
    form.predecessors.choices = form.successor.choices = choices
    if form.validate_on_submit() and form.happened_on.data is not None:
        try:
            successions.record_district_succession(
                session,
                context.clock(),
                form.predecessors.data or [],
                form.successor.data,
                form.happened_on.data,
                account_id=actor.account_id,
            )
        except Fault as fault:
            tell(form, fault)
        else:
            flash(_("Sambandet är sparat."), "good")
            return redirect(url_for("city.register_districts"))
    way = [*crumbs(), (_("Stadsdelar"), url_for("city.register_districts"))]
    return render_template("city/register/district_succession.html", form=form, breadcrumbs=way)


@blueprint.get("/register/utforare")
@requires(Right.SEE_REGISTER)
def register_providers() -> str:
    """List providers with how many units they run now."""
    session, day = context.session(), today(context.clock())
    counts: dict[int, int] = {}
    for row in searching.find_units(session, day, UnitFilter()):
        counts[row.period.provider_id] = counts.get(row.period.provider_id, 0) + 1
    return render_template(
        "city/register/providers.html",
        providers=searching.providers(session),
        counts=counts,
        may_manage=login.require_actor().may(Right.MANAGE_REGISTER),
        breadcrumbs=crumbs(),
    )


@blueprint.route("/register/utforare/<int:provider_id>", methods=["GET", "POST"])
@requires(Right.MANAGE_REGISTER)
def register_provider(provider_id: int) -> str | Response:
    """Correct a provider."""
    actor, session = manager(), context.session()
    provider = session.get(Provider, provider_id)
    if provider is None:
        raise NotFoundFault(_("Utföraren finns inte i registret."))
    form = ProviderForm(obj=provider)
    if form.validate_on_submit():
        try:
            units.change_provider(
                session,
                context.clock(),
                provider_id,
                name=form.name.data or "",
                organisation_number=form.organisation_number.data or "",
                account_id=actor.account_id,
            )
        except Fault as fault:
            tell(form, fault)
        else:
            flash(_("Utföraren är ändrad."), "good")
            return redirect(url_for("city.register_providers"))
    way = [*crumbs(), (_("Utförare"), url_for("city.register_providers"))]
    return render_template("city/register/provider.html", form=form, provider=provider, breadcrumbs=way)
