"""Keys, rehearsal, count, protocol and destruction of a round's ballot box."""

from flask import Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms.fields.choices import SelectChoice

from enkat.ballots.key_shares import LARGEST_N
from enkat.records.ballots import box_size
from enkat.records.invitations import InvitationStatus, count_by_status
from enkat.records.keys import KeyHolder, all_holders, holders_of
from enkat.records.retention import Protocol, protocols_of
from enkat.records.rounds import RoundState, SurveyRound
from enkat.services.accounts.rights import Right
from enkat.services.ballots.count_process import newest_count, start_count
from enkat.services.ballots.destroying import destroy_box, verified_backup
from enkat.services.ballots.protocol_documents import TITLES, pairs_of, protocol_pdf, title_of
from enkat.services.faults import Fault
from enkat.services.keys.ceremony import CeremonyStep, ceremony_of
from enkat.services.keys.confirming import confirm_share, due_since
from enkat.services.keys.destroying import confirm_shredded, key_remains
from enkat.services.keys.making import IssuedShare, make_keys, named_holder
from enkat.services.keys.rehearsing import rehearse, untested_holders
from enkat.services.keys.replacing import replace_holder
from enkat.services.rounds.finding import get_round_by_name
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.counting import CountForm, MakeKeysForm, ReplaceForm, SharesForm, shares_form
from enkat.web.city.views.rounds import crumbs
from enkat.web.shared.access import requires
from enkat.web.shared.login import require_actor

CEREMONY_STEPS = {
    CeremonyStep.MAKE: _l("Gör nyckeln och dela den"),
    CeremonyStep.HAND_OUT: _l("Skriv ut delarna som ord och ge en till var och en"),
    CeremonyStep.REHEARSE: _l("Öva: alla prövar sin del innan omgången öppnar"),
    CeremonyStep.CONFIRM: _l("Prova delen igen de två sista veckorna"),
    CeremonyStep.COUNT: _l("Räkna svaren tillsammans"),
    CeremonyStep.DESTROY: _l("Förstör delarna"),
}


def _way(survey_round: SurveyRound) -> list[tuple[str, str]]:
    """Return the way to the round's page, for those who may open it."""
    return crumbs(survey_round) if require_actor().may(Right.SEE_ROUNDS) else []


def _crumbs(survey_round: SurveyRound, *, keys: bool = False) -> list[tuple[str, str]]:
    way = [*_way(survey_round), (_("Räkning"), url_for("city.round_count", short_name=survey_round.short_name))]
    if keys:
        way.append((_("Nycklar"), url_for("city.round_keys", short_name=survey_round.short_name)))
    return way


def _blame(form: SharesForm | MakeKeysForm, fault: Fault, field: str) -> None:
    """Put a service's sentence on the form, at the field it concerns."""
    target = form[fault.field] if fault.field and fault.field in form else form[field]
    target.errors = [*target.errors, fault.sentence]


def _shares_page(survey_round: SurveyRound, shares: list[IssuedShare], *, replaced: bool) -> str:
    """Show every share once; nothing of it is stored and the page is not cached."""
    return render_template(
        "city/counting/shares.html",
        round=survey_round,
        shares=shares,
        replaced=replaced,
        breadcrumbs=_crumbs(survey_round, keys=True),
    )


@blueprint.get("/omgangar/<short_name>/nycklar")
@requires(Right.COUNT, Right.MANAGE_ROUNDS, Right.HOLD_KEY)
def round_keys(short_name: str) -> str:
    """Show who holds the key, and what comes next."""
    survey_round = get_round_by_name(context.session(), short_name)
    return render_template(
        "city/counting/keys.html",
        round=survey_round,
        holders=all_holders(context.session(), survey_round.id),
        untested=untested_holders(context.session(), survey_round.id),
        remains=key_remains(context.session(), survey_round.id),
        ceremony=ceremony_of(context.session(), context.clock(), survey_round),
        steps=CEREMONY_STEPS,
        confirm_from=due_since(survey_round),
        may_shred=_may_shred,
        breadcrumbs=_crumbs(survey_round),
    )


