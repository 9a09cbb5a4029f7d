"""Contacts for feedback, complaints and changes of provider: listed, written, confirmed and taken away."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from enkat.clock import today
from enkat.records.contacts import all_contacts
from enkat.services.accounts.rights import Right
from enkat.services.contacts import keeping
from enkat.services.faults import Fault
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.contacts import SUBJECTS, ContactForm
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell_all
from enkat.web.shared.login import require_actor


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Kontakter"), url_for("city.contacts"))]


@blueprint.get("/kontakter")
@requires(Right.MANAGE_CONTACTS)
def contacts() -> str:
    """List all contacts by place, and say which nobody has checked for long."""
    session, day = context.session(), today(context.clock())
    found = all_contacts(session)
    places = [(None, _("Hela staden")), *keeping.district_names(session)]
    return render_template(
        "city/contacts/list.html",
        places=[(number, name, [one for one in found if one.district_id == number]) for number, name in places],
        subjects=SUBJECTS,
        stale={one.id for one in found if keeping.is_stale(one, day)},
        empty=not found,
    )


@blueprint.route("/kontakter/ny", methods=["GET", "POST"])
@requires(Right.MANAGE_CONTACTS)
def contact_new() -> str | Response:
    """Add a contact."""
    form = ContactForm(district_id=request.args.get("stadsdel", ""))
    return _saved(form, None) or render_template("city/contacts/form.html", form=form, breadcrumbs=_crumbs())


@blueprint.route("/kontakter/<int:contact_id>", methods=["GET", "POST"])
@requires(Right.MANAGE_CONTACTS)
def contact_change(contact_id: int) -> str | Response:
    """Change a contact."""
    contact = keeping.find_contact(context.session(), contact_id)
    form = ContactForm(obj=contact)
    if request.method == "GET":
        form.show(contact)
    return _saved(form, contact_id) or render_template(
        "city/contacts/form.html", form=form, contact=contact, breadcrumbs=_crumbs()
    )


def _saved(form: ContactForm, contact_id: int | None) -> Response | None:
    """Save what was sent and go to the list; None while the form is to be shown."""
    form.offer_districts(keeping.district_names(context.session()))
    if not form.validate_on_submit():
        return None
    account_id = require_actor().account_id
    try:
        keeping.save_contact(
            context.session(), context.clock(), form.facts, account_id=account_id, contact_id=contact_id
        )
    except Fault as fault:
        tell_all(form, fault)
        return None
    flash(_("Kontakten är sparad."), "good")
    return redirect(url_for("city.contacts"))


@blueprint.post("/kontakter/<int:contact_id>/stammer")
@requires(Right.MANAGE_CONTACTS)
def contact_confirm(contact_id: int) -> Response:
    """Note that a contact is right as it stands."""
    keeping.confirm_contact(context.session(), context.clock(), contact_id, account_id=require_actor().account_id)
    flash(_("Antecknat: uppgifterna stämmer i dag."), "good")
    return redirect(url_for("city.contacts"))


@blueprint.route("/kontakter/<int:contact_id>/ta-bort", methods=["GET", "POST"])
@requires(Right.MANAGE_CONTACTS)
def contact_remove(contact_id: int) -> str | Response:
    """Take a contact away, after asking."""
    session = context.session()
    if request.method == "POST":
        keeping.remove_contact(session, context.clock(), contact_id, account_id=require_actor().account_id)
        flash(_("Kontakten är borttagen."), "good")
        return redirect(url_for("city.contacts"))
    contact = keeping.find_contact(session, contact_id)
    return render_template("city/contacts/remove.html", contact=contact, subjects=SUBJECTS, breadcrumbs=_crumbs())
