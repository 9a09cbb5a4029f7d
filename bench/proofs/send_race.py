"""24 simultaneous sends of one code against two worker processes: exactly one is accepted in every round."""

import contextlib
import sys
import threading

from sqlalchemy import func, select

from bench.figures import Figure, write
from bench.proofs._traffic import BROKEN, KillableServer, Ready, at_review, other_tab, send_from
from bench.visitor import Page
from bench.world import World, world
from enkat.records.ballots import Receipt, SealedBallot
from enkat.records.engine import make_sessions
from enkat.records.invitations import Invitation, InvitationStatus, WeeklyCount

AT_ONCE = 24
DEVICES = 4
"""Browsers that have entered the code; each sends from six windows."""
ROUNDS = 200
KINDS = ("sqlite", "postgresql")


def _send_at_once(browsers: list[Ready]) -> list[Page]:
    """Press Send in every browser at the same moment."""
    barrier, pages = threading.Barrier(len(browsers)), list[Page]()

    def press(browser: Ready) -> None:
        barrier.wait()
        with contextlib.suppress(*BROKEN):
            pages.append(send_from(browser))

    threads = [threading.Thread(target=press, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return pages


def _stored(place: World) -> tuple[int, int, int, int]:
    """Return sealed ballots, receipts, sent invitations and accepted answers by the weekly counters."""
    with make_sessions(place.engine)() as session:
        sent = select(func.count()).select_from(Invitation).where(Invitation.status == InvitationStatus.SENT)
        return (
            session.scalar(select(func.count()).select_from(SealedBallot)) or 0,
            session.scalar(select(func.count()).select_from(Receipt)) or 0,
            session.scalar(sent) or 0,
            int(session.scalar(select(func.coalesce(func.sum(WeeklyCount.accepted), 0))) or 0),
        )


def race(kind: str, rounds: int, at_once: int = AT_ONCE) -> dict[str, int]:
    """Run the race and return how many rounds went right, and how many visitors got which kind of answer."""
    right = thanked = told = failed = 0
    with world(kind, people=rounds) as place:
        server = KillableServer(place.environment())
        server.start()
        try:
            for number in range(1, rounds + 1):
                code = place.code()
                devices = [at_review(server.port, place.short_name, code) for _ in range(DEVICES)]
                tabs = [other_tab(server.port, one) for one in devices * (at_once // DEVICES)]
                pages = _send_at_once(tabs)
                for browser in [*tabs, *devices]:
                    browser.visitor.close()
                right += _stored(place) == (number, number, number, number)
                thanked += sum(page.path.endswith("/tack") for page in pages)
                told += sum(page.status == 200 and not page.path.endswith("/tack") for page in pages)
                failed += at_once - sum(page.status < 400 for page in pages)
        finally:
            server.kill_all()
    return {"rounds": rounds, "right": right, "thanked": thanked, "told": told, "failed": failed}


def main() -> None:
    """Run the race on both databases and write the result."""
    rounds = 3 if "--small" in sys.argv else ROUNDS
    figures = []
    for kind in KINDS:
        found = race(kind, rounds)
        print(kind, found)
        figures += [
            Figure(kind, f"rounds of {AT_ONCE} simultaneous sends", found["rounds"], ""),
            Figure(kind, "rounds with anything but one stored answer", found["rounds"] - found["right"], "", 0),
            Figure(kind, "visitors who were thanked (same code, same answer)", found["thanked"], ""),
            Figure(kind, "visitors who met an error", found["failed"], "", 0),
        ]
    if rounds == ROUNDS:
        write("send_race", figures, "gunicorn, 2 worker processes of 4 threads, the real pages.")
    if not all(figure.held for figure in figures):
        sys.exit(1)


if __name__ == "__main__":
    main()
