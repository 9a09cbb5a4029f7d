"""The city staff's main navigation: what each link leads to and the right it takes."""

from flask_babel import lazy_gettext as _l

from enkat.services.accounts.rights import Right
from enkat.web.shared.staff_layout import Item

ITEMS = (
    Item(_l("Start"), "city.start", None, "start"),
    Item(_l("Mina enheter"), "provider.start", Right.SEE_OWN_RESULTS, "start"),
    Item(_l("Omgångar"), "city.rounds", Right.SEE_ROUNDS, "round"),
    Item(_l("Register"), "city.register", Right.SEE_REGISTER, "register"),
    Item(_l("Resultat"), "city.results", Right.SEE_INTERNAL_RESULTS, "results"),
    Item(_l("Mål"), "city.targets", Right.SEE_INTERNAL_RESULTS, "target"),
    Item(_l("Andras undersökningar"), "city.external_series_list", Right.SEE_INTERNAL_RESULTS, "external_series"),
    Item(_l("Dialog"), "city.dialogues", Right.KEEP_DIALOGUES, "dialogue"),
    Item(_l("Fritext"), "city.free_texts", Right.READ_FREE_TEXTS, "free_texts"),
    Item(_l("Intervjuer"), "interviewer.start", Right.INTERVIEW, "interviewer"),
    Item(_l("Oro"), "city.concerns", Right.HANDLE_CONCERNS, "concern"),
    Item(_l("Kontakter"), "city.contacts", Right.MANAGE_CONTACTS, "contact"),
    Item(_l("Enkäter"), "city.instruments", Right.SEE_INSTRUMENTS, "instrument"),
    Item(_l("Konton"), "city.accounts", Right.MANAGE_ACCOUNTS, "account"),
    Item(_l("Logg"), "city.audit_log", Right.SEE_AUDIT, "audit"),
    Item(_l("Gallring"), "city.retention", Right.MANAGE_RETENTION, "retention"),
    Item(_l("Inställningar"), "city.settings", Right.MANAGE_SETTINGS, "settings"),
)
