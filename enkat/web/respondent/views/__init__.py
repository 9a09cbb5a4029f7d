"""Views of respondents, one module per step."""

from enkat.web.respondent.views import (
    code,
    fault_form,
    information,
    media,
    question,
    received,
    review,
    start,
    switch,
    who,
)

__all__ = ["code", "fault_form", "information", "media", "question", "received", "review", "start", "switch", "who"]
