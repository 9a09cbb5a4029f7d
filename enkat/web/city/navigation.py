"""The staff pages' main navigation: what each leads to and the right it takes."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from enkat.services.accounts.rights import Actor, Right


@dataclass(frozen=True)
class Item:
    """A link in the navigation; without a right it is for everybody who is logged in."""

    label: LazyString
    endpoint: str
    right: Right | None
    section: str
    """The noun that the section's endpoints begin with; marks where the reader is."""


ITEMS = (
    Item(_l("Start"), "city.start", None, "start"),
    Item(_l("Omgångar"), "city.rounds", Right.SEE_ROUNDS, "round"),
    Item(_l("Register"), "city.register", Right.SEE_REGISTER, "register"),
    Item(_l("Resultat"), "city.results", Right.SEE_INTERNAL_RESULTS, "results"),
    Item(_l("Mål"), "city.targets", Right.SEE_INTERNAL_RESULTS, "target"),
    Item(_l("Andras undersökningar"), "city.external_series_list", Right.SEE_INTERNAL_RESULTS, "external_series"),
    Item(_l("Fritext"), "city.free_texts", Right.READ_FREE_TEXTS, "free_texts"),
    Item(_l("Oro"), "city.concerns", Right.HANDLE_CONCERNS, "concern"),
    Item(_l("Enkäter"), "city.instruments", Right.SEE_INSTRUMENTS, "instrument"),
    Item(_l("Konton"), "city.accounts", Right.MANAGE_ACCOUNTS, "account"),
    Item(_l("Logg"), "city.audit_log", Right.SEE_AUDIT, "audit"),
    Item(_l("Gallring"), "city.retention", Right.MANAGE_RETENTION, "retention"),
    Item(_l("Inställningar"), "city.settings", Right.MANAGE_SETTINGS, "settings"),
)


def items_for(actor: Actor | None) -> list[Item]:
    """Return the links that an actor may follow."""
    if actor is None:
        return []
    return [item for item in ITEMS if item.right is None or actor.holds(item.right)]
