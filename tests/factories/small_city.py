"""A demo city of a few dozen people: three units, one of them merged from two."""

from datetime import date

from enkat.demo.cities import EARLIER, LATER, CityPlan, SuccessionPlan, Trait, UnitPlan, organisation_number
from enkat.records.organisations import OperatingForm, SuccessionKind

_UNITS = (
    ("ASP", "Aspen", OperatingForm.MUNICIPAL, "Norra", 24, 26, (Trait.FULL_RESPONSE,)),
    ("BOK", "Boken", OperatingForm.PRIVATE_CHOICE, "Norra", 20, 22, ()),
    ("ENE", "Enen", OperatingForm.MUNICIPAL, "Södra", 0, 24, (Trait.IMPROVED,)),
    ("FUR", "Furan", OperatingForm.MUNICIPAL, "Södra", 12, 0, ()),
    ("GRN", "Granen", OperatingForm.MUNICIPAL, "Södra", 10, 0, ()),
    ("HAS", "Hasseln", OperatingForm.PRIVATE_CHOICE, "Södra", 4, 4, ()),
)


def tiny_city() -> CityPlan:
    """Return the plan."""
    units = tuple(
        UnitPlan(
            code=code,
            name=name,
            provider="Provstadens hemtjänst" if form is OperatingForm.MUNICIPAL else f"{name} AB (exempel)",
            organisation_number=organisation_number(
                *(("212000", 901) if form is OperatingForm.MUNICIPAL else ("559907", number))
            ),
            form=form,
            district=district,
            sizes={EARLIER: earlier, LATER: later},
            valid_from=date(2024, 1, 1) if earlier == 0 else date(2018, 1, 1),
            traits=frozenset(traits),
        )
        for number, (code, name, form, district, earlier, later, traits) in enumerate(_UNITS)
    )
    merged = SuccessionPlan(("FUR", "GRN"), ("ENE",), date(2024, 1, 1), SuccessionKind.MERGED)
    return CityPlan("pytteby", "Pytteby", 3, "utf-8-sig", units, (merged,), {"BOK": 15})
