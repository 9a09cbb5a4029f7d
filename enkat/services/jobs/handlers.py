"""The kinds of long work: a name each, with the function that does it."""

from collections.abc import Mapping
from types import MappingProxyType

from enkat.services.jobs.context import Handler
from enkat.services.letters.making import make_letters
from enkat.services.letters.ordering import LETTERS_JOB
from enkat.services.register.queueing import APPLY_JOB, CHECK_JOB, apply_queued, check_queued
from enkat.services.results.pattern_finding import make_patterns
from enkat.services.results.pattern_ordering import PATTERNS_JOB
from enkat.services.results.report_batch import REPORTS_JOB, make_reports
from enkat.services.waves.building import build_wave
from enkat.services.waves.planning import BUILD_JOB

HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        LETTERS_JOB: make_letters,
        CHECK_JOB: check_queued,
        APPLY_JOB: apply_queued,
        REPORTS_JOB: make_reports,
        PATTERNS_JOB: make_patterns,
        BUILD_JOB: build_wave,
    }
)
