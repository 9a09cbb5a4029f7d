"""Work measured in a process of its own: time, CPU and the largest memory, children included."""

import json
import multiprocessing
import os
import resource
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.processes import peak_mebibytes, tree

POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Cost:
    """What a piece of work took: seconds on the clock, CPU seconds, and memory in MiB (before, and at most)."""

    wall: float
    cpu: float
    idle: float
    peak: float

    @property
    def above_idle(self) -> float:
        """The memory that the work itself asked for."""
        return self.peak - self.idle


def _cpu() -> float:
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in found)


def _largest(seen: list[float], done: threading.Event) -> None:
    """Note the largest memory of this process or any that it starts, until `done`."""
    while not done.wait(POLL_SECONDS):
        seen.extend(peak_mebibytes(pid) for pid in tree(os.getpid()))


def _run(step: Callable[..., Any], arguments: tuple[Any, ...], out: Any) -> None:
    idle = peak_mebibytes(os.getpid())
    seen, done = [idle], threading.Event()
    watcher = threading.Thread(target=_largest, args=(seen, done))
    watcher.start()
    begun, cpu = time.perf_counter(), _cpu()
    step(*arguments)
    wall, spent = time.perf_counter() - begun, _cpu() - cpu
    done.set()
    watcher.join()
    out.send(json.dumps([wall, spent, idle, max(*seen, peak_mebibytes(os.getpid()))]))


def cost(step: Callable[..., Any], *arguments: Any) -> Cost:
    """Run `step(*arguments)` in a new process and return what it cost."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(step, arguments, sender))
    process.start()
    process.join()
    if process.exitcode != 0:
        raise RuntimeError(f"{step.__name__} ended with {process.exitcode}.")
    return Cost(*json.loads(receiver.recv()))
