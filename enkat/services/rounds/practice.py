"""Practice rounds: everything as in a real one, marked on every page and letter, never counted with others."""

from enkat.records.rounds import SurveyRound

WATERMARK = "ÖVNING"
EXPLANATION = "Det här är en övning. Svaren räknas inte med i någon undersökning."


def mark_of(round_: SurveyRound) -> str:
    """Return the sentence that pages of a practice round carry; empty for a real round."""
    return EXPLANATION if round_.practice else ""
