"""Booking those who ask: what was agreed when somebody called, the whole list, and what interviewers have done."""

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from enkat.languages import LANGUAGES, by_swedish_name, sv_key
from enkat.records.accounts import Role
from enkat.records.calls import CallOutcome, Wish, interviewers
from enkat.records.clients import Client
from enkat.records.rounds import SurveyRound
from enkat.records.status_queries import InvitationRow, invitation_row, search_invitations
from enkat.services.accounts.listing import ROLE_TEXTS
from enkat.services.accounts.rights import Right
from enkat.services.faults import Fault, NotFoundFault
from enkat.services.interviews.booking import (
    Agreed,
    all_bookings,
    book,
    booking_of,
    find_booking,
    remove_booking,
    sees_protected,
)
from enkat.services.interviews.reporting import interviewer_report
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.calls import BookingForm
from enkat.web.city.views.rounds import crumbs, find, manager, render
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell

SEARCH_LIMIT = 25
SHORTEST_SEARCH = 2


def _found(round_: SurveyRound, wanted: str) -> list[InvitationRow]:
    if len(wanted) < SHORTEST_SEARCH:
        return []
    protected = sees_protected(manager())
    return search_invitations(context.session(), round_.id, wanted, with_protected=protected, limit=SEARCH_LIMIT)


@blueprint.get("/omgangar/<short_name>/samtal")
@requires(Right.MANAGE_ROUNDS)
def round_calls(short_name: str) -> str:
    """Search for whoever is to be asked, list all bookings, and report what interviewers have done."""
    actor, session, round_ = manager(), context.session(), find(short_name)
    wanted = request.args.get("q", "").strip()
    names = {number: name for number, name, _role in interviewers(session)}
    return render(
        "rounds/calls",
        round_,
        wanted=wanted,
        rows=_found(round_, wanted),
        bookings=all_bookings(session, actor, round_.id),
        names=names,
        languages=LANGUAGES,
        report=interviewer_report(session, round_.id),
        outcomes=list(CallOutcome),
    )


def _invitation(round_: SurveyRound, key: str) -> InvitationRow:
    try:
        row = invitation_row(context.session(), bytes.fromhex(key))
    except ValueError:
        abort(404)
    hidden = row is None or row.invitation.round_id != round_.id
    if row is None or hidden or (row.invitation.protected and not sees_protected(manager())):
        raise NotFoundFault(_("Inbjudan finns inte."))
    return row


def _fill(form: BookingForm, row: InvitationRow) -> None:
    """Show what was agreed before, else the register's language."""
    session = context.session()
    booking = booking_of(session, row.invitation.id)
    if booking is not None:
        for name in ("language", "phone", "ask_for", "call_on", "call_from", "call_to", "note"):
            form[name].data = getattr(booking, name)
        form.wish.data = booking.wish.value
        form.interviewer.data = str(booking.interviewer_id or "")
        return
    client = session.get(Client, row.invitation.client_id) if row.invitation.client_id else None
    spoken = by_swedish_name(client.language) if client is not None else None
    form.language.data = spoken.code if spoken is not None else "sv"


@blueprint.route("/omgangar/<short_name>/samtal/<key>", methods=["GET", "POST"])
@requires(Right.MANAGE_ROUNDS)
def round_call_book(short_name: str, key: str) -> str | Response:
    """Write down what was agreed about one person."""
    actor, session, round_, form = manager(), context.session(), find(short_name), BookingForm()
    row = _invitation(round_, key)
    people = sorted(
        {(number, f"{name} ({ROLE_TEXTS[role].lower()})") for number, name, role in interviewers(session)},
        key=lambda one: sv_key(one[1]),
    )
    form.offer(people)
    here = url_for("city.round_calls", short_name=short_name)
    if form.validate_on_submit():
        agreed = Agreed(
            wish=Wish(form.wish.data),
            language=form.language.data,
            phone=form.phone.data or "",
            ask_for=form.ask_for.data or "",
            note=form.note.data or "",
            call_on=form.call_on.data,
            call_from=form.call_from.data or "",
            call_to=form.call_to.data or "",
            interviewer_id=int(form.interviewer.data) if form.interviewer.data else None,
        )
        try:
            book(session, context.clock(), row.invitation.id, agreed, account_id=actor.account_id)
        except Fault as fault:
            tell(form, fault)
        else:
            flash(_("Bokningen är sparad."), "good")
            return redirect(here)
    elif request.method == "GET":
        _fill(form, row)
    way = [*crumbs(round_), (_("Samtal och besök"), here)]
    assistants = any(role is Role.ASSISTANT for _number, _name, role in interviewers(session))
    return render("rounds/call_book", round_, form=form, row=row, assistants=assistants, breadcrumbs=way)


@blueprint.post("/omgangar/<short_name>/samtal/<key>/ta-bort")
@requires(Right.MANAGE_ROUNDS)
def round_call_remove(short_name: str, key: str) -> Response:
    """Take a booking away: somebody called it off, or what was wished is done."""
    actor, session = manager(), context.session()
    try:
        row = find_booking(session, actor, bytes.fromhex(key))
    except ValueError:
        abort(404)
    if row.booking.round_id != find(short_name).id:
        abort(404)
    remove_booking(session, context.clock(), row.booking.id, account_id=actor.account_id)
    flash(_("Bokningen är borttagen."), "good")
    return redirect(url_for("city.round_calls", short_name=short_name))
