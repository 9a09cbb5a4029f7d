"""The opening desk: scan or type, read what became of the sheet, go on."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from enkat.records.paper_queries import filling_batch, last_sheet, uncoded_sheets
from enkat.records.rounds import SurveyRound
from enkat.services.accounts.rights import Right
from enkat.services.faults import Fault
from enkat.services.paper.opening import Opened, Outcome, add_uncoded, hand_over, open_sheet, undo_last
from enkat.web import context
from enkat.web.paper.blueprint import blueprint
from enkat.web.paper.forms.opening import ScanForm, UncodedForm
from enkat.web.paper.rounds import crumbs, desk_of, paper_round
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell
from enkat.web.shared.languages import gettext as _
from enkat.web.shared.login import require_actor

CODE_FIELD = "code"
"""The address ends so: the browser then puts the keyboard in the field, without a script."""


def _again(short_name: str) -> Response:
    return redirect(url_for("paper.open_desk", short_name=short_name, _anchor=CODE_FIELD), code=303)


def _show(round_: SurveyRound, form: ScanForm, uncoded: UncodedForm) -> str:
    session = context.session()
    batch = filling_batch(session, round_.id, require_actor().account_id)
    last = last_sheet(session, batch.id) if batch else None
    return render_template(
        "paper/open.html",
        round=round_,
        form=form,
        uncoded_form=uncoded,
        batch=batch,
        last=last,
        uncoded=uncoded_sheets(session, round_.id),
        breadcrumbs=crumbs(round_),
    )


def _tell(opened: Opened) -> None:
    """Say what became of a sheet, in words."""
    if opened.handed_over:
        flash(_("Bunt %(number)s är full. Lägg den till inskrivning.", number=opened.handed_over), "good")
    match opened.outcome:
        case Outcome.REGISTERED:
            said = _("Registrerat: bunt %(batch)s, blad %(place)s.", batch=opened.batch, place=opened.position)
            flash(said, "good")
        case Outcome.AGAIN:
            said = _(
                "Bladet är redan registrerat: bunt %(batch)s, blad %(place)s. Inget är ändrat.",
                batch=opened.batch,
                place=opened.position,
            )
            flash(said, "warning")
        case Outcome.DUPLICATE:
            flash(_("Ett svar har redan kommit med koden. Bladet räknas som dubblett. Lägg det för sig."), "warning")
        case Outcome.BLANK:
            flash(_("Formuläret är tomt. Inget är registrerat, så personen kan svara. Lägg det för sig."), "info")


@blueprint.route("/<short_name>/oppna", methods=["GET", "POST"])
@requires(Right.OPEN_PAPER)
def open_desk(short_name: str) -> str | Response:
    """Register a scanned sheet."""
    round_ = paper_round(short_name)
    form = ScanForm()
    if form.validate_on_submit():
        try:
            opened = open_sheet(
                context.session(),
                context.clock(),
                desk_of(round_),
                typed=form.code.data or "",
                blank=request.form.get("do") == "blank",
                account_id=require_actor().account_id,
            )
        except Fault as fault:
            tell(form, fault)
        else:
            _tell(opened)
            return _again(short_name)
    return _show(round_, form, UncodedForm(formdata=None))


@blueprint.post("/<short_name>/oppna/angra")
@requires(Right.OPEN_PAPER)
def undo_sheet(short_name: str) -> Response:
    """Take the last sheet from the own pile again."""
    round_ = paper_round(short_name)
    try:
        place = undo_last(context.session(), round_id=round_.id, account_id=require_actor().account_id)
    except Fault as fault:
        flash(fault.sentence, "warning")
    else:
        flash(_("Blad %(place)s är borttaget från bunten. Personen väntas svara igen.", place=place), "good")
    return _again(short_name)


@blueprint.post("/<short_name>/oppna/lamna")
@requires(Right.OPEN_PAPER)
def hand_over_pile(short_name: str) -> Response:
    """Hand the own pile on to keying."""
    round_ = paper_round(short_name)
    try:
        number, sheets = hand_over(context.session(), round_id=round_.id, account_id=require_actor().account_id)
    except Fault as fault:
        flash(fault.sentence, "warning")
    else:
        said = _("Bunt %(number)s är överlämnad: %(sheets)s blad. Skriv numret på den.", number=number, sheets=sheets)
        flash(said, "good")
    return _again(short_name)


@blueprint.post("/<short_name>/oppna/utan-kod")
@requires(Right.OPEN_PAPER)
def add_uncoded_sheet(short_name: str) -> str | Response:
    """Count a sheet without a code, or take one away that was counted by mistake."""
    round_ = paper_round(short_name)
    form, take_away = UncodedForm(), request.form.get("do") == "take_away"
    if not form.validate_on_submit():
        return _show(round_, ScanForm(formdata=None), form)
    mark = (form.unit.data or "").strip()
    try:
        add_uncoded(context.session(), round_id=round_.id, unit_mark=mark, take_away=take_away)
    except Fault as fault:
        tell(form, fault)
        return _show(round_, ScanForm(formdata=None), form)
    if take_away:
        flash(_("Ett blad utan kod är borttaget för %(unit)s.", unit=mark), "good")
    else:
        flash(_("Ett blad utan kod är noterat för %(unit)s. Det räknas inte. Lägg det för sig.", unit=mark), "good")
    return _again(short_name)
