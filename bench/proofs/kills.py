"""SIGKILL of workers and of the whole server under traffic: every acknowledged send is stored exactly once."""

import random
import sys
import threading
import time
from dataclasses import dataclass, field

from sqlalchemy import func, select

from bench.figures import Figure, write
from bench.proofs._traffic import BROKEN, KillableServer, Ready, at_review, other_tab, send_from
from bench.world import World, world
from enkat.ballots.ballot import Ballot
from enkat.ballots.sealing import open_ballot
from enkat.records.ballots import Receipt, SealedBallot
from enkat.records.engine import make_sessions
from enkat.records.invitations import Invitation, InvitationStatus

KILLS = 104
SENDERS = 6
KINDS = ("sqlite", "postgresql")
WRONG = ("lost", "doubled", "half", "ghosts", "stuck")
_PAUSE = 0.5
"""At most so many seconds after an acknowledged send comes the next kill: on a slow machine too there is traffic."""
_PATIENCE = 60.0
THINKING = 0.3
"""Seconds between two people of one sender, so that the traffic lasts as long as the killing."""
_GIVE_UP_SECONDS = 90.0


@dataclass
class Traffic:
    """Respondents who send until told to stop, and try again when the server dies."""

    place: World
    server: KillableServer
    acknowledged: set[int] = field(default_factory=set)
    begun: set[int] = field(default_factory=set)
    retried: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)
    ready: list[Ready] = field(default_factory=list)
    _next: int = 0
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def prepare(self, people: int) -> None:
        """Bring so many people to the review page before the killing begins: their cookies outlive every server."""
        numbers = iter(range(people))
        browsers: dict[int, Ready] = {}

        def bring() -> None:
            while (number := next(numbers, None)) is not None:
                browsers[number] = at_review(self.server.port, self.place.short_name, self.place.made.codes[number])
                browsers[number].visitor.close()

        threads = [threading.Thread(target=bring) for _ in range(SENDERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.ready = [browsers[number] for number in range(people)]

    def _take(self) -> int | None:
        with self._guard:
            if self.stopped.is_set() or self._next >= len(self.ready):
                return None
            self._next += 1
            self.begun.add(self._next - 1)
            return self._next - 1

    def _send_once(self, number: int) -> bool:
        """Press Send on a fresh connection; True when thanks came."""
        tab = other_tab(self.server.port, self.ready[number])
        try:
            thanks = send_from(tab)
        except BROKEN:
            return False
        finally:
            tab.visitor.close()
        return thanks.status == 200 and thanks.path.endswith("/tack")

    def wait_for_more(self, than: int) -> bool:
        """Wait until more sends than so many are acknowledged; False when nobody sends any more."""
        deadline = time.monotonic() + _PATIENCE
        while len(self.acknowledged) <= than and time.monotonic() < deadline:
            time.sleep(0.01)
        return len(self.acknowledged) > than

    def send(self) -> None:
        """Send for one person after the other, each until it is acknowledged."""
        while (number := self._take()) is not None:
            deadline = time.monotonic() + _GIVE_UP_SECONDS
            while time.monotonic() < deadline:
                if self._send_once(number):
                    self.acknowledged.add(number)
                    break
                self.retried += 1
                time.sleep(0.05)
            time.sleep(THINKING)


def _verdict(place: World, traffic: Traffic) -> dict[str, int]:
    """Compare what was acknowledged with what is stored."""
    with make_sessions(place.engine)() as session:
        sent = set(session.scalars(select(Invitation.id).where(Invitation.status == InvitationStatus.SENT)))
        sealed = session.scalars(select(SealedBallot.content)).all()
        receipts = session.scalar(select(func.count()).select_from(Receipt)) or 0
    for content in sealed:
        Ballot.from_bytes(open_ballot(place.made.pair.private, content))
    ids = place.made.invitation_ids
    acknowledged = {ids[number] for number in traffic.acknowledged}
    begun = {ids[number] for number in traffic.begun}
    return {
        "acknowledged": len(acknowledged),
        "stored": len(sealed),
        "lost": len(acknowledged - sent),
        "doubled": max(len(sealed) - len(sent), 0),
        "half": abs(len(sealed) - len(sent)) + abs(len(sealed) - receipts),
        "ghosts": len(sent - begun),
        "stuck": len(begun - acknowledged),
        "retried": traffic.retried,
    }


def kill_under_traffic(kind: str, kills: int, people: int, seed: int = 1) -> dict[str, int]:
    """Kill workers and the whole server in turn while people send; return the figures."""
    rng = random.Random(seed)  # noqa: S311 - a simulation
    done = {"worker": 0, "server": 0}
    seen = 0
    with world(kind, people=people) as place:
        server = KillableServer(place.environment())
        server.start()
        traffic = Traffic(place, server)
        traffic.prepare(people)
        threads = [threading.Thread(target=traffic.send) for _ in range(SENDERS)]
        for thread in threads:
            thread.start()
        try:
            while sum(done.values()) < kills and traffic.wait_for_more(seen):
                seen = len(traffic.acknowledged)
                time.sleep(rng.uniform(0, _PAUSE))
                if sum(done.values()) % 2:
                    server.kill_all()
                    server.start()
                    done["server"] += 1
                elif server.kill_worker(rng.randrange(1000)):
                    done["worker"] += 1
        finally:
            traffic.stopped.set()
            for thread in threads:
                thread.join()
            server.kill_all()
        return {**done, **_verdict(place, traffic)}


def main() -> None:
    """Run the kills on both databases and write the result."""
    small = "--small" in sys.argv
    kills, people = (4, 60) if small else (KILLS // len(KINDS), 400)
    figures = []
    for kind in KINDS:
        found = kill_under_traffic(kind, kills, people)
        print(kind, found)
        figures += [
            Figure(kind, "SIGKILL of a worker", found["worker"], ""),
            Figure(kind, "SIGKILL of the whole server", found["server"], ""),
            Figure(kind, "sends acknowledged", found["acknowledged"], ""),
            Figure(kind, "sends tried again", found["retried"], ""),
            *(
                Figure(kind, f"sends {word}", found[word], "", 0)
                for word in ("lost", "doubled", "half", "ghosts", "stuck")
            ),
        ]
    kills_done = sum(figure.value for figure in figures if figure.name.startswith("SIGKILL"))
    if not small:
        figures.append(Figure("both", "kills missing of 100", max(0, 100 - kills_done), "", 0))
        write("kills", figures, "gunicorn, 2 worker processes, six respondents at once on the real pages.")
    if not all(figure.held for figure in figures):
        sys.exit(1)


if __name__ == "__main__":
    main()
