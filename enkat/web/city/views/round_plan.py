"""Planning a round in steps; each step is a page that can be left and come back to until the round opens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from enkat.instruments.comparability import Comparability
from enkat.instruments.vocabulary import ServiceType
from enkat.languages import sv_key
from enkat.records.organisations import providers
from enkat.records.round_kinds import RoundKind
from enkat.records.rounds import Design, FormPer, RoundState, SurveyRound
from enkat.records.rounds_queries import unit_periods
from enkat.services.accounts.rights import Right
from enkat.services.faults import Fault
from enkat.services.rounds.bridges import declare_bridge, differences_from_last
from enkat.services.rounds.composing import compose_all, possible_instruments
from enkat.services.rounds.expectations import expectations
from enkat.services.rounds.framing import FramePreview, build_frame
from enkat.services.rounds.particulars import missing_particulars
from enkat.services.rounds.planning import Handout, RoundPlan, change_plan, plan_of, plan_round
from enkat.services.rounds.release_plans import BREAKDOWNS, possible_breakdowns, protection_of
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.rounds import (
    WITH_REGISTER,
    BasicsForm,
    BridgeForm,
    FormalForm,
    NewRoundForm,
    PeopleForm,
    QuestionsForm,
    ResultsForm,
    handout_form,
    people_form,
    sample_form,
    supplement_choices,
)
from enkat.web.city.views.rounds import catalogue, crumbs, find, manager, render
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell_all

FORMAL = (
    "responsible_board",
    "frame_source",
    "legal_basis",
    "dpo_contact",
    "registry_number",
    "phone",
    "phone_hours",
    "urgent_phone",
    "complaint_phone",
    "complaint_address",
    "results_month",
    "return_address",
    "second_keying_percent",
    "keying_error_permille",
)
BASICS = ("title", "short_name", "reference_date", "opens_on", "closes_on", "interval_years", "practice")


@dataclass(frozen=True)
class PlanStep:
    """A page of the plan: how its form is made from the plan, and how the plan takes it in."""

    name: str
    label: LazyString
    form: Callable[[RoundPlan], FlaskForm]
    values: Callable[[Any], dict[str, Any]]


def _basics_form(plan: RoundPlan) -> FlaskForm:
    return BasicsForm(data={name: getattr(plan, name) for name in BASICS})


def _texts(form: FlaskForm, names: Sequence[str]) -> dict[str, Any]:
    return {name: value.strip() if isinstance(value := form[name].data, str) else value for name in names}


def _people_form(plan: RoundPlan) -> FlaskForm:
    values = {} if plan.loose_codes else {name: getattr(plan, name) for name in WITH_REGISTER}
    return people_form(possible_instruments(catalogue(), plan.kind, loose=plan.loose_codes), plan.instruments, **values)


def _people(form: PeopleForm) -> dict[str, Any]:
    if "design" not in form:
        return {"instruments": form.instruments()}
    design = Design(form.design.data)
    kept: dict[str, Any] = {} if design is Design.SAMPLE else {"sample_sizes": {}, "sample_seed": None}
    return {
        **kept,
        "instruments": form.instruments(),
        "form_per": FormPer(form.form_per.data),
        "include_only_alarm": form.include_only_alarm.data,
        "minimum_age": form.minimum_age.data,
        "maximum_age": form.maximum_age.data,
        "design": design,
    }


def _questions_form(plan: RoundPlan) -> FlaskForm:
    names = ("languages", "faces", "supplements", "staff_may_help", "bookable_assistant")
    form = QuestionsForm(data={name: getattr(plan, name) for name in names})
    form.supplements.choices = supplement_choices(catalogue(), [instrument for _, instrument in plan.instruments])
    return form


def _questions(form: QuestionsForm) -> dict[str, Any]:
    names = ("languages", "faces", "supplements", "staff_may_help", "bookable_assistant")
    return _texts(form, names)


def _results_form(plan: RoundPlan) -> FlaskForm:
    form = ResultsForm(
        data={
            "threshold_internal": plan.threshold_internal,
            "threshold_public": plan.threshold_public,
            "breakdowns": plan.release_plan.get("breakdowns", []),
            "protection": protection_of(plan.release_plan).value,
        }
    )
    form.threshold_internal.description = _("Lägst %(least)s.", least=plan.kind.rules.least)
    possible = possible_breakdowns(plan.kind, loose=plan.loose_codes)
    form.breakdowns.choices = [SelectChoice(name, BREAKDOWNS[name]) for name in possible]
    return form


def _results(form: ResultsForm) -> dict[str, Any]:
    return {
        "threshold_internal": form.threshold_internal.data,
        "threshold_public": form.threshold_public.data,
        "release_plan": {"breakdowns": form.breakdowns.data, "protection": form.protection.data},
    }


def _formal_form(plan: RoundPlan) -> FlaskForm:
    return FormalForm(data={name: getattr(plan, name) for name in FORMAL})


STEPS = (
    PlanStep("grund", _l("Namn och dagar"), _basics_form, lambda form: _texts(form, BASICS)),
    PlanStep("vilka", _l("Vilka som frågas"), _people_form, _people),
    PlanStep("fragor", _l("Frågor och hjälp"), _questions_form, _questions),
    PlanStep("resultat", _l("Vad som får visas"), _results_form, _results),
    PlanStep("uppgifter", _l("Formella uppgifter"), _formal_form, lambda form: _texts(form, FORMAL)),
)
BY_NAME = {step.name: step for step in STEPS}


def plan_pages(round_: SurveyRound) -> list[tuple[str, str, str]]:
    """Return the pages of a plan: name, label and address."""
    pages = [
        (step.name, str(step.label), url_for("city.round_plan", short_name=round_.short_name, step=step.name))
        for step in STEPS
    ]
    if round_.loose_codes:
        pages.insert(2, ("koder", _("Koder per enhet"), url_for("city.round_handouts", short_name=round_.short_name)))
    if round_.design is Design.SAMPLE:
        pages.insert(2, ("urval", _("Urval"), url_for("city.round_sample", short_name=round_.short_name)))
    if round_.previous_round_id is not None:
        pages.append(("jamforelse", _("Jämförelse"), url_for("city.round_bridges", short_name=round_.short_name)))
    pages.append(("ram", _("Kontrollera ramen"), url_for("city.round_frame", short_name=round_.short_name)))
    pages.append(("rakna", _("Räkna på omgången"), url_for("city.round_what_if", short_name=round_.short_name)))
    return pages


def planned(short_name: str) -> SurveyRound:
    """Return the round of an address; a Fault when it is opened."""
    round_ = find(short_name)
    if round_.state is not RoundState.PLANNED:
        raise Fault(_("Omgången är öppnad. Planen kan inte ändras längre."))
    return round_


def _next_page(round_: SurveyRound, name: str) -> str:
    pages = plan_pages(round_)
    place = [page[0] for page in pages].index(name)
    return pages[min(place + 1, len(pages) - 1)][2]


def _first_plan(form: NewRoundForm) -> RoundPlan:
    """Return the plan that a new round begins with, by whom it asks."""
    kind = RoundKind(form.kind.data)
    loose = form.loose_codes.data or False not in kind.rules.loose
    listed = [
        (service, found[0].id)
        for service, found in possible_instruments(catalogue(), kind, loose=loose).items()
        if service is not ServiceType.RELATIVES or kind is RoundKind.RELATIVES
    ]
    least = kind.rules.least
    return RoundPlan(
        kind=kind,
        loose_codes=loose,
        provider_id=int(form.provider_id.data) if form.provider_id.data else None,
        instruments=listed[:1] if loose else listed,
        faces=["plain", "easy", "proxy"] if kind.rules.asks_who else ["plain", "easy"],
        threshold_internal=least,
        threshold_public=max(least, RoundPlan.threshold_public),
        **_texts(form, BASICS),
    )


@blueprint.route("/omgangar/ny", methods=["GET", "POST"])
@requires(Right.MANAGE_ROUNDS)
def round_new() -> str | Response:
    """Begin a round with its name and days; everything else has a first value that later steps change."""
    manager()
    form = NewRoundForm()
    form.provider_id.choices = [
        SelectChoice("", _("Ingen")),
        *(SelectChoice(str(one.id), one.name) for one in providers(context.session())),
    ]
    if form.validate_on_submit():
        try:
            made = plan_round(context.session(), context.clock(), _first_plan(form))
        except Fault as fault:
            tell_all(form, fault)
        else:
            flash(_("Omgången är skapad. Fortsätt med vilka som ska frågas."), "good")
            return redirect(_next_page(made, "grund"))
    words = {"heading": _("Planera en omgång"), "action": _("Spara och fortsätt")}
    return render("one_form", form=form, breadcrumbs=crumbs(), **words)


@blueprint.route("/omgangar/<short_name>/plan/<step>", methods=["GET", "POST"])
@requires(Right.MANAGE_ROUNDS)
def round_plan(short_name: str, step: str) -> str | Response:
    """Show and change one step of the plan."""
    manager()
    if step not in BY_NAME:
        abort(404)
    session, round_, page = context.session(), planned(short_name), BY_NAME[step]
    plan = plan_of(session, round_)
    form = page.form(plan)
    if form.validate_on_submit():
        try:
            round_ = change_plan(session, context.clock(), round_.id, replace(plan, **page.values(form)))
        except Fault as fault:
            tell_all(form, fault)
        else:
            flash(_("Sparat."), "good")
            return redirect(_next_page(round_, step))
    return render("rounds/plan", round_, form=form, step=page, pages=plan_pages(round_), current=step)


@blueprint.route("/omgangar/<short_name>/plan/urval", methods=["GET", "POST"])
@requires(Right.MANAGE_ROUNDS)
def round_sample(short_name: str) -> str | Response:
    """Say how many are asked in each sampled unit."""
    manager()
    session, round_ = context.session(), planned(short_name)
    if round_.design is not Design.SAMPLE:
        raise Fault(_("Omgången frågar alla. Välj urval i steget om vilka som får frågan, om bara några ska få den."))
    plan, frame = plan_of(session, round_), build_frame(session, round_.id)
    form = sample_form([(unit.unit_id, unit.name, unit.n) for unit in frame.units], plan.sample_sizes)
    if form.validate_on_submit():
        sizes = {
            int(name.removeprefix("unit_")): size for name, size in form.data.items() if name != "csrf_token" and size
        }
        try:
            change_plan(session, context.clock(), round_.id, replace(plan, sample_sizes=sizes))
        except Fault as fault:
            tell_all(form, fault)
        else:
            flash(_("Sparat."), "good")
            return redirect(_next_page(round_, "urval"))
    return render("rounds/sample", round_, form=form, pages=plan_pages(round_), current="urval")


@blueprint.route("/omgangar/<short_name>/plan/koder", methods=["GET", "POST"])
@requires(Right.MANAGE_ROUNDS)
def round_handouts(short_name: str) -> str | Response:
    """Say how many loose codes each unit hands out, and to how many people."""
    manager()
    session, round_ = context.session(), planned(short_name)
    if not round_.loose_codes:
        raise Fault(_("Omgången frågar dem som står i registret. Den har inga koder att dela ut."))
    plan = plan_of(session, round_)
    form = handout_form(_handout_units(session, round_), plan.handouts)
    if form.validate_on_submit():
        try:
            change_plan(session, context.clock(), round_.id, replace(plan, handouts=_handouts(form)))
        except Fault as fault:
            tell_all(form, fault)
        else:
            flash(_("Sparat."), "good")
            return redirect(_next_page(round_, "koder"))
    return render("rounds/handouts", round_, form=form, pages=plan_pages(round_), current="koder")


def _handout_units(session: Session, round_: SurveyRound) -> list[tuple[int, str]]:
    """Return the units that may hand out codes, by district and name: a provider's own survey has its own units."""
    periods = unit_periods(session, round_.reference_date).values()
    own = [one for one in periods if round_.provider_id in {None, one.provider_id}]
    own.sort(key=lambda one: (sv_key(one.district.name), sv_key(one.name)))
    return [(one.unit_id, one.name) for one in own]


