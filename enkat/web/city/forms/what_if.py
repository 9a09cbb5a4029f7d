"""What is assumed about a planned round; sent as a query, so that an assumption has an address."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField, SelectField, StringField
from wtforms.form import BaseForm
from wtforms.validators import NumberRange, Optional, StopValidation

from enkat.ballots.vocabulary import Mode
from enkat.services.rounds.field_board import Prices
from enkat.services.targets.planning import MOST
from enkat.statistics.targets import Target
from enkat.statistics.unit_plans import Scenario

HUNDRED = 100
SHORT = {"class": "short", "inputmode": "decimal", "autocomplete": "off"}
RANGED = SHORT | {"data-range": "0 100"}
"""The page's script puts a slider beside the field."""


class NumberField(StringField):
    """A number written as Swedes write it, with a comma or a point."""

    data: Decimal | None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number; what was written stays in the field, and one that is not asked about has its first value."""
        if not valuelist:
            return
        text = str(valuelist[0]).replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
        self.data = None
        if text:
            try:
                number = Decimal(text.removesuffix("%").replace(",", "."))
            except InvalidOperation:
                raise ValueError(_("Skriv ett tal, till exempel 60.")) from None
            if not number.is_finite():
                raise ValueError(_("Skriv ett tal, till exempel 60."))
            self.data = number

    def pre_validate(self, form: BaseForm) -> None:
        """Say nothing more of what is no number."""
        del form
        if self.process_errors:
            raise StopValidation

    @property
    def number(self) -> Decimal:
        """The number, 0 where nothing was written."""
        return self.data or Decimal(0)

    @property
    def part(self) -> float:
        """The number as a share: percent of 1."""
        return float(self.number) / HUNDRED

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data).replace(".", ",")


def _between(lowest: float, highest: float = 100) -> NumberRange:
    message = _l("Skriv ett tal större än 0 och högst %(highest)s.", highest=f"{highest:g}")
    if lowest == 0:
        message = _l("Skriv ett tal från 0 till %(highest)s.", highest=f"{highest:g}")
    return NumberRange(lowest, highest, message)


def _percent(
    label: Any,
    default: int,
    lowest: float = 0.1,
    highest: float = 100,
    looks: Mapping[str, str] = SHORT,
    **more: Any,
) -> NumberField:
    checks = [_between(lowest, highest)]
    return NumberField(label, default=Decimal(default), validators=checks, render_kw=dict(looks), **more)


def _price(label: Any) -> NumberField:
    checks = [Optional(), NumberRange(min=0, message=_l("Ett pris är 0 eller mer."))]
    return NumberField(label, default=Decimal(0), validators=checks, render_kw=SHORT)


class FieldCostForm(FlaskForm):
    """What field work costs; the parts of the modes are known from the counters."""

    class Meta:
        """No token: nothing is changed."""

        csrf = False

    fixed = _price(_l("Fast kostnad, kronor"))
    per_invitation = _price(_l("Kostnad per tillfrågad, kronor"))
    paper_price = _price(_l("Kostnad per svar på papper, kronor"))
    web_price = _price(_l("Kostnad per svar på webben, kronor"))
    phone_price = _price(_l("Kostnad per svar per telefon, kronor"))
    interviewer_price = _price(_l("Kostnad per svar vid besök, kronor"))

    @property
    def prices(self) -> Prices:
        """The prices, 0 where nothing was written."""
        by_mode = {
            Mode.PAPER: self.paper_price,
            Mode.WEB: self.web_price,
            Mode.PHONE: self.phone_price,
            Mode.INTERVIEWER: self.interviewer_price,
        }
        return Prices(
            float(self.fixed.number),
            float(self.per_invitation.number),
            {mode: float(price.number) for mode, price in by_mode.items()},
        )


class GoalForm(Form):
    """A target that the round is tried against, and the share that is taken to be true; empty rows are left out."""

    question = SelectField(_l("Fråga"), default="")
    target = NumberField(_l("Mål, procent"), validators=[Optional(), _between(0.1)], render_kw=SHORT)
    truth = NumberField(
        _l("Sann andel, procent"), default=Decimal(85), validators=[Optional(), _between(0)], render_kw=RANGED
    )

    def scenario(self, share: float) -> Scenario | None:
        """Return the target and the share taken to be true, ``share`` where none is written; None for an empty row."""
        if self.target.data is None:
            return None
        return Scenario(Target.percent(self.target.data), share if self.truth.data is None else self.truth.part)


class WhatIfForm(FlaskForm):
    """Assumptions, targets and prices; the modes' parts are those of comparable surveys until others are written."""

    class Meta:
        """No token: nothing is changed."""

        csrf = False

    rate = _percent(
        _l("Svarsfrekvens, procent"), 60, looks=RANGED, description=_l("Så många av de tillfrågade som svarar.")
    )
    share = _percent(
        _l("Andel positiva, procent"),
        85,
        lowest=0,
        looks=RANGED,
        description=_l("För osäkerheten: den är störst vid 50 procent."),
    )
    margin = _percent(_l("Önskad felmarginal, procentenheter"), 10, highest=99, looks=RANGED | {"data-range": "1 30"})
    goals = FieldList(FormField(GoalForm), max_entries=MOST)
    fixed = _price(_l("Fast kostnad, kronor"))
    per_invitation = _price(_l("Kostnad per tillfrågad, kronor"))
    paper_part = _percent(_l("Svar på papper, procent av svaren"), 65, lowest=0)
    paper_price = _price(_l("Kostnad per svar på papper, kronor"))
    web_part = _percent(_l("Svar på webben, procent av svaren"), 20, lowest=0)
    web_price = _price(_l("Kostnad per svar på webben, kronor"))
    phone_part = _percent(_l("Svar per telefon, procent av svaren"), 15, lowest=0)
    phone_price = _price(_l("Kostnad per svar per telefon, kronor"))

    def offer(self, questions: Sequence[tuple[str, str]]) -> None:
        """Name the questions that a target may be about, and keep one empty row to write the next one in."""
        if len(self.goals) < MOST and all(row.form.target.data is not None for row in self.goals):
            self.goals.append_entry()
        for row in self.goals:
            row.form.question.choices = [("", _("Ingen särskild fråga")), *questions]

    @property
    def tried(self) -> list[tuple[str, Scenario]]:
        """The targets that are tried: the question's id, empty for none, and the scenario."""
        rows = [(row.form.question.data or "", row.form.scenario(self.share.part)) for row in self.goals]
        return [(question, scenario) for question, scenario in rows if scenario is not None]
