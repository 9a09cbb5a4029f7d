"""One tick: everything that is done without anybody waiting for a page."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session, sessionmaker

from enkat.clock import Clock
from enkat.services.accounts.sessions import clear_old_sessions
from enkat.services.jobs.running import run_waiting
from enkat.services.keys.confirming import remind_holders
from enkat.services.letters.erasing import erase_old_files
from enkat.services.messages.sending import send_waiting
from enkat.services.results.report_batch import erase_old_reports
from enkat.services.retention.erasing import erase_daily
from enkat.services.safety.heartbeat import beat
from enkat.services.waves.driving import erase_old_messages, send_waves, start_due_waves
from enkat.services.waves.returning import read_bounces
from enkat.settings import Secrets, Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tick:
    """What a tick did; `failed` names the parts that could not be done now."""

    jobs: int
    messages: int
    letter_files: int
    erased: int
    failed: tuple[str, ...]


def _with_session(sessions: sessionmaker[Session], work: Callable[[Session], int]) -> int:
    with sessions() as session:
        return work(session)


def tick(sessions: sessionmaker[Session], clock: Clock, settings: Settings, secrets: Secrets) -> Tick:
    """Run waiting jobs, hand over messages and erase what is due; one part that fails does not stop the others."""
    failed: list[str] = []

    def part(name: str, work: Callable[[], int]) -> int:
        try:
            return work()
        except Exception as error:  # noqa: BLE001  # the next tick tries again; no values reach the log
            logger.error("tick: %s failed with %s", name, type(error).__name__)  # noqa: TRY400
            failed.append(name)
            return 0

    part("key holders", lambda: remind_holders(sessions, clock, settings))
    part("waves", lambda: start_due_waves(sessions, clock))
    jobs = part("jobs", lambda: run_waiting(sessions, clock, settings, secrets))
    messages = part("messages", lambda: send_waiting(sessions, clock, settings, secrets))
    messages += part("waves' messages", lambda: send_waves(sessions, clock, settings, secrets))
    part("returned mail", lambda: _with_session(sessions, lambda session: read_bounces(session, settings)))
    part("message files", lambda: erase_old_messages(settings, clock))
    letter_files = part(
        "letter files", lambda: _with_session(sessions, lambda session: erase_old_files(session, clock, settings))
    )
    part("reports", lambda: erase_old_reports(clock, settings))
    erased = part("retention", lambda: _with_session(sessions, lambda session: erase_daily(session, clock, settings)))
    part("logins", lambda: _with_session(sessions, lambda session: clear_old_sessions(session, clock, settings)))
    beat(settings, clock)
    return Tick(jobs, messages, letter_files, erased, tuple(failed))
