"""A thousand tagged letters of two pages with QR codes; four times as many people."""

import tempfile
from pathlib import Path

from bench.children import Cost, cost
from bench.figures import Figure
from bench.measures.pages import scrypt_seconds
from bench.world import empty
from enkat.clock import system_clock
from enkat.records.engine import make_engine, make_sessions
from enkat.records.letters import LetterFormat
from enkat.services.jobs.running import run_waiting
from enkat.services.letters.ordering import order_letters
from enkat.services.rounds.opening import open_round
from enkat.settings import Environment, Secrets, Settings
from tests.factories.ballots import LOG2_N
from tests.factories.rounds import HOME, catalogue, planned_round, small_register

LETTERS = 1_000
GROWTH = 4
SECONDS_BUDGET = 10.0
MEMORY_BUDGET = 300.0
GROWTH_BUDGET = 5.0


def _settings(url: str, folder: str) -> Settings:
    return Settings(
        environment=Environment.TEST, data_dir=Path(folder), database_url=url, scrypt_log2_n=LOG2_N, tick_in_serve=False
    )


def _fill(url: str, folder: str, people: int) -> int:
    settings = _settings(url, folder)
    with make_sessions(make_engine(url))() as session:
        each = people // 3
        small_register(session, {"BJÖ": each, "GRA": each, "EKE": people - 2 * each})
        round_ = planned_round(session, system_clock, languages=["sv"], instruments=[(HOME, "hemtjanst")])
        open_round(session, system_clock, settings, Secrets(settings), round_.id, None, catalogue())
        return round_.id


def make(url: str, folder: str, round_id: int, file_format: str) -> None:
    """Order a batch and run the job."""
    settings = _settings(url, folder)
    sessions = make_sessions(make_engine(url))
    with sessions() as session:
        order_letters(session, system_clock, round_id, LetterFormat(file_format), account_id=None)
    if run_waiting(sessions, system_clock, settings, Secrets(settings)) != 1:
        raise RuntimeError("The letters' job did not run.")


def _batch(people: int, file_format: LetterFormat) -> Cost:
    with empty("sqlite") as url, tempfile.TemporaryDirectory(prefix="enkat-letters-") as folder:
        round_id = _fill(url, folder, people)
        return cost(make, url, folder, round_id, file_format.value)


def measure() -> list[Figure]:
    """Measure PDF letters."""
    pdf, quarter = _batch(LETTERS, LetterFormat.PDF), _batch(LETTERS // GROWTH, LetterFormat.PDF)
    scrypt = scrypt_seconds(LOG2_N) * LETTERS
    group = f"{LETTERS} letters"
    return [
        Figure(group, "tagged PDF with QR, CPU without scrypt", pdf.cpu - scrypt, "s", SECONDS_BUDGET),
        Figure(group, "tagged PDF with QR, largest process", pdf.peak, "MiB", MEMORY_BUDGET),
        Figure(f"{GROWTH}× people", "PDF letters, CPU", pdf.cpu / quarter.cpu, "×", GROWTH_BUDGET),
    ]
