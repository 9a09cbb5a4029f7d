"""Builds a demo city from an empty folder: staff, register, two whole rounds, and a third one that takes answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from enkat import paths
from enkat.clock import Clock, today
from enkat.demo.answering import Asked, FieldWork, answer_all, days_between
from enkat.demo.cities import EARLIER, LATER, YEARS, CityPlan
from enkat.demo.contacts import add_contacts
from enkat.demo.corrections import correct_frame
from enkat.demo.interviews import book_some
from enkat.demo.letters import write_letters
from enkat.demo.place import DemoPlace, MovingClock, Notes
from enkat.demo.references import add_national_survey, add_old_survey, set_targets
from enkat.demo.register import load_register, loaded_on
from enkat.demo.rounds import (
    RoundDates,
    asked_instruments,
    close_and_count,
    current,
    destroy,
    open_with_keys,
    plan,
    yearly,
)
from enkat.demo.staff import account_id, make_staff, make_staff_of_places
from enkat.demo.staff_round import staff_round
from enkat.demo.truth import Year, simulate
from enkat.demo.visiting import Browsers, make_visits
from enkat.instruments.catalogue import Catalogue
from enkat.instruments.loading import load_catalogue
from enkat.records.accounts import Role
from enkat.services.retention.rules import set_missing_defaults

Show = Callable[[str], None]
"""Told one sentence at a time; one that ends with an ellipsis is replaced by the next."""
RETENTION_DECISION = "Socialnämnden 2021-11-09 § 112 (exempel)"
EARLY_EVERY = 12
"""In the round that opened yesterday one in so many of those who will answer has done so."""
PAUSED = 3


@dataclass(frozen=True)
class Builder:
    """What building a demo city takes."""

    place: DemoPlace
    city: CityPlan
    catalogue: Catalogue
    clock: MovingClock
    browsers: Browsers
    show: Show
    years: dict[int, Year]

    def whole_round(self, session: Session, year: int, notes: Notes) -> None:
        """Take a year's round from the register to the count."""
        people = self.years[year].people
        self.clock.go_to(loaded_on(year))
        self.show(f"{year}: registret läses in …")
        summary = load_register(
            session, self.clock, self.city, people, account_id=account_id(session, Role.ROUND_MANAGER)
        )
        self.show(f"{year}: {summary.new} nya i registret, {summary.changed} ändrade, {summary.departed} har lämnat.")
        if year == EARLIER:
            notes.logins += make_staff_of_places(self.place, session, self.clock)
            add_contacts(session, self.clock, account_id(session, Role.ROUND_MANAGER))
        dates = yearly(year)
        work, shop_file = self.open(session, dates, self.years[year], notes)
        self.clock.go_to(dates.opens + timedelta(days=1))
        correct_frame(work)
        asked = work.asked()
        answering = [one for one in asked if self.years[year].turnout.answers[one.place]]
        self.let_answer(work, answering, shop_file, days_between(dates.opens + timedelta(days=1), dates.closes))
        close_and_count(session, self.clock, work.round.id, notes.shares[dates.short_name], self.show)
        destroy(self.place, session, self.clock, work.round.id, self.show)
        del notes.shares[dates.short_name]

    def open(self, session: Session, dates: RoundDates, year: Year, notes: Notes) -> tuple[FieldWork, Path]:
        """Plan and open a round and write its letters; return the field work and the print-shop file."""
        self.show(f"{dates.title}: planeras, får nycklar och öppnas …")
        self.clock.go_to(dates.opens - timedelta(days=7))
        round_ = plan(session, self.clock, self.city, dates)
        self.clock.go_to(dates.opens, 8)
        notes.shares[dates.short_name] = open_with_keys(self.place, session, self.clock, self.catalogue, round_.id)
        self.show(f"{dates.title}: breven görs …")
        pdf, shop_file = write_letters(self.place, session, self.clock, round_.id)
        self.show(f"{dates.title}: öppen. Brev som PDF: {pdf.name}, till tryckeri: {shop_file.name}.")
        return FieldWork(self.place, session, self.clock, round_, year), shop_file

    def let_answer(self, work: FieldWork, people: Sequence[Asked], shop_file: Path, days: Sequence[date]) -> None:
        """Let people answer, with progress."""
        codes = work.codes(people, shop_file)
        for done in answer_all(work, people, codes, days, self.browsers):
            self.show(f"{work.round.title}: {done} av {len(people)} har svarat …")
        self.show(f"{work.round.title}: {len(people)} har svarat.")

    def running_round(self, session: Session, now: date, notes: Notes) -> None:
        """Open the round that takes answers: a few have answered, a few have made a pause."""
        year = self.years[LATER]
        dates = current(now)
        notes.open_round = dates.short_name
        work, shop_file = self.open(session, dates, year, notes)
        willing = [one for one in work.asked() if year.turnout.answers[one.place]][::EARLY_EVERY]
        self.let_answer(work, willing[PAUSED:], shop_file, [dates.opens])
        codes = work.codes(willing[:PAUSED], shop_file)
        pauses = [work.visit(one, codes[one.invitation_id], dates.opens, sends=False) for one in willing[:PAUSED]]
        for _ in make_visits(self.place.settings, self.browsers, pauses):
            self.show(f"{dates.title}: några gör en paus …")
        booked = book_some(session, self.clock, work.round.id)
        self.show(f"{dates.title}: {booked} vill bli frågade i telefon eller hemma.")


def simulated(city: CityPlan, catalogue: Catalogue) -> dict[int, Year]:
    """Return what the city's people think and do in both years."""
    return simulate(city, {year: asked_instruments(catalogue, first=year == EARLIER) for year in YEARS})


def build(place: DemoPlace, city: CityPlan, *, now: Clock, browsers: Browsers, show: Show) -> Notes:
    """Build the whole city and return what the demo has to remember.

    Parameters
    ----------
    now
        The real clock: the running round opened yesterday by it.
    browsers
        Makes the browsers in which every twentieth person answers.
    """
    clock = MovingClock(now())
    clock.go_to(date(EARLIER, 1, 10))
    catalogue = load_catalogue(paths.surveys())
    builder = Builder(
        place=place,
        city=city,
        catalogue=catalogue,
        clock=clock,
        browsers=browsers,
        show=show,
        years=simulated(city, catalogue),
    )
    notes = Notes(city=city.name)
    with place.sessions() as session:
        notes.logins += make_staff(place, session, clock)
        set_missing_defaults(session, clock, RETENTION_DECISION, account_id=account_id(session, Role.ADMINISTRATOR))
        analyst = account_id(session, Role.ANALYST)
        add_old_survey(session, clock, analyst)
        for year in YEARS:
            set_targets(session, clock, year, analyst)
            builder.whole_round(session, year, notes)
        staff_round(place, session, clock, city=city, catalogue=catalogue, show=show)
        add_national_survey(session, clock, builder.years[LATER], analyst)
        builder.running_round(session, today(now), notes)
    notes.finished = True
    return notes
