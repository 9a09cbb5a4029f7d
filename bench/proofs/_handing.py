"""A process that hands over waves like `enkat tick` until it is killed or nothing waits; its clock keeps working days.

Arguments: which run it is (each begins after the lease of the one before has run out) and the mail server's port.
"""

import sys
import time
from datetime import UTC, datetime, timedelta

from enkat.clock import Clock
from enkat.records.engine import make_engine, make_sessions
from enkat.records.waves import WaveState
from enkat.records.waves_queries import channels_left, waves_in
from enkat.services.waves.driving import send_waves
from enkat.services.waves.sending import LEASE
from enkat.settings import Secrets, Settings

START = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
"""A Monday, 10:00 in Stockholm."""
FROM = "Mätstaden <enkat@matstaden.example>"


def clock_of(run: int) -> Clock:
    """Return a clock that goes on from the start, a lease later for each run."""
    begun = time.monotonic()
    first = START + run * (LEASE + timedelta(seconds=1))
    return lambda: first + timedelta(seconds=time.monotonic() - begun)


def main() -> None:
    """Hand over until nothing waits."""
    run, port = int(sys.argv[1]), int(sys.argv[2])
    settings = Settings().model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": port, "mail_to_clients_from": FROM})
    engine = make_engine(settings.resolved_database_url)
    sessions, clock, secrets = make_sessions(engine), clock_of(run), Secrets(settings)
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
