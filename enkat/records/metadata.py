"""All models in one place, so that migrations and tests see the whole schema."""

from enkat.records import (
    accounts,
    answers,
    audit,
    ballots,
    clients,
    imports,
    invitations,
    jobs,
    keys,
    letters,
    organisations,
    outbox,
    releases,
    retention,
    rounds,
    throttle,
)
from enkat.records.base import Base

MODULES = (
    accounts,
    answers,
    audit,
    ballots,
    clients,
    imports,
    invitations,
    jobs,
    keys,
    letters,
    organisations,
    outbox,
    releases,
    retention,
    rounds,
    throttle,
)

metadata = Base.metadata
