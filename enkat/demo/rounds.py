"""A round's life in the demo city: planned, given keys, rehearsed, opened, written to, answered, closed, counted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import today
from enkat.demo.cities import LATER, CityPlan
from enkat.demo.place import DemoPlace, MovingClock
from enkat.demo.staff import STAFF, account_id
from enkat.instruments.catalogue import Catalogue
from enkat.instruments.instrument import Instrument
from enkat.instruments.vocabulary import ServiceType
from enkat.records.accounts import Role
from enkat.records.organisations import Unit
from enkat.records.rounds import Design, SurveyRound
from enkat.records.rounds_queries import present_holders
from enkat.services.ballots.counting import count
from enkat.services.ballots.destroying import destroy_box
from enkat.services.keys.combining import combine_shares
from enkat.services.keys.destroying import confirm_shredded
from enkat.services.keys.making import Holder, make_keys
from enkat.services.keys.rehearsing import rehearse
from enkat.services.rounds.closing import close_round
from enkat.services.rounds.opening import open_round
from enkat.services.rounds.planning import RoundPlan, plan_round
from enkat.services.safety.backup import make_backup
from enkat.services.safety.restore import verify

Show = Callable[[str], None]

INSTRUMENTS = {
    ServiceType.HOME_CARE: "hemtjanst",
    ServiceType.ESCORT_SERVICE: "ledsagning",
    ServiceType.RESPITE_CARE: "avlosning",
}
"""Services in the order that decides which form a person gets."""
SUPPLEMENTS = {"hemtjanst": ("maltider", "kontinuitet")}
"""Supplementary questions by instrument, from the second round on."""
NEEDED_SHARES = 2
COUNTED_AFTER = 5
_MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
           "november", "december")  # fmt: skip


@dataclass(frozen=True)
class RoundDates:
    """When a round happens."""

    short_name: str
    title: str
    reference: date
    opens: date
    closes: date
    pulse: bool = False

    @property
    def first(self) -> bool:
        """Whether it is the first round, which has no supplementary questions."""
        return self.short_name == "bu2022"


def yearly(year: int) -> RoundDates:
    """Return the dates of a year's round: people as of 1 March, answers from 15 March to 15 April."""
    return RoundDates(f"bu{year}", f"Brukarundersökning {year}", date(year, 3, 1), date(year, 3, 15), date(year, 4, 15))


def current(now: date) -> RoundDates:
    """Return the dates of the round that opened yesterday and closes in 30 days."""
    name = f"bu{now.year}-{now.month:02d}"
    return RoundDates(
        name,
        f"Brukarundersökning {_MONTHS[now.month - 1]} {now.year}",
        now - timedelta(days=8),
        now - timedelta(days=1),
        now + timedelta(days=30),
        pulse=True,
    )


def asked_instruments(catalogue: Catalogue, *, first: bool) -> dict[ServiceType, Instrument]:
    """Return what a round asks, by service."""
    asked = {}
    for service, name in INSTRUMENTS.items():
        names = () if first else SUPPLEMENTS.get(name, ())
        extra = [question for supplement in names for question in catalogue.supplements[supplement]]
        asked[service] = catalogue.instruments[name].with_supplements(extra)
    return asked


def plan(session: Session, clock: MovingClock, city: CityPlan, dates: RoundDates) -> SurveyRound:
    """Plan a round with everything that it needs to open."""
    wanted = city.sample_sizes
    if dates.pulse and city.pulse is not None:
        wanted = {unit.code: city.pulse for unit in city.in_year(LATER)}
    ids = dict(session.execute(select(Unit.code, Unit.id)).all())
    sizes = {ids[code]: size for code, size in wanted.items()}
    after = dates.closes + timedelta(days=45)
    return plan_round(
        session,
        clock,
        RoundPlan(
            short_name=dates.short_name,
            title=dates.title,
            reference_date=dates.reference,
            opens_on=dates.opens,
            closes_on=dates.closes,
            instruments=list(INSTRUMENTS.items()),
            design=Design.SAMPLE if sizes else Design.CENSUS,
            sample_seed=city.seed,
            sample_sizes=sizes,
            languages=["sv", "en", "fi", "ar"],
            supplements=[]
            if dates.first
            else [f"{name}/{part}" for name, parts in SUPPLEMENTS.items() for part in parts],
            responsible_board="Socialnämnden",
            frame_source="Verksamhetssystemet, uttag per mätdagen (exempel)",
            legal_basis="Uppgift av allmänt intresse, uppföljning av socialtjänsten (exempel)",
            dpo_contact="dataskyddsombud@example.org",
            registry_number=f"SN {dates.opens.year}/{100 + dates.opens.month}",
            phone="020-00 00 00",
            phone_hours="vardagar 9–16",
            urgent_phone="020-00 00 01",
            complaint_phone="020-00 00 02",
            complaint_address="Socialnämnden, Provgatan 1, 123 45 Provstad",
            return_address="Socialnämnden\nSvarspost 1\n123 45 Provstad",
            results_month=f"{_MONTHS[after.month - 1]} {after.year}",
        ),
    )


def open_with_keys(
    place: DemoPlace, session: Session, clock: MovingClock, catalogue: Catalogue, round_id: int
) -> list[str]:
    """Make keys, let every holder try the own share, open; return the shares as words."""
    manager = account_id(session, Role.ROUND_MANAGER)
    holders = [Holder(plan.name) for plan in STAFF if plan.role is Role.KEY_HOLDER]
    issued = make_keys(session, clock, round_id, holders=holders, needed=NEEDED_SHARES, account_id=manager)
    words = [share.words for share in issued]
    rehearse(session, clock, round_id, words[:2], account_id=manager)
    rehearse(session, clock, round_id, words[1:], account_id=manager)
    open_round(session, clock, place.settings, place.secrets, round_id, manager, catalogue)
    return words


def close_and_count(session: Session, clock: MovingClock, round_id: int, shares: list[str], show: Show) -> None:
    """Close a round after its last day and count it with the shares that are needed."""
    manager = account_id(session, Role.ROUND_MANAGER)
    round_ = session.get_one(SurveyRound, round_id)
    clock.go_to(round_.closes_on + timedelta(days=1))
    close_round(session, clock, round_id, manager)
    clock.go_to(round_.closes_on + timedelta(days=COUNTED_AFTER))
    key = combine_shares(session, round_id, shares[:NEEDED_SHARES])
    title = round_.title

    def progress(done: int, total: int, _sentence: str) -> None:
        show(f"{title}: {done} av {total} svar är räknade …")

    protocol = count(
        session, clock, round_id, private=key.private, present=key.names, account_id=manager, progress=progress
    )
    show(f"{title}: räknad {today(clock)}. Protokoll {protocol.sha256[:12]}.")


def destroy(place: DemoPlace, session: Session, clock: MovingClock, round_id: int, show: Show) -> None:
    """Destroy a counted round's box after a backup was tried; the holders confirm that their shares are shredded."""
    manager = account_id(session, Role.ROUND_MANAGER)
    round_ = session.get_one(SurveyRound, round_id)
    clock.go_to(round_.closes_on + timedelta(days=COUNTED_AFTER + 2))
    backup = make_backup(session, clock, place.settings, account_id=manager)
    verify(session, clock, place.settings, place.settings.backups_dir / backup.file_name)
    destroy_box(session, clock, place.secrets, round_id, account_id=manager)
    for holder in present_holders(session, round_id):
        confirm_shredded(session, clock, holder.id, account_id=manager)
    show(f"{round_.title}: urnan och nyckeln är förstörda, säkerhetskopian är prövad.")