@blueprint.route("/omgangar/<short_name>/nycklar/gor", methods=["GET", "POST"])
@requires(Right.MANAGE_ROUNDS)
def round_keys_make(short_name: str) -> str:
    """Make the keys and show the shares once."""
    survey_round = get_round_by_name(context.session(), short_name)
    form = MakeKeysForm()
    if form.validate_on_submit():
        names = [name.strip() for name in (form.names.data or "").splitlines() if name.strip()]
        try:
            shares = make_keys(
                context.session(),
                context.clock(),
                survey_round.id,
                holders=[named_holder(context.session(), name) for name in names],
                needed=form.needed.data or 0,
                account_id=require_actor().account_id,
            )
            return _shares_page(survey_round, shares, replaced=False)
        except Fault as fault:
            _blame(form, fault, "names")
    return render_template(
        "city/counting/make.html", round=survey_round, form=form, breadcrumbs=_crumbs(survey_round, keys=True)
    )


@blueprint.route("/omgangar/<short_name>/nycklar/byt", methods=["GET", "POST"])
@requires(Right.MANAGE_ROUNDS)
def round_keys_replace(short_name: str) -> str:
    """Replace a holder and show everybody's new share once."""
    survey_round = get_round_by_name(context.session(), short_name)
    holders = holders_of(context.session(), survey_round.id)
    form = shares_form(ReplaceForm, survey_round.key_threshold)
    form.leaving.choices = [SelectChoice(holder.id, holder.name) for holder in holders]
    if form.validate_on_submit():
        try:
            shares = replace_holder(
                context.session(),
                context.clock(),
                survey_round.id,
                leaving_id=form.leaving.data,
                successor=named_holder(context.session(), form.successor.data or ""),
                shares=form.given(),
                account_id=require_actor().account_id,
            )
            return _shares_page(survey_round, shares, replaced=True)
        except Fault as fault:
            _blame(form, fault, "share_1")
    return render_template(
        "city/counting/replace.html", round=survey_round, form=form, breadcrumbs=_crumbs(survey_round, keys=True)
    )


@blueprint.route("/omgangar/<short_name>/nycklar/prova", methods=["GET", "POST"])
@requires(Right.COUNT, Right.HOLD_KEY, Right.MANAGE_ROUNDS)
def round_keys_confirm(short_name: str) -> str | AnyResponse:
    """Let a holder see whether the own share is right, one share at a time."""
    survey_round = get_round_by_name(context.session(), short_name)
    form = shares_form(SharesForm, 1)
    if form.validate_on_submit():
        try:
            holder = confirm_share(
                context.session(),
                context.clock(),
                survey_round.id,
                next(iter(form.given()), ""),
                account_id=require_actor().account_id,
            )
            said = _(
                "Ja. Delen är rätt och tillhör %(name)s. Lägg tillbaka den på sitt låsta ställe.", name=holder.name
            )
            flash(said, "good")
            return redirect(url_for("city.round_keys", short_name=short_name))
        except Fault as fault:
            _blame(form, fault, "share_1")
    return render_template(
        "city/counting/confirm.html",
        round=survey_round,
        form=form,
        ceremony=ceremony_of(context.session(), context.clock(), survey_round),
        breadcrumbs=_crumbs(survey_round, keys=True),
    )


@blueprint.route("/omgangar/<short_name>/nycklar/ovning", methods=["GET", "POST"])
@requires(Right.COUNT, Right.HOLD_KEY)
def round_rehearsal(short_name: str) -> str | AnyResponse:
    """Let the holders try their shares on ballots that mean nothing."""
    survey_round = get_round_by_name(context.session(), short_name)
    form = shares_form(SharesForm, min(max(survey_round.key_holders, survey_round.key_threshold), LARGEST_N))
    if form.validate_on_submit():
        try:
            result = rehearse(
                context.session(),
                context.clock(),
                survey_round.id,
                form.given(),
                account_id=require_actor().account_id,
            )
            flash(_("Övningen lyckades. Delar som fungerar: %(names)s.", names=", ".join(result.tested)), "good")
            return redirect(url_for("city.round_keys", short_name=short_name))
        except Fault as fault:
            _blame(form, fault, "share_1")
    return render_template(
        "city/counting/rehearsal.html", round=survey_round, form=form, breadcrumbs=_crumbs(survey_round, keys=True)
    )


