"""All models in one place, so that migrations and tests see the whole schema."""

from enkat.records import (
    accounts,
    answers,
    audit,
    ballots,
    calls,
    clients,
    concerns,
    external_series,
    imports,
    invitations,
    jobs,
    keys,
    letters,
    organisations,
    outbox,
    paper,
    releases,
    retention,
    rounds,
    targets,
    throttle,
    waves,
)
from enkat.records.base import Base

MODULES = (
    accounts,
    answers,
    audit,
    ballots,
    calls,
    clients,
    concerns,
    external_series,
    imports,
    invitations,
    jobs,
    keys,
    letters,
    organisations,
    outbox,
    paper,
    releases,
    retention,
    rounds,
    targets,
    throttle,
    waves,
)

metadata = Base.metadata
