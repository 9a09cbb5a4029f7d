"""A clock that stands still until a test moves it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

START = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
"""A Monday morning in the autumn, 10:00 in Stockholm."""


@dataclass
class FixedClock:
    """Answers the same moment every time it is asked."""

    now: datetime = START

    def __call__(self) -> datetime:
        """Return the present moment."""
        return self.now

    def advance(self, **span: float) -> None:
        """Move on by a span in `timedelta`'s words, for example `days=3`."""
        self.now += timedelta(**span)
