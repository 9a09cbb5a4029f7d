"""Letters that the post returned, noted one after the other; a new code for who asks."""

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from enkat.records.invitations import Invitation, InvitationStatus
from enkat.records.status_queries import InvitationRow, invitation_row, search_invitations
from enkat.records.writing import writing
from enkat.services.accounts.rights import Right
from enkat.services.audit.recording import record
from enkat.services.faults import NotFoundFault
from enkat.services.rounds.correcting import STATUS_WORDS
from enkat.services.waves.on_request import send_new_code
from enkat.services.waves.returning import note_returned_letter
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.views.letters import sender
from enkat.web.city.views.rounds import crumbs, find, render
from enkat.web.shared.access import requires

SEARCH_LIMIT = 25
SHORTEST_SEARCH = 2


def _invitation(short_name: str, key: str) -> Invitation:
    """Return an invitation of the round; people with protected identity are handled elsewhere."""
    round_ = find(short_name)
    try:
        row = invitation_row(context.session(), bytes.fromhex(key))
    except ValueError:
        abort(404)
    if row is None or row.invitation.round_id != round_.id or row.invitation.protected:
        raise NotFoundFault(_("Inbjudan finns inte."))
    return row.invitation


@blueprint.get("/omgangar/<short_name>/returer")
@requires(Right.MANAGE_LETTERS)
def round_returns(short_name: str) -> str:
    """Search for whose letter came back."""
    actor, session, round_ = sender(), context.session(), find(short_name)
    wanted = request.args.get("q", "").strip()
    rows: list[InvitationRow] = []
    if len(wanted) >= SHORTEST_SEARCH:
        rows = search_invitations(session, round_.id, wanted, with_protected=False, limit=SEARCH_LIMIT)
        with writing(session):
            subject, details = f"round:{round_.id}", {"found": len(rows)}
            record(
                session,
                context.clock(),
                account_id=actor.account_id,
                action="invitation.searched",
                subject=subject,
                details=details,
            )
    way = [*crumbs(round_), (_("Utskick"), url_for("city.round_waves", short_name=short_name))]
    return render(
        "waves/returns",
        round_,
        wanted=wanted,
        rows=rows,
        full=len(rows) == SEARCH_LIMIT,
        status_words=STATUS_WORDS,
        waiting=InvitationStatus.OPEN,
        breadcrumbs=way,
    )


@blueprint.post("/omgangar/<short_name>/returer/<key>")
@requires(Right.MANAGE_LETTERS)
def round_returned(short_name: str, key: str) -> Response:
    """Note a letter that came back."""
    actor, invitation = sender(), _invitation(short_name, key)
    if note_returned_letter(context.session(), context.clock(), invitation.id, actor.account_id):
        flash(_("Antecknat. Personen får inga fler påminnelser, men kan fortfarande svara."), "good")
    else:
        flash(_("Ett svar har redan kommit. Returen är antecknad och ändrar inget."), "info")
    return redirect(url_for("city.round_returns", short_name=short_name))


@blueprint.post("/omgangar/<short_name>/ny-kod/<key>")
@requires(Right.MANAGE_LETTERS)
def round_new_code(short_name: str, key: str) -> Response:
    """Send a person a new code."""
    actor, invitation = sender(), _invitation(short_name, key)
    wave = send_new_code(context.session(), context.clock(), context.settings(), invitation.id, actor.account_id)
    flash(_("En ny kod är på väg. Är det ett brev, hämtar du det under Till breven om en stund."), "good")
    return redirect(url_for("city.round_wave", short_name=short_name, wave_id=wave.id))
