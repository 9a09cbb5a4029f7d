"""What must stand on every page and in every file of a round's results: whose it is, and what is not known."""

from enkat.records.round_kinds import RoundKind
from enkat.services.results.figures import View

NOT_POOLED = "Resultatet läggs aldrig ihop med stadens och jämförs inte med det."
NOT_CLIENTS = {
    RoundKind.RELATIVES: "Anhöriga har svarat. Där det står brukare menas de anhöriga som frågades.",
    RoundKind.STAFF: "Personal har svarat. Där det står brukare menas personalen som fick en kod.",
    RoundKind.OFFICIALS: "Handläggare och förtroendevalda har svarat. Där det står brukare menas de som fick en kod.",
}
WITHOUT_N = (
    "Ingen vet hur många som kunde svara. Siffrorna är andelen av dem som svarade, utan intervall: de säger inget om "
    "dem som inte svarade."
)


def notes_of(view: View) -> list[str]:
    """Return the sentences that belong to a round's figures; none for a user survey of the city."""
    survey_round = view.survey_round
    found = [f"{survey_round.label}. {NOT_POOLED}"] if survey_round.label else []
    if survey_round.kind in NOT_CLIENTS:
        found.append(NOT_CLIENTS[survey_round.kind])
    if not view.results.sized.all():
        found.append(WITHOUT_N)
    return found
