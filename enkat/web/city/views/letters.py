"""Letters of a round: order, follow, fetch, note as printed, make again; protected identities one by one."""

from flask import Response, abort, flash, redirect, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse
from wtforms.fields.choices import SelectChoice

from enkat.languages import sv_key
from enkat.records.invitations import CodeKind
from enkat.records.jobs import Job
from enkat.records.letters import BatchState, LetterBatch, LetterFormat, QuestionnaireKind
from enkat.records.letters_queries import batches_of
from enkat.records.rounds import RoundUnit, SurveyRound
from enkat.records.status_queries import round_units
from enkat.records.writing import writing
from enkat.services.accounts.rights import Actor, Right
from enkat.services.audit.recording import record
from enkat.services.faults import Fault, NotFoundFault
from enkat.services.letters.erasing import mark_printed
from enkat.services.letters.files import existing_file
from enkat.services.letters.ordering import ShopFile, get_batch, order_letters
from enkat.services.letters.protected import make_protected_letter, waiting_protected
from enkat.services.letters.reissuing import JAMMABLE, reissue_batch
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.letters import JammedForm, OrderForm, PrintedForm
from enkat.web.city.views.rounds import crumbs, find, render
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell
from enkat.web.shared.login import require_actor

TAGS = {
    BatchState.ORDERED: ("info", "Görs"),
    BatchState.READY: ("warning", "Klart att skriva ut"),
    BatchState.PRINTED: ("good", "Utskrivet"),
    BatchState.JAMMED: ("bad", "Fastnade"),
    BatchState.ERASED: ("neutral", "Filen raderad"),
}
KIND_WORDS = {CodeKind.LETTER: "Brev", CodeKind.REMINDER: "Påminnelse"}
DISTRICT, UNIT = "district", "unit"


def sender() -> Actor:
    """Return who acts; letters go out for the whole city only."""
    actor = require_actor()
    if not actor.may(Right.MANAGE_LETTERS):
        abort(403)
    return actor


def _places(units: list[RoundUnit]) -> list[SelectChoice]:
    districts = {unit.district_id: unit.district_name for unit in units}
    choices = [SelectChoice("", _("Hela staden"))]
    for district_id, name in sorted(districts.items(), key=lambda item: sv_key(item[1])):
        choices.append(SelectChoice(f"{DISTRICT}:{district_id}", _("Stadsdelen %(name)s", name=name)))
        own = sorted((unit for unit in units if unit.district_id == district_id), key=lambda unit: sv_key(unit.name))
        choices += [SelectChoice(f"{UNIT}:{unit.unit_id}", f"{unit.name} ({name})") for unit in own]
    return choices


def place_names(units: list[RoundUnit]) -> dict[tuple[str, int], str]:
    """Return the names of districts and units by kind and id."""
    names = {(UNIT, unit.unit_id): unit.name for unit in units}
    return names | {(DISTRICT, unit.district_id): unit.district_name for unit in units}


def _shop_file(chosen: str) -> ShopFile:
    return "xlsx" if chosen == "xlsx" else "csv"


def _order(form: OrderForm, round_: SurveyRound, actor: Actor) -> LetterBatch:
    kind, _sep, number = (form.place.data or "").partition(":")
    return order_letters(
        context.session(),
        context.clock(),
        round_.id,
        LetterFormat.PDF if form.format.data == "pdf" else LetterFormat.PRINT_SHOP,
        district_id=int(number) if kind == DISTRICT else None,
        unit_id=int(number) if kind == UNIT else None,
        kind=CodeKind(form.kind.data),
        shop_file=_shop_file(form.format.data),
        questionnaire=QuestionnaireKind(form.questionnaire.data) if form.questionnaire.data else None,
        account_id=actor.account_id,
    )


@blueprint.route("/omgangar/<short_name>/brev", methods=["GET", "POST"])
@requires(Right.MANAGE_LETTERS)
def round_letters(short_name: str) -> str | AnyResponse:
    """Order letters, and list the batches."""
    actor, session, round_ = sender(), context.session(), find(short_name)
    units = round_units(session, round_.id)
    form = OrderForm()
    form.place.choices = _places(units)
    if round_.loose_codes:
        form.kind.choices = [SelectChoice(CodeKind.LETTER.value, _("Lappar med koder som inte är utskrivna"))]
    if form.validate_on_submit():
        try:
            batch = _order(form, round_, actor)
        except Fault as fault:
            tell(form, fault)
        else:
            return redirect(url_for("city.job", job_id=batch.job_id))
    return render(
        "letters/list",
        round_,
        form=form,
        batches=batches_of(session, round_.id),
        tags=TAGS,
        kinds=KIND_WORDS,
        places=place_names(units),
        days=context.settings().letter_days,
        may_protected=actor.may(Right.HANDLE_PROTECTED),
        proofs=True,
    )


