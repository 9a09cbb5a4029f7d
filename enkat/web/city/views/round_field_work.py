"""While a round is in the field: corrections to invitations. And earlier surveys, entered as aggregates."""

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from enkat.instruments.wording import Face
from enkat.languages import sv_key
from enkat.records.invitations import Invitation, InvitationStatus
from enkat.records.organisations import Unit
from enkat.records.rounds import SurveyRound
from enkat.records.rounds_queries import historic_figures, unit_periods
from enkat.records.status_queries import InvitationRow, corrections_of, invitation_row, search_invitations
from enkat.records.writing import writing
from enkat.services.accounts.rights import Right
from enkat.services.audit.recording import record
from enkat.services.faults import Fault, NotFoundFault
from enkat.services.letters.reissuing import report_lost
from enkat.services.rounds.correcting import STATUS_WORDS, correct_invitation
from enkat.services.rounds.historic import add_historic_round, get_historic_round, read_figures, replace_figures
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.rounds import CorrectionForm, FiguresForm, HistoricForm
from enkat.web.city.views.rounds import catalogue, crumbs, find, manager, render
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell_all
from enkat.web.shared.login import require_actor

SEARCH_LIMIT = 25
SHORTEST_SEARCH = 2


def _sees_protected() -> bool:
    return require_actor().may(Right.HANDLE_PROTECTED)


@blueprint.get("/omgangar/<short_name>/rattelser")
@requires(Right.MANAGE_ROUNDS)
def round_corrections(short_name: str) -> str:
    """Search for the person a message is about, and list the corrections made."""
    manager()
    session, round_ = context.session(), find(short_name)
    wanted = request.args.get("q", "").strip()
    rows: list[InvitationRow] = []
    if len(wanted) >= SHORTEST_SEARCH:
        rows = search_invitations(session, round_.id, wanted, with_protected=_sees_protected(), limit=SEARCH_LIMIT)
        with writing(session):
            record(
                session,
                context.clock(),
                account_id=require_actor().account_id,
                action="invitation.searched",
                subject=f"round:{round_.id}",
                details={"found": len(rows)},
            )
    return render(
        "rounds/corrections",
        round_,
        wanted=wanted,
        rows=rows,
        full=len(rows) == SEARCH_LIMIT,
        corrections=corrections_of(session, round_.id),
        units=dict(session.execute(select(Unit.id, Unit.code)).all()),
        status_words=STATUS_WORDS,
    )


def _invitation(session: Session, round_: SurveyRound, key: str) -> InvitationRow:
    try:
        row = invitation_row(session, bytes.fromhex(key))
    except ValueError:
        abort(404)
    if row is None or row.invitation.round_id != round_.id or (row.invitation.protected and not _sees_protected()):
        raise NotFoundFault(_("Inbjudan finns inte."))
    return row


def _unit_choices(session: Session, round_: SurveyRound, present: Invitation) -> list[SelectChoice]:
    periods = unit_periods(session, round_.reference_date)
    others = [period for unit_id, period in periods.items() if unit_id != present.unit_id]
    others.sort(key=lambda period: sv_key(period.name))
    return [SelectChoice("", _("Ändras inte")), *(SelectChoice(str(p.unit_id), p.name) for p in others)]


@blueprint.route("/omgangar/<short_name>/rattelser/<key>", methods=["GET", "POST"])
@requires(Right.MANAGE_ROUNDS)
def round_correction(short_name: str, key: str) -> str | Response:
    """Correct one invitation."""
    actor, session, round_ = manager(), context.session(), find(short_name)
    row = _invitation(session, round_, key)
    form = CorrectionForm()
    form.new_unit.choices = _unit_choices(session, round_, row.invitation)
    if form.validate_on_submit():
        try:
            applied = correct_invitation(
                session,
                context.clock(),
                row.invitation.id,
                new_status=InvitationStatus(form.new_status.data) if form.new_status.data else None,
                new_unit_id=int(form.new_unit.data) if form.new_unit.data else None,
                reason=form.reason.data or "",
                account_id=actor.account_id,
            )
        except Fault as fault:
            tell_all(form, fault)
        else:
            kept = _("Ett svar har redan kommit. Det räknas där det lämnades. Rättelsen är antecknad.")
            flash(_("Rättelsen är sparad.") if applied else kept, "good" if applied else "warning")
            return redirect(url_for("city.round_corrections", short_name=short_name))
    way = [*crumbs(round_), (_("Rättelser"), url_for("city.round_corrections", short_name=short_name))]
    may_letters = actor.may(Right.MANAGE_LETTERS)
    return render(
        "rounds/correction",
        round_,
        form=form,
        row=row,
        status_words=STATUS_WORDS,
        may_letters=may_letters,
        breadcrumbs=way,
    )


@blueprint.post("/omgangar/<short_name>/rattelser/<key>/borta")
@requires(Right.MANAGE_ROUNDS)
def round_letter_lost(short_name: str, key: str) -> Response:
    """Stop the codes of a letter that was lost."""
    actor, session, round_ = manager(), context.session(), find(short_name)
    row = _invitation(session, round_, key)
    number = report_lost(session, context.clock(), row.invitation.id, actor.account_id)
    told = ngettext("%(num)s kod är stoppad.", "%(num)s koder är stoppade.", number)
    flash(told + " " + _("Personen kan få ett nytt brev."), "good")
    return redirect(url_for("city.round_corrections", short_name=short_name))


@blueprint.route("/omgangar/tidigare/ny", methods=["GET", "POST"])
@requires(Right.MANAGE_ROUNDS)
def round_historic_new() -> str | Response:
    """Enter an earlier survey of which only aggregates are known."""
    actor, form = manager(), HistoricForm()
    if form.validate_on_submit():
        try:
            made = add_historic_round(
                context.session(),
                context.clock(),
                title=form.title.data or "",
                year=form.year.data or 0,
                source=form.source.data or "",
                account_id=actor.account_id,
            )
        except Fault as fault:
            tell_all(form, fault)
        else:
            return redirect(url_for("city.round_historic", historic_id=made.id))
    words = {"heading": _("Lägg till en tidigare undersökning"), "action": _("Spara och fortsätt")}
    return render("one_form", form=form, breadcrumbs=crumbs(), **words)


@blueprint.route("/omgangar/tidigare/<int:historic_id>", methods=["GET", "POST"])
@requires(Right.SEE_ROUNDS)
def round_historic(historic_id: int) -> str | Response:
    """Show an earlier survey's figures, and read them from a file."""
    session, found = context.session(), get_historic_round(context.session(), historic_id)
    form = FiguresForm()
    if form.validate_on_submit():
        actor = manager()
        try:
            rows = read_figures(form.file.data.filename or "", form.file.data.read())
            core = catalogue().core
            number = replace_figures(
                session, context.clock(), historic_id, rows, questions=core, account_id=actor.account_id
            )
        except Fault as fault:
            tell_all(form, fault)
        else:
            flash(_("%(number)s resultat är införda.", number=number), "good")
            return redirect(url_for("city.round_historic", historic_id=historic_id))
    return render(
        "rounds/historic",
        form=form,
        historic=found,
        figures=historic_figures(session, historic_id),
        questions={name: str(question.text("sv", Face.PLAIN)) for name, question in catalogue().core.items()},
        breadcrumbs=crumbs(),
    )
