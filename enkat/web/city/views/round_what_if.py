"""What a planned round would give and cost under other assumptions: everything follows from the address."""

from flask import request
from flask_babel import gettext as _
from markupsafe import Markup

from enkat.documents.charts.drawing import Caption, Interval
from enkat.documents.charts.intervals import interval_chart
from enkat.services.accounts.rights import Right
from enkat.services.rounds.expectations import WhatIf, what_if
from enkat.statistics.planning import Assumption, Costs, ModeCost, PlanError
from enkat.statistics.targets import Target, TargetError
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.what_if import WhatIfForm
from enkat.web.city.views.round_plan import plan_pages, planned
from enkat.web.city.views.rounds import render
from enkat.web.shared.access import requires

CHART_LIMIT = 40


@blueprint.get("/omgangar/<short_name>/plan/rakna")
@requires(Right.SEE_ROUNDS)
def round_what_if(short_name: str) -> str:
    """Show every unit's expected answers, uncertainty and chance of a verdict, and the price of three ways to ask."""
    round_ = planned(short_name)
    form = WhatIfForm(request.args or None)
    found: WhatIf | None = None
    if not request.args or form.validate():
        try:
            found = _answer(form, round_.id)
        except (PlanError, TargetError) as error:
            form.form_errors.append(str(error))
    return render(
        "rounds/what_if",
        round_,
        form=form,
        found=found,
        picture=None if found is None else _chart(found, form),
        chart_limit=CHART_LIMIT,
        pages=plan_pages(round_),
        current="rakna",
    )


def _answer(form: WhatIfForm, round_id: int) -> WhatIf:
    modes = [
        ModeCost(form.paper_part.part, float(form.paper_price.number)),
        ModeCost(form.web_part.part, float(form.web_price.number)),
        ModeCost(form.phone_part.part, float(form.phone_price.number)),
    ]
    costs = Costs(float(form.fixed.number), float(form.per_invitation.number), modes)
    assumed = Assumption(form.rate.part, form.share.part, form.margin.part)
    return what_if(context.session(), round_id, assumed, Target.percent(form.target.number), costs)


def _chart(found: WhatIf, form: WhatIfForm) -> Markup:
    """Draw the assumed share with each unit's expected uncertainty; the writer of the chart escapes the texts."""
    share = form.share.part
    rows = [
        Interval(unit.name, share, max(share - plan.half_width, 0), min(share + plan.half_width, 1))
        for unit, plan in zip(found.units, found.plans.values(), strict=True)
        if plan.answers
    ]
    caption = Caption(
        _("Väntad osäkerhet per enhet"),
        _("Punkten är andelen du antog. Strecket är så brett som intervallet väntas bli. Streckad linje: målet."),
        "what-if",
    )
    picture = interval_chart(rows[:CHART_LIMIT], caption, target=form.target.part)
    return Markup(picture)  # noqa: S704 - escaped there
