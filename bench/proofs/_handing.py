"""A process that hands over waves like `enkat tick` until it is killed or nothing waits; its clock keeps working days.

Arguments: how many seconds after the start its clock begins (the lease of the run before has run out by then), and the
mail server's port.
"""

import sys
import time
from datetime import UTC, datetime, timedelta

from enkat.clock import Clock
from enkat.records.engine import make_engine, make_sessions
from enkat.records.waves import WaveState
from enkat.records.waves_queries import channels_left, waves_in
from enkat.services.waves.driving import send_waves
from enkat.settings import Secrets, Settings

START = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
"""A Monday, 10:00 in Stockholm."""
FROM = "Mätstaden <enkat@matstaden.example>"


def clock_of(later: float) -> Clock:
    """Return a clock that goes on from so many seconds after the start."""
    begun = time.monotonic()
    first = START + timedelta(seconds=later)
    return lambda: first + timedelta(seconds=time.monotonic() - begun)


def main() -> None:
    """Hand over until nothing waits."""
    later, port = float(sys.argv[1]), int(sys.argv[2])
    settings = Settings().model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": port, "mail_to_clients_from": FROM})
    engine = make_engine(settings.resolved_database_url)
    sessions, clock, secrets = make_sessions(engine), clock_of(later), Secrets(settings)
    while True:
        handed = send_waves(sessions, clock, settings, secrets)
        with sessions() as session:
            left = [channels_left(session, wave.id) for wave in waves_in(session, WaveState.SENDING)]
        if not any(left):
            break
        if not handed:
            time.sleep(0.05)
    engine.dispose()


if __name__ == "__main__":
    main()
