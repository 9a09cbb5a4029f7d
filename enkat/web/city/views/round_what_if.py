"""What a planned round would give and cost under other assumptions: everything follows from the address."""

from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from markupsafe import Markup

from enkat.documents.charts.distribution import Distribution, Part, distribution_chart
from enkat.documents.charts.drawing import Caption, Interval
from enkat.documents.charts.intervals import interval_chart
from enkat.records.rounds import SurveyRound
from enkat.services.accounts.rights import Right
from enkat.services.rounds.expectations import WhatIf, what_if
from enkat.services.targets.planning import Goals, goals_of
from enkat.statistics.planning import Assumption, Chances, Costs, ModeCost, PlanError
from enkat.statistics.targets import TargetError
from enkat.statistics.unit_plans import Scenario
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.what_if import WhatIfForm
from enkat.web.city.views.round_plan import plan_pages, planned
from enkat.web.city.views.rounds import catalogue, render
from enkat.web.shared.access import requires
from enkat.web.shared.login import require_actor

CHART_LIMIT = 40
LIKELY = 0.8
"""Chance from which a verdict is counted on, as for the smallest change that is found."""


@dataclass(frozen=True)
class Tried:
    """A target that the round is tried against: what it is about, every unit's chances, and their picture."""

    question: str
    scenario: Scenario
    chances: list[Chances]
    picture: Markup

    @property
    def truth(self) -> str:
        """The share taken to be true, in percent as it was written."""
        return f"{self.scenario.truth * 100:g}".replace(".", ",")

    @property
    def likely(self) -> int:
        """Units that can count on a verdict, whichever it is."""
        return sum(one.met + one.not_met >= LIKELY for one in self.chances)


@blueprint.get("/omgangar/<short_name>/plan/rakna")
@requires(Right.SEE_ROUNDS)
def round_what_if(short_name: str) -> str:
    """Show every unit's expected answers, uncertainty and chances of verdicts, and the price of three ways to ask."""
    round_ = planned(short_name)
    questions = [(name, str(question.text("sv"))) for name, question in catalogue().core.items()]
    form, goals = _form(round_, {name for name, _text in questions})
    form.offer(questions)
    found: WhatIf | None = None
    tried: list[Tried] = []
    if not request.args or form.validate():
        try:
            asked = form.tried
            found = what_if(context.session(), round_.id, _assumed(form), [one for _name, one in asked], _costs(form))
            tried = _tried(found, asked, dict(questions))
        except (PlanError, TargetError) as error:
            form.form_errors.append(str(error))
    return render(
        "rounds/what_if",
        round_,
        form=form,
        goals=goals,
        found=found,
        tried=tried,
        modes=(_("Papper"), _("Webb"), _("Telefon")),
        picture=None if found is None else _widths(found, form),
        chart_limit=CHART_LIMIT,
        pages=plan_pages(round_),
        current="rakna",
    )


def _form(round_: SurveyRound, questions: set[str]) -> tuple[WhatIfForm, Goals]:
    """Return the form as it was sent, or filled in with the city's own targets for the round's year."""
    if request.args:
        return WhatIfForm(request.args), Goals()
    goals = goals_of(context.session(), require_actor(), round_)
    rows = [
        {"question": one.question_id, "target": one.percent} | ({} if one.truth is None else {"truth": one.truth})
        for one in goals.goals
        if one.question_id in questions
    ]
    return WhatIfForm(None, data={"goals": rows}), goals


def _assumed(form: WhatIfForm) -> Assumption:
    return Assumption(form.rate.part, form.share.part, form.margin.part)


def _costs(form: WhatIfForm) -> Costs:
    modes = [
        ModeCost(form.paper_part.part, float(form.paper_price.number)),
        ModeCost(form.web_part.part, float(form.web_price.number)),
        ModeCost(form.phone_part.part, float(form.phone_price.number)),
    ]
    return Costs(float(form.fixed.number), float(form.per_invitation.number), modes)


def _tried(found: WhatIf, asked: list[tuple[str, Scenario]], texts: dict[str, str]) -> list[Tried]:
    names = [unit.name for unit in found.units]
    tried = []
    for number, (question, scenario) in enumerate(asked):
        chances = [plan.chances[number] for plan in found.plans.values()]
        picture = _chances(names, chances, number)
        tried.append(Tried(texts.get(question, ""), scenario, chances, picture))
    return tried


def _chances(names: list[str], chances: list[Chances], number: int) -> Markup:
    """Draw how likely each verdict is in every unit; the writer of the chart escapes the texts."""
    rows = [
        Distribution(
            name,
            [
                Part(_("uppnått"), one.met, positive=True),
                Part(_("går inte att avgöra"), one.undetermined, positive=False),
                Part(_("inte uppnått"), one.not_met, positive=False),
            ],
        )
        for name, one in zip(names[:CHART_LIMIT], chances, strict=False)
    ]
    description = _("Så troligt är varje besked i enheterna. Samma siffror står i tabellen.")
    caption = Caption(_("Chans till besked"), description, f"chances-{number}")
    return Markup(distribution_chart(rows, caption))  # noqa: S704 - escaped there


def _widths(found: WhatIf, form: WhatIfForm) -> Markup:
    """Draw the assumed share with each unit's expected uncertainty; the writer of the chart escapes the texts."""
    share = form.share.part
    rows = [
        Interval(unit.name, share, max(share - plan.half_width, 0), min(share + plan.half_width, 1))
        for unit, plan in zip(found.units, found.plans.values(), strict=True)
        if plan.answers
    ]
    caption = Caption(
        _("Väntad osäkerhet per enhet"),
        _("Punkten är andelen du antog. Strecket är så brett som intervallet väntas bli."),
        "what-if",
    )
    return Markup(interval_chart(rows[:CHART_LIMIT], caption))  # noqa: S704 - escaped there
