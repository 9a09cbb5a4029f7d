"""What is assumed about a planned round; sent as a query, so that an assumption has an address."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import NumberRange, Optional

from enkat.ballots.vocabulary import Mode
from enkat.services.rounds.field_board import Prices

HUNDRED = 100
SHORT = {"class": "short", "inputmode": "decimal", "autocomplete": "off"}


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


def _percent(label: Any, default: int, lowest: float = 0.1, highest: float = 100, **more: Any) -> NumberField:
    message = _l("Skriv ett tal större än 0 och högst %(highest)s.", highest=f"{highest:g}")
    if lowest == 0:
        message = _l("Skriv ett tal från 0 till %(highest)s.", highest=f"{highest:g}")
    checks = [NumberRange(lowest, highest, message)]
    return NumberField(label, default=Decimal(default), validators=checks, render_kw=SHORT, **more)


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


class WhatIfForm(FlaskForm):
    """Assumptions and prices. The modes' parts are those of comparable surveys until somebody writes others."""

    class Meta:
        """No token: nothing is changed."""

        csrf = False

    rate = _percent(_l("Svarsfrekvens, procent"), 60, description=_l("Så många av de tillfrågade som svarar."))
    share = _percent(
        _l("Andel positiva, procent"), 85, lowest=0, description=_l("Så många av alla brukare som är positiva.")
    )
    margin = _percent(_l("Önskad felmarginal, procentenheter"), 10, highest=99)
    target = _percent(_l("Mål, procent"), 85, description=_l("Minst så många ska vara positiva."))
    fixed = _price(_l("Fast kostnad, kronor"))
    per_invitation = _price(_l("Kostnad per tillfrågad, kronor"))
    paper_part = _percent(_l("Svar på papper, procent av svaren"), 65, lowest=0)
    paper_price = _price(_l("Kostnad per svar på papper, kronor"))
    web_part = _percent(_l("Svar på webben, procent av svaren"), 20, lowest=0)
    web_price = _price(_l("Kostnad per svar på webben, kronor"))
    phone_part = _percent(_l("Svar per telefon, procent av svaren"), 15, lowest=0)
    phone_price = _price(_l("Kostnad per svar per telefon, kronor"))
