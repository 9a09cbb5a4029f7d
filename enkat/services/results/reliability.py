"""How well an instrument's core questions hang together, from the answers themselves."""

from collections.abc import Mapping

import numpy as np
from sqlalchemy.orm import Session

from enkat.records.answers import vectors_of
from enkat.services.results.reading import CountedRound
from enkat.statistics.reliability import Alpha, alpha


def alphas_of(session: Session, counted: CountedRound) -> Mapping[str, Alpha]:
    """Return Cronbach's alpha of each instrument's core questions, by the instrument's title.

    All scales run from the most positive answer; "vet inte" and blanks leave a respondent out.
    """
    found = {}
    for digest, instrument in counted.instruments.items():
        packed = vectors_of(session, counted.survey_round.id, digest)
        width = len(instrument.choice_questions)
        whole = [vector for vector in packed if len(vector) == width]
        answers = np.frombuffer(b"".join(whole), dtype=np.int8).reshape(len(whole), width)
        core = np.array([question.core for question in instrument.choice_questions], dtype=np.bool_)
        found[str(instrument.title_in("sv"))] = alpha(answers, core)
    return found
