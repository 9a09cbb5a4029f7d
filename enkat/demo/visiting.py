"""Visits to the real pages: one after the other, or in several processes when there are many."""

import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date

from enkat.ballots.vocabulary import Helper, Respondent
from enkat.clock import Clock, start_of
from enkat.demo.pages import BrowserMaker, PageVisitor
from enkat.demo.place import MovingClock
from enkat.settings import Settings

Browsers = Callable[[Settings, Clock], BrowserMaker]
"""Makes browsers that visit an app with these settings and this clock; a function of a module, so that it can be
handed to another process."""
MANY = 150
WORKERS = 2
TOGETHER = 5
HOUR = 15


@dataclass(frozen=True)
class Visit:
    """Somebody who answers through the pages on a day; `sends` False leaves a draft behind."""

    short_name: str
    code: str
    answers: Mapping[str, int | str]
    respondent: Respondent
    helper: Helper
    day: date
    sends: bool = True


class _Visitor:
    """One process's app, clock and browsers."""

    def __init__(self, settings: Settings, browsers: Browsers) -> None:
        self.clock = MovingClock(start_of(date(2022, 1, 1)))
        self.pages = PageVisitor(browsers(settings, self.clock))

    def go(self, visits: Sequence[Visit]) -> int:
        """Make visits and return how many there were."""
        for visit in visits:
            self.clock.go_to(visit.day, HOUR)
            self.pages.answer(
                visit.short_name,
                visit.code,
                visit.answers,
                respondent=visit.respondent,
                helper=visit.helper,
                send=visit.sends,
            )
        return len(visits)


_of_this_process: list[_Visitor] = []


def _start(settings: Settings, browsers: Browsers) -> None:
    _of_this_process.append(_Visitor(settings, browsers))


def _go(visits: Sequence[Visit]) -> int:
    return _of_this_process[0].go(visits)


def make_visits(settings: Settings, browsers: Browsers, visits: Sequence[Visit]) -> Iterator[int]:
    """Make all visits; yield how many are done after every few.

    Raises
    ------
    StrangePageError
        A page was not what it should be.
    """
    parts = [visits[start : start + TOGETHER] for start in range(0, len(visits), TOGETHER)]
    done = 0
    if len(visits) < MANY:
        visitor = _Visitor(settings, browsers)
        try:
            for part in parts:
                done += visitor.go(part)
                yield done
        finally:
            visitor.pages.browsers.close()
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WORKERS, context, initializer=_start, initargs=(settings, browsers)) as pool:
        for made in as_completed([pool.submit(_go, part) for part in parts]):
            done += made.result()
            yield done
