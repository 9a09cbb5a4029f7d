"""Who works in a provider's units: invite, hand over, end a role."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from enkat.clock import today
from enkat.records.accounts import AccountState, Role
from enkat.records.organisations import UnitPeriod
from enkat.services.accounts.listing import ROLE_TEXTS
from enkat.services.accounts.own_people import give_unit, people_of, take_unit
from enkat.services.accounts.rights import Right
from enkat.services.accounts.scopes import own_units
from enkat.services.faults import Fault, NotFoundFault
from enkat.web import context
from enkat.web.provider.blueprint import blueprint
from enkat.web.provider.forms.people import OwnPersonForm
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell
from enkat.web.shared.login import require_actor


def _units() -> list[UnitPeriod]:
    return own_units(context.session(), require_actor(), Right.MANAGE_OWN_PEOPLE, today(context.clock()))


def _unit(unit_id: int) -> UnitPeriod:
    found = next((period for period in _units() if period.unit_id == unit_id), None)
    if found is None:
        raise NotFoundFault("Enheten finns inte bland utförarens enheter.")
    return found


@blueprint.get("/personer")
@requires(Right.MANAGE_OWN_PEOPLE)
def people() -> str:
    """List the units with their people."""
    return render_template(
        "provider/people.html",
        units=_units(),
        people=people_of(context.session(), context.clock(), require_actor()),
        role_texts=ROLE_TEXTS,
        invited=AccountState.INVITED,
    )


@blueprint.route("/enheter/<int:unit_id>/personer/ny", methods=["GET", "POST"])
@requires(Right.MANAGE_OWN_PEOPLE)
def people_new(unit_id: int) -> str | Response:
    """Invite somebody to a unit, or hand it over."""
    session, clock, actor = context.session(), context.clock(), require_actor()
    unit = _unit(unit_id)
    form = OwnPersonForm()
    form.offer_predecessors(people_of(session, clock, actor)[unit_id])
    if form.validate_on_submit():
        try:
            account = give_unit(
                session,
                clock,
                context.settings(),
                actor,
                email=form.email.data or "",
                name=form.name.data or "",
                role=Role(form.role.data),
                unit_id=unit_id,
                replaces=form.predecessor,
            )
        except Fault as fault:
            tell(form, fault)
        else:
            flash(_("%(name)s har fått rollen i %(unit)s.", name=account.name, unit=unit.name), "good")
            return redirect(url_for("provider.people"))
    crumbs = [(_("Personer"), url_for("provider.people"))]
    return render_template("provider/people_new.html", form=form, unit=unit, breadcrumbs=crumbs)


@blueprint.route("/enheter/<int:unit_id>/personer/<int:grant_id>/avsluta", methods=["GET", "POST"])
@requires(Right.MANAGE_OWN_PEOPLE)
def people_end(unit_id: int, grant_id: int) -> str | Response:
    """End somebody's role in a unit, after asking."""
    session, clock, actor = context.session(), context.clock(), require_actor()
    unit = _unit(unit_id)
    person = next((one for one in people_of(session, clock, actor)[unit_id] if one.grant_id == grant_id), None)
    if person is None:
        raise NotFoundFault("Rollen finns inte längre.")
    if request.method == "POST":
        take_unit(session, clock, actor, grant_id)
        flash(_("%(name)s har inte längre någon roll i %(unit)s.", name=person.name, unit=unit.name), "good")
        return redirect(url_for("provider.people"))
    crumbs = [(_("Personer"), url_for("provider.people"))]
    return render_template("provider/people_end.html", person=person, unit=unit, breadcrumbs=crumbs)
