"""Retention: rules, what is due, holds and protocols of erasure."""

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from enkat.records.retention import Protocol, ProtocolKind, RecordKind, RetentionEvent
from enkat.records.rounds import SurveyRound
from enkat.services.accounts.rights import Right
from enkat.services.faults import Fault
from enkat.services.retention import holds, rules
from enkat.services.retention.schedule import schedule
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.retention import DefaultsForm, HoldForm, RuleForm
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell
from enkat.web.shared.login import require_actor

SHOWN_PROTOCOLS = 20


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Gallring"), url_for("city.retention"))]


def _rounds() -> list[tuple[int, str]]:
    rows = context.session().execute(select(SurveyRound.id, SurveyRound.title).order_by(SurveyRound.id.desc()))
    return [(row[0], row[1]) for row in rows]


@blueprint.get("/gallring")
@requires(Right.MANAGE_RETENTION)
def retention() -> str:
    """Show rules, what is due, holds and the latest protocols."""
    session = context.session()
    erasures = select(Protocol).where(Protocol.kind == ProtocolKind.ERASURE).order_by(Protocol.id.desc())
    return render_template(
        "city/retention/overview.html",
        kinds=rules.KINDS,
        rules=rules.rules_of(session),
        events=rules.EVENT_TEXTS,
        due=[due for due in schedule(session, context.clock()) if due.round is not None],
        holds=holds.holds(session),
        rounds=dict(_rounds()),
        protocols=session.scalars(erasures.limit(SHOWN_PROTOCOLS)).all(),
        record_kinds={kind.value: text.name for kind, text in rules.KINDS.items()},
    )


@blueprint.route("/gallring/regel/<kind>", methods=["GET", "POST"])
@requires(Right.MANAGE_RETENTION)
def retention_rule(kind: str) -> str | Response:
    """Set the rule of a kind of record."""
    if kind not in set(RecordKind):
        abort(404)
    record_kind = RecordKind(kind)
    session = context.session()
    form = RuleForm(obj=rules.rules_of(session).get(record_kind))
    form.offer_events(record_kind)
    if form.validate_on_submit():
        try:
            rules.set_rule(
                session,
                context.clock(),
                record_kind,
                event=RetentionEvent(form.event.data),
                days=form.days.data,
                decision=form.decision.data or "",
                account_id=require_actor().account_id,
            )
        except Fault as fault:
            tell(form, fault)
        else:
            flash(_("Regeln är sparad."), "good")
            return redirect(url_for("city.retention"))
    text = rules.KINDS[record_kind]
    return render_template("city/retention/rule.html", form=form, text=text, breadcrumbs=_crumbs())


@blueprint.route("/gallring/forslag", methods=["GET", "POST"])
@requires(Right.MANAGE_RETENTION)
def retention_defaults() -> str | Response:
    """Take the proposed rules where none is set."""
    session = context.session()
    form = DefaultsForm()
    if form.validate_on_submit():
        actor = require_actor()
        made = rules.set_missing_defaults(
            session, context.clock(), form.decision.data or "", account_id=actor.account_id
        )
        flash(_("%(number)s regler är satta.", number=made), "good")
        return redirect(url_for("city.retention"))
    present = rules.rules_of(session)
    proposed = [(rules.KINDS[kind], *rules.DEFAULTS[kind]) for kind in RecordKind if kind not in present]
    return render_template(
        "city/retention/defaults.html", form=form, proposed=proposed, events=rules.EVENT_TEXTS, breadcrumbs=_crumbs()
    )


@blueprint.route("/gallring/stopp", methods=["GET", "POST"])
@requires(Right.MANAGE_RETENTION)
def retention_hold() -> str | Response:
    """Stop erasure while something is asked for."""
    form = HoldForm()
    form.offer_rounds(_rounds())
    if form.validate_on_submit():
        holds.place_hold(
            context.session(),
            context.clock(),
            reason=form.reason.data or "",
            account_id=require_actor().account_id,
            round_id=int(form.round_id.data) if form.round_id.data else None,
            kind=RecordKind(form.kind.data) if form.kind.data else None,
        )
        flash(_("Gallringen är stoppad."), "good")
        return redirect(url_for("city.retention"))
    return render_template("city/retention/hold.html", form=form, breadcrumbs=_crumbs())


@blueprint.post("/gallring/stopp/<int:hold_id>/hav")
@requires(Right.MANAGE_RETENTION)
def retention_hold_lift(hold_id: int) -> Response:
    """Let erasure go on."""
    holds.lift_hold(context.session(), context.clock(), hold_id, account_id=require_actor().account_id)
    flash(_("Stoppet är hävt."), "good")
    return redirect(url_for("city.retention"))
