"""Which units a page of results lists: by name, district and operating form, in the order that a heading asks for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import request

from enkat.languages import sv_key
from enkat.services.results.figures import Figure, View
from enkat.services.results.groups import Group, GroupKind
from enkat.services.results.reading import ResultUnit

SortKey = Callable[[Figure], tuple[object, ...]]


def _unit(figure: Figure) -> ResultUnit:
    if figure.group.unit is None:
        raise ValueError(f"{figure.group.key} is no unit")
    return figure.group.unit


SORTS: Final[Mapping[str, SortKey]] = {
    "namn": lambda figure: (sv_key(figure.group.name),),
    "stadsdel": lambda figure: (sv_key(_unit(figure).district_name),),
    "regiform": lambda figure: (sv_key(_unit(figure).operating_form_label),),
    "brukare": lambda figure: (figure.clients,),
    "svar": lambda figure: (figure.answered,),
    "svarsfrekvens": lambda figure: (figure.response_rate if figure.shown else -1.0,),
    "andel": lambda figure: (figure.share if figure.shown else -1.0,),
}


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """What the reader asks for; empty for all."""

    text: str = ""
    district: str = ""
    form: str = ""
    sort: str = "namn"
    order: str = "asc"

    @classmethod
    def asked(cls) -> "UnitChoice":
        """Read the page's address."""
        sort = request.args.get("sort", "namn")
        return cls(
            text=request.args.get("q", "").strip(),
            district=request.args.get("stadsdel", ""),
            form=request.args.get("regiform", ""),
            sort=sort if sort in SORTS else "namn",
            order="desc" if request.args.get("order") == "desc" else "asc",
        )

    def __bool__(self) -> bool:
        return bool(self.text or self.district or self.form)

    def fits(self, group: Group) -> bool:
        """Whether a unit is among those asked for."""
        unit = group.unit
        if unit is None:
            return False
        words = f"{group.name} {unit.code} {unit.provider_name}".casefold()
        return (
            self.text.casefold() in words
            and self.district in {"", str(unit.district_id)}
            and self.form in {"", unit.operating_form}
        )

    def in_order(self, figures: Sequence[Figure]) -> list[Figure]:
        """Sort figures of units; equal ones by name."""
        by_name = sorted(figures, key=SORTS["namn"])
        return sorted(by_name, key=SORTS[self.sort], reverse=self.order == "desc")


def unit_figures(view: View, question: int, choice: UnitChoice) -> list[Figure]:
    """Return the chosen units' figures of a question, by name."""
    found = [view.figure(index, question) for index, group in view.groups(GroupKind.UNIT) if choice.fits(group)]
    return sorted(found, key=SORTS["namn"])


def unit_options(view: View) -> dict[str, list[tuple[str, str]]]:
    """Return the districts and operating forms that a filter offers, by name."""
    units = [group.unit for _index, group in view.groups(GroupKind.UNIT) if group.unit is not None]
    districts = {str(unit.district_id): unit.district_name for unit in units}
    forms = {unit.operating_form: unit.operating_form_label for unit in units}
    return {
        "districts": sorted(districts.items(), key=lambda item: sv_key(item[1])),
        "forms": sorted(forms.items(), key=lambda item: sv_key(item[1])),
    }
