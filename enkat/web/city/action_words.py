"""The log's actions and subjects in plain Swedish."""

ACTIONS = {
    "account.closed": "Konto stängt",
    "account.created": "Konto skapat",
    "account.invited": "Inbjudan skickad på nytt",
    "account.invited_again": "Ny länk efter en som gått ut",
    "account.opened": "Konto öppnat",
    "backup.made": "Säkerhetskopia gjord",
    "backup.restored": "Databas återläst",
    "backup.verified": "Säkerhetskopia provad",
    "free_text.read": "Fritext läst",
    "historic_round.added": "Äldre omgång inlagd",
    "historic_round.figures": "Äldre siffror inlagda",
    "invitation.corrected": "Inbjudan rättad",
    "keys.made": "Nycklar gjorda",
    "keys.rehearsed": "Räkningen övad",
    "keys.replaced": "Nyckelinnehavare bytt",
    "keys.shredded": "Nyckeldel förstörd",
    "letters.code_killed": "Kod spärrad",
    "letters.erased": "Brevfil raderad",
    "letters.jammed": "Brev gjorda på nytt",
    "letters.ordered": "Brev beställda",
    "letters.printed": "Brev utskrivna",
    "login.code_failed": "Fel engångskod",
    "login.failed": "Fel lösenord",
    "login.succeeded": "Inloggning",
    "logout": "Utloggning",
    "password.changed": "Lösenord bytt",
    "person.extracted": "Utdrag om en person",
    "protected.letter": "Brev till skyddad person",
    "protected.listed": "Lista över skyddade personer visad",
    "recovery_codes.renewed": "Reservkoder gjorda på nytt",
    "register.abandoned": "Inläsning avbruten",
    "register.applied": "Register inläst",
    "register.district_succession": "Samband mellan stadsdelar",
    "register.person_read": "Person i registret visad",
    "register.provider_changed": "Utförare ändrad",
    "register.staged": "Fil till registret lämnad",
    "register.succession": "Samband mellan enheter",
    "register.succession_removed": "Samband mellan enheter borttaget",
    "results.exported": "Resultat utlämnat",
    "results.exported_unsuppressed": "Resultat utan skydd uttaget",
    "retention.erased": "Gallrat",
    "retention.hold_lifted": "Gallringsstopp hävt",
    "retention.hold_placed": "Gallringsstopp",
    "retention.rule_set": "Gallringsregel ändrad",
    "role.granted": "Roll given",
    "role.revoked": "Roll borttagen",
    "round.box_destroyed": "Urna förstörd",
    "round.changed": "Omgång ändrad",
    "round.closed": "Omgång stängd",
    "round.counted": "Omgång räknad",
    "round.opened": "Omgång öppnad",
    "round.planned": "Omgång planerad",
    "second_factor.added": "App för engångskoder kopplad",
}

SUBJECTS = {
    "account": "konto",
    "backup": "säkerhetskopia",
    "client": "person",
    "database": "databasen",
    "district": "stadsdel",
    "historic_round": "äldre omgång",
    "import": "inläsning",
    "invitation": "inbjudan",
    "key_holder": "nyckelinnehavare",
    "letter_batch": "brev",
    "letters": "brev",
    "protocol": "protokoll",
    "provider": "utförare",
    "release": "utlämning",
    "retention_hold": "gallringsstopp",
    "retention_rule": "gallringsregel",
    "round": "omgång",
    "unit": "enhet",
}


def action_words(action: str) -> str:
    """Return an action in words; one without words stands as it is."""
    return ACTIONS.get(action, action)


def subject_words(subject: str) -> str:
    """Return a subject in words: `konto 7`."""
    kind, _, number = subject.partition(":")
    return f"{SUBJECTS.get(kind, kind)} {'okänt' if number == 'unknown' else number}".strip()