def _handouts(form: FlaskForm) -> dict[int, Handout]:
    """Return what was written; people without codes are told as a fault."""
    found = {}
    for name, value in form.data.items():
        if name.startswith("codes_"):
            people = form[name.replace("codes_", "people_")].data
            if value is not None or people is not None:
                found[int(name.removeprefix("codes_"))] = Handout(codes=value or 0, people=people)
    return found


@blueprint.route("/omgangar/<short_name>/plan/jamforelse", methods=["GET", "POST"])
@requires(Right.MANAGE_ROUNDS)
def round_bridges(short_name: str) -> str | Response:
    """Say how changed core questions compare with the last round's."""
    manager()
    session, round_ = context.session(), planned(short_name)
    instruments, _faults = compose_all(catalogue(), round_)
    differences = differences_from_last(session, round_, instruments)
    declared = {bridge.question_id: bridge for bridge in round_.bridges}
    forms = {name: BridgeForm(prefix=f"{name}-", data=_bridge_data(declared.get(name))) for name in differences}
    for name, form in forms.items():
        if form.reason.name in request.form and form.validate_on_submit():
            value = Comparability(form.comparability.data)
            declare_bridge(session, round_.id, name, value, form.reason.data or "")
            flash(_("Sparat."), "good")
            return redirect(url_for("city.round_bridges", short_name=short_name))
    return render(
        "rounds/bridges",
        round_,
        differences=differences,
        forms=forms,
        declared=declared,
        faulty=any(form.errors for form in forms.values()),
        pages=plan_pages(round_),
        current="jamforelse",
    )


