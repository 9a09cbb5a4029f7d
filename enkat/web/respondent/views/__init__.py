"""Views of respondents, one module per step."""

from enkat.web.respondent.views import (
    code,
    fault_form,
    information,
    question,
    received,
    review,
    start,
    switch,
    who,
)

__all__ = ["code", "fault_form", "information", "question", "received", "review", "start", "switch", "who"]