@blueprint.route("/omgangar/<short_name>/rakning", methods=["GET", "POST"])
@requires(Right.COUNT, Right.HOLD_KEY)
def round_count(short_name: str) -> str | AnyResponse:
    """Show where the count stands, and start it with the holders' shares."""
    session, clock = context.session(), context.clock()
    survey_round = get_round_by_name(session, short_name)
    form = shares_form(CountForm, survey_round.key_threshold)
    if form.is_submitted() and not require_actor().may(Right.COUNT):
        abort(403)
    if form.validate_on_submit():
        try:
            start_count(
                session,
                clock,
                context.settings(),
                survey_round.id,
                shares=form.given(),
                accept_unreadable=form.accept_unreadable.data or 0,
                account_id=require_actor().account_id,
            )
            return redirect(url_for("city.round_count", short_name=short_name))
        except Fault as fault:
            _blame(form, fault, "share_1")
    return render_template(
        "city/counting/count.html",
        round=survey_round,
        form=form,
        facts=_facts(survey_round),
        job=newest_count(session, clock, survey_round.id),
        protocols=[(each, title_of(each), pairs_of(each)) for each in _protocols(survey_round)],
        backup=verified_backup(session),
        may_count=require_actor().may(Right.COUNT),
        breadcrumbs=_way(survey_round),
    )


@blueprint.get("/omgangar/<short_name>/protokoll/<int:protocol_id>.pdf")
@requires(Right.COUNT, Right.MANAGE_ROUNDS, Right.HOLD_KEY, Right.SEE_ANALYST_RESULTS)
def round_protocol(short_name: str, protocol_id: int) -> Response:
    """Give a protocol as a PDF."""
    survey_round = get_round_by_name(context.session(), short_name)
    content = protocol_pdf(context.session(), survey_round.id, protocol_id)
    name = f"protokoll-{short_name}-{protocol_id}.pdf"
    return Response(
        content, mimetype="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@blueprint.post("/omgangar/<short_name>/forstoring")
@requires(Right.COUNT)
def round_destroy(short_name: str) -> AnyResponse:
    """Destroy the box after a verified restore of the counted answers."""
    survey_round = get_round_by_name(context.session(), short_name)
    protocol = destroy_box(
        context.session(),
        context.clock(),
        context.secrets(),
        survey_round.id,
        account_id=require_actor().account_id,
    )
    flash(_("Urnan är förstörd. %(sentence)s", sentence=protocol.content["wipe"]), "good")
    return redirect(url_for("city.round_keys", short_name=short_name))


@blueprint.post("/omgangar/<short_name>/nycklar/<int:holder_id>/forstord")
@requires(Right.COUNT, Right.HOLD_KEY)
def round_share_shredded(short_name: str, holder_id: int) -> AnyResponse:
    """Note that a holder has shredded a share; a holder does it for the own one."""
    session = context.session()
    survey_round = get_round_by_name(session, short_name)
    holder = session.get(KeyHolder, holder_id)
    if holder is None or holder.round_id != survey_round.id or not _may_shred(holder):
        abort(403)
    remains = confirm_shredded(session, context.clock(), holder_id, account_id=require_actor().account_id)
    flash(_("Nyckeln är förstörd.") if remains.destroyed else _("Delen är antecknad som förstörd."), "good")
    return redirect(url_for("city.round_keys", short_name=short_name))


def _may_shred(holder: KeyHolder) -> bool:
    actor = require_actor()
    return actor.may(Right.COUNT) or (holder.account_id is not None and holder.account_id == actor.account_id)


def _protocols(survey_round: SurveyRound) -> list[Protocol]:
    return [each for each in protocols_of(context.session(), survey_round.id) if each.kind in TITLES]


def _facts(survey_round: SurveyRound) -> dict[str, int | bool]:
    """Return what must hold before the count, as figures."""
    session = context.session()
    statuses = count_by_status(session, survey_round.id)
    counted = survey_round.state in {RoundState.COUNTED, RoundState.DESTROYED}
    return {
        "sent": statuses.get(InvitationStatus.SENT, 0),
        "in_box": box_size(session, survey_round.id),
        "paper": statuses.get(InvitationStatus.PAPER_RECEIVED, 0),
        "counted": counted,
        "ready": survey_round.state is RoundState.CLOSED and not statuses.get(InvitationStatus.PAPER_RECEIVED, 0),
    }