def _batch(short_name: str, batch_id: int) -> tuple[SurveyRound, LetterBatch]:
    round_, batch = find(short_name), get_batch(context.session(), batch_id)
    if batch.round_id != round_.id or batch.protected:
        raise NotFoundFault(_("Utskicket finns inte. Välj ett i listan."))
    return round_, batch


@blueprint.get("/omgangar/<short_name>/brev/<int:batch_id>")
@requires(Right.MANAGE_LETTERS)
def round_letter_batch(short_name: str, batch_id: int) -> str:
    """Show a batch and what can be done with it."""
    sender()
    round_, batch = _batch(short_name, batch_id)
    session = context.session()
    return render(
        "letters/batch",
        round_,
        batch=batch,
        job=session.get(Job, batch.job_id) if batch.job_id else None,
        file=existing_file(context.settings(), batch),
        printed_form=PrintedForm(),
        jammed_form=JammedForm(),
        jammable=batch.state in JAMMABLE,
        tags=TAGS,
        kinds=KIND_WORDS,
        places=place_names(round_units(session, round_.id)),
        breadcrumbs=_way(round_),
    )


def _way(round_: SurveyRound) -> list[tuple[str, str]]:
    return [*crumbs(round_), (_("Brev"), url_for("city.round_letters", short_name=round_.short_name))]


@blueprint.get("/omgangar/<short_name>/brev/<int:batch_id>/fil")
@requires(Right.MANAGE_LETTERS)
def round_letter_file(short_name: str, batch_id: int) -> AnyResponse:
    """Hand over the file; every time is logged."""
    actor = sender()
    round_, batch = _batch(short_name, batch_id)
    path = existing_file(context.settings(), batch)
    if path is None:
        raise NotFoundFault(_("Filen är raderad. Gör om utskicket om breven inte kom iväg."))
    session = context.session()
    with writing(session):
        subject = f"letter_batch:{batch.id}"
        record(session, context.clock(), account_id=actor.account_id, action="letters.fetched", subject=subject)
    name = f"brev-{round_.short_name}-{batch.id}{path.suffix}"
    return send_file(path.resolve(), as_attachment=True, download_name=name, max_age=0)


@blueprint.post("/omgangar/<short_name>/brev/<int:batch_id>/utskrivet")
@requires(Right.MANAGE_LETTERS)
def round_letters_printed(short_name: str, batch_id: int) -> AnyResponse:
    """Note a batch as printed and erase its file."""
    actor = sender()
    _round, batch = _batch(short_name, batch_id)
    form = PrintedForm()
    if form.validate_on_submit():
        mark_printed(context.session(), context.clock(), context.settings(), batch.id, actor.account_id)
        flash(_("Utskicket är märkt som utskrivet. Filen är raderad."), "good")
    else:
        flash(_("Bekräfta att breven är utskrivna innan filen raderas."), "warning")
    return redirect(url_for("city.round_letter_batch", short_name=short_name, batch_id=batch_id))


@blueprint.post("/omgangar/<short_name>/brev/<int:batch_id>/gor-om")
@requires(Right.MANAGE_LETTERS)
def round_letters_again(short_name: str, batch_id: int) -> AnyResponse:
    """Make a batch again that got stuck."""
    actor = sender()
    _round, batch = _batch(short_name, batch_id)
    form = JammedForm()
    if not form.validate_on_submit():
        flash(_("Välj om några av breven kan ha skickats."), "warning")
        return redirect(url_for("city.round_letter_batch", short_name=short_name, batch_id=batch_id))
    again = reissue_batch(
        context.session(),
        context.clock(),
        context.settings(),
        batch.id,
        some_left=form.some_left.data == "yes",
        shop_file=_shop_file(form.format.data),
        account_id=actor.account_id,
    )
    return redirect(url_for("city.job", job_id=again.job_id))


@blueprint.get("/omgangar/<short_name>/skyddade")
@requires(Right.HANDLE_PROTECTED)
def round_protected(short_name: str) -> str:
    """List the people with protected identity who have not answered; the look is logged."""
    round_ = find(short_name)
    people = waiting_protected(context.session(), context.clock(), require_actor(), round_.id)
    return render("letters/protected", round_, people=people)


@blueprint.post("/omgangar/<short_name>/skyddade/<key>")
@requires(Right.HANDLE_PROTECTED)
def round_protected_letter(short_name: str, key: str) -> Response:
    """Make one letter and hand it over; it is kept nowhere."""
    round_ = find(short_name)
    try:
        invitation_id = bytes.fromhex(key)
    except ValueError:
        abort(404)
    made = make_protected_letter(
        context.session(),
        context.clock(),
        context.settings(),
        context.secrets(),
        actor=require_actor(),
        round_id=round_.id,
        invitation_id=invitation_id,
    )
    headers = {"Content-Disposition": 'attachment; filename="brev.pdf"', "Cache-Control": "no-store"}
    return Response(made, mimetype="application/pdf", headers=headers)
