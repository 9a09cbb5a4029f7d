"""Keying: scan a sheet, type one key per question, Enter, next sheet. The code's keys lie in the cookie meanwhile."""

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from enkat.records.concerns import ConcernSource
from enkat.records.rounds import SurveyRound
from enkat.services.accounts.rights import Right
from enkat.services.concerns.registering import register_concern
from enkat.services.faults import ConflictFault, Fault
from enkat.services.paper.keying import (
    OpenSheet,
    Stage,
    adjudicate,
    differing_fields,
    find_sheet,
    key_sheet,
    put_blank_back,
)
from enkat.services.paper.scanning import scan
from enkat.web import context
from enkat.web.paper.blueprint import blueprint
from enkat.web.paper.forms.keying import KEY, TEXT, ConcernForm, deciding_form, keying_form
from enkat.web.paper.forms.opening import ScanForm
from enkat.web.paper.rounds import crumbs, desk_of, paper_round
from enkat.web.shared import answer_cookie
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell
from enkat.web.shared.languages import gettext as _
from enkat.web.shared.login import require_actor

CODE_FIELD, KEYS_FIELD = "code", "keys"


def _mark(sheet: OpenSheet) -> str:
    """Return what a form carries to say which sheet its keys belong to, should two windows be open."""
    return f"{sheet.batch_number}-{sheet.position}"


def _next(short_name: str) -> Response:
    response = redirect(url_for("paper.key_desk", short_name=short_name, _anchor=CODE_FIELD), code=303)
    answer_cookie.forget(response)
    return response


def _held(round_: SurveyRound) -> OpenSheet:
    """Return the sheet whose keys the browser holds; ConflictFault when it holds none, or another than the form's."""
    held = answer_cookie.read()
    if held is None or held.round_id != round_.id:
        raise ConflictFault(_("Läs av ett blad först."))
    account_id = require_actor().account_id
    sheet = find_sheet(context.session(), _, round_id=round_.id, keys=held.keys, account_id=account_id)
    if request.method == "POST" and request.form.get("sheet") != _mark(sheet):
        raise ConflictFault(_("Ett annat blad är öppet i ett annat fönster. Läs av bladet igen."))
    return sheet


@blueprint.route("/<short_name>/skriv", methods=["GET", "POST"])
@requires(Right.KEY_PAPER)
def key_desk(short_name: str) -> str | Response:
    """Scan the sheet that is to be keyed."""
    round_ = paper_round(short_name)
    form = ScanForm()
    if form.validate_on_submit():
        session, account_id = context.session(), require_actor().account_id
        try:
            keys, _row = scan(session, context.clock(), desk_of(round_), form.code.data or "")
            find_sheet(session, _, round_id=round_.id, keys=keys, account_id=account_id)
        except Fault as fault:
            tell(form, Fault(fault.sentence, CODE_FIELD))
        else:
            response = redirect(url_for("paper.key_page", short_name=short_name, _anchor=KEYS_FIELD), code=303)
            answer_cookie.write(response, round_.id, keys)
            return response
    return render_template("paper/scan.html", round=round_, form=form, breadcrumbs=crumbs(round_))


@blueprint.route("/<short_name>/skriv/blad", methods=["GET", "POST"])
@requires(Right.KEY_PAPER)
def key_page(short_name: str) -> str | Response:
    """Key the sheet in hand, or decide what it says where two keyings differ."""
    round_ = paper_round(short_name)
    try:
        sheet = _held(round_)
        if sheet.stage is Stage.ADJUDICATE:
            return _decide(round_, sheet)
        return _key(round_, sheet)
    except ConflictFault as fault:
        flash(fault.sentence, "warning")
        return _next(short_name)


def _show(round_: SurveyRound, sheet: OpenSheet, template: str, form: FlaskForm, **values: object) -> str:
    if not form.is_submitted():
        form.sheet.data = _mark(sheet)
    return render_template(
        f"paper/{template}.html", round=round_, sheet=sheet, form=form, breadcrumbs=crumbs(round_), **values
    )


def _key(round_: SurveyRound, sheet: OpenSheet) -> str | Response:
    form = keying_form(sheet.texts)
    session, clock, account_id = context.session(), context.clock(), require_actor().account_id
    if request.form.get("do") == "blank" and form.is_submitted():
        put_blank_back(session, clock, sheet, account_id=account_id)
        flash(_("Formuläret var tomt. Personen kan svara igen. Lägg bladet för sig."), "info")
        return _next(round_.short_name)
    if form.validate_on_submit():
        texts = {name: (form[TEXT + name].data or "").replace("\r\n", "\n").strip() for name, *_words in sheet.texts}
        try:
            differing = key_sheet(session, clock, sheet, typed=form["keys"].data, texts=texts, account_id=account_id)
        except ConflictFault:
            raise
        except Fault as fault:
            tell(form, fault)
        else:
            _tell(sheet, [one.number for one in differing])
            return _next(round_.short_name)
    return _show(round_, sheet, "key", form)


def _tell(sheet: OpenSheet, differing: list[str]) -> None:
    where = {"batch": sheet.batch_number, "place": sheet.position}
    if differing:
        said = _("Bunt %(batch)s, blad %(place)s: inskrivningarna skiljer sig. Läs av bladet igen och avgör.", **where)
        flash(said, "warning")
    else:
        flash(_("Sparat: bunt %(batch)s, blad %(place)s.", **where), "good")


def _decide(round_: SurveyRound, sheet: OpenSheet) -> str | Response:
    differing = differing_fields(context.session(), sheet)
    form = deciding_form([one for one, *_keys in differing])
    if form.validate_on_submit():
        right = {one.number: (form[KEY + one.number].data or "").casefold() for one, *_keys in differing}
        account_id = require_actor().account_id
        try:
            adjudicate(context.session(), context.clock(), sheet, right=right, account_id=account_id)
        except ConflictFault:
            raise
        except Fault as fault:
            tell(form, fault)
        else:
            flash(_("Avgjort: bunt %(batch)s, blad %(place)s.", batch=sheet.batch_number, place=sheet.position), "good")
            return _next(round_.short_name)
    said = [(one, one.words(_, first), one.words(_, second)) for one, first, second in differing]
    return _show(round_, sheet, "decide", form, said=said)


@blueprint.route("/<short_name>/skriv/oro", methods=["GET", "POST"])
@requires(Right.KEY_PAPER)
def worry(short_name: str) -> str | Response:
    """Note what worries about the sheet in hand: the unit is named, never the person."""
    round_ = paper_round(short_name)
    try:
        sheet = _held(round_)
    except ConflictFault as fault:
        flash(fault.sentence, "warning")
        return _next(short_name)
    form = ConcernForm()
    if form.validate_on_submit():
        try:
            register_concern(
                context.session(),
                context.clock(),
                round_id=round_.id,
                unit_id=sheet.found.unit_id,
                source=ConcernSource.PAPER,
                description=form.description.data or "",
                account_id=require_actor().account_id,
            )
        except Fault as fault:
            tell(form, fault)
        else:
            flash(_("Tack. Oron är lämnad vidare. Skriv nu in bladet."), "good")
            return redirect(url_for("paper.key_page", short_name=short_name, _anchor=KEYS_FIELD), code=303)
    return _show(round_, sheet, "worry", form, routine=context.settings().concern_routine)
