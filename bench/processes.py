"""Servers under measurement: started, asked for their CPU time, stopped."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 30.0
STOP_SECONDS = 15.0
WORKERS = 2
THREADS = 4


def _stat(pid: int) -> list[str] | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rpartition(")")[2].split()


def tree(pid: int) -> set[int]:
    """Return a process and its descendants."""
    numbers = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    parents = {number: int(stat[1]) for number in numbers if (stat := _stat(number)) is not None}
    found = {pid}
    while True:
        more = {child for child, parent in parents.items() if parent in found} - found
        if not more:
            return found
        found |= more


def _process_clock(pid: int) -> int:
    """Return the clock that counts a process's CPU time, as the C library's `clock_getcpuclockid` does."""
    return (~pid << 3) | 2


def cpu_seconds(*pids: int) -> float:
    """Return the user and system time of the living processes of some trees, to the nanosecond.

    What `/proc` tells comes in steps of 10 ms a process, which is more than a page costs.
    """
    total = 0
    for pid in set().union(*(tree(root) for root in pids)):
        with suppress(OSError):  # it has just ended
            total += time.clock_gettime_ns(_process_clock(pid))
    return total / 1e9


def peak_mebibytes(pid: int) -> float:
    """Return the largest memory that a process has held; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass(frozen=True)
class Server:
    """A running server."""

    pid: int
    port: int


def wait_for_port(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until a process answers on its port."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The server stopped with {process.returncode}.")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("The server did not start in time.")


@contextmanager
def gunicorn(
    target: str, environment: Mapping[str, str], workers: int = WORKERS, logs: Path | None = None
) -> Iterator[Server]:
    """Serve a WSGI app as in production: worker processes with threads; with `logs` it tells there all that it can."""
    port = free_port()
    telling: tuple[str, ...] = ("--log-level", "warning")
    if logs is not None:
        files = ("--access-logfile", str(logs / "access.log"), "--error-logfile", str(logs / "server.log"))
        telling = ("--log-level", "debug", "--capture-output", *files)
    command = [
        *(sys.executable, "-m", "gunicorn", "--chdir", str(ROOT), "--bind", f"127.0.0.1:{port}"),
        *("--workers", str(workers), "--worker-class", "gthread", "--threads", str(THREADS)),
        *("--keep-alive", "30", *telling, target),
    ]
    process = subprocess.Popen(command, env=os.environ | dict(environment), cwd=ROOT)
    try:
        wait_for_port(process, port)
        yield Server(process.pid, port)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
