"""A server that can be killed, and respondents who stand at the review page ready to send."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

from bench.journeys import enter
from bench.processes import ROOT, free_port, tree
from bench.visitor import Page, Visitor

START_SECONDS = 60.0
BROKEN = (OSError, http.client.HTTPException)
"""What a visitor meets when the server dies in the middle."""


@dataclass
class KillableServer:
    """gunicorn with two workers in a process group of its own."""

    environment: Mapping[str, str]
    workers: int = 2
    threads: int = 4
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.port = self.port or free_port()
        command = [
            *(sys.executable, "-m", "gunicorn", "--chdir", str(ROOT), "--bind", f"127.0.0.1:{self.port}"),
            *("--workers", str(self.workers), "--worker-class", "gthread", "--threads", str(self.threads)),
            *("--keep-alive", "60", "--log-level", "critical", "bench.our_app:app"),
        ]
        environment = os.environ | dict(self.environment)
        self._process = subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("The server did not start in time.")

    @property
    def pid(self) -> int:
        """The server's main process."""
        if self._process is None:
            raise RuntimeError("The server is not running.")
        return self._process.pid

    def worker_pids(self) -> list[int]:
        """Return the worker processes that live now."""
        return sorted(tree(self.pid) - {self.pid})

    def kill_worker(self, choice: int) -> bool:
        """Kill a worker with SIGKILL; the server starts another. False when none was alive."""
        workers = self.worker_pids()
        if not workers:
            return False
        try:
            os.kill(workers[choice % len(workers)], signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def kill_all(self) -> None:
        """Kill the whole server with SIGKILL, with every worker that it has or is just making."""
        if self._process is None:
            return
        os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None


@dataclass(frozen=True)
class Ready:
    """A browser that stands at the review page: its cookies, and what its Send button would post."""

    visitor: Visitor
    path: str
    fields: dict[str, str]


def at_review(port: int, short_name: str, code: str) -> Ready:
    """Enter a code and go to the review page."""
    visitor = Visitor(port)
    entered = enter(visitor, short_name, code)
    page = visitor.get(f"/o/{short_name}/granska")
    if page.path.endswith("/vem"):
        form = next(form for form in page.forms if form.choices)
        chosen = {name: values[0] for name, values in form.choices.items()}
        visitor.post(form.action or page.path, {**form.fields, **chosen})
        page = visitor.get(f"/o/{short_name}/granska")
    review = next((form for form in page.forms if "version" in form.fields), None)
    if review is None:
        raise RuntimeError(f"The review page was not reached: {entered.path}, {page.path} ({page.status}).")
    return Ready(visitor, review.action or page.path, review.fields)


def other_tab(port: int, ready: Ready) -> Ready:
    """Return another window of the same browser: own connection, same cookies, same page."""
    tab = Visitor(port)
    tab._cookies = dict(ready.visitor._cookies)  # noqa: SLF001 - what a browser shares between its windows
    return Ready(tab, ready.path, ready.fields)


def send_from(ready: Ready) -> Page:
    """Press Send and return what came."""
    return ready.visitor.post(ready.path, ready.fields)