@blueprint.get("/omgangar/<short_name>/ram")
@requires(Right.SEE_ROUNDS)
def round_frame(short_name: str) -> str:
    """Show the frame in dry figures: N per unit, who is asked, what to expect."""
    session, round_ = context.session(), find(short_name)
    frame = build_frame(session, round_.id)
    is_planned = round_.state is RoundState.PLANNED
    return render(
        "rounds/frame",
        round_,
        frame=frame,
        expected=expectations(frame.units),
        by=_by_class(frame),
        lacks=missing_particulars(session, round_.id, catalogue(), frame) if is_planned else [],
        pages=plan_pages(round_) if is_planned else [],
        current="ram",
    )


def _by_class(frame: FramePreview) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return the frame's counts by service, sex and age group, with Swedish names."""
    tables: list[tuple[str, dict[Any, int]]] = [(_("Insats"), {}), (_("Kön"), {}), (_("Ålder"), {})]
    for (_unit, service, sex, age), n in frame.cells.items():
        for (_name, counts), key in zip(tables, (service, sex, age), strict=True):
            counts[key] = counts.get(key, 0) + n
    return [(name, [(key.label, n) for key, n in sorted(counts.items())]) for name, counts in tables]


def _bridge_data(bridge: Any) -> dict[str, Any]:
    return {} if bridge is None else {"comparability": bridge.comparability.value, "reason": bridge.reason}
