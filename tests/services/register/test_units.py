"""Units by hand, successions of units and districts, and searching."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enkat.instruments.vocabulary import ServiceType
from enkat.records.accounts import Role
from enkat.records.organisations import District, OperatingForm, SuccessionKind, UnitSuccession
from enkat.services.faults import Fault, NotFoundFault
from enkat.services.register import units as by_hand
from enkat.services.register.searching import PersonFilter, UnitFilter, find_people, find_units, read_person
from enkat.services.register.successions import (
    district_heirs,
    links_of,
    record_district_succession,
    record_succession,
    remove_succession,
)
from enkat.services.register.unit_rows import Period
from tests.clocks import FixedClock
from tests.factories.accounts import make_actor
from tests.factories.register import fill_register, person, unit

DAY = date(2026, 9, 1)
NEW = Period(
    valid_from=DAY,
    valid_to=None,
    name="Aspen nya",
    provider="Björkstads hemtjänst",
    organisation_number="2120008806",
    district="Norrmalmen",
    operating_form=OperatingForm.CONTRACTED,
    services=frozenset({ServiceType.HOME_CARE}),
    manager_email=None,
)
MERGED, SPLIT, REPLACED = SuccessionKind.MERGED, SuccessionKind.SPLIT, SuccessionKind.REPLACED


@pytest.fixture
def filled(session: Session, clock: FixedClock) -> Session:
    fill_register(session, clock)
    return session


def ends(session: Session, *codes: str) -> list[date | None]:
    return [unit(session, code).periods[-1].valid_to for code in codes]


def test_a_merge_ends_its_predecessors_the_day_before(filled: Session, clock: FixedClock) -> None:
    record_succession(filled, clock, ["ASP", "ÖNG"], ["ÄLV"], DAY, MERGED)
    assert ends(filled, "ASP", "ÖNG", "ÄLV") == [date(2026, 8, 31), date(2026, 8, 31), None]
    links = links_of(filled, unit(filled, "ÄLV"))
    assert {(link.predecessor.code, link.successor.code, link.kind) for link in links} == {
        ("ASP", "ÄLV", MERGED),
        ("ÖNG", "ÄLV", MERGED),
    }


def test_a_split_and_a_replacement(filled: Session, clock: FixedClock) -> None:
    record_succession(filled, clock, ["ASP"], ["ÄLV", "ÖNG"], DAY, SPLIT)
    record_succession(filled, clock, ["LED"], ["KÅL"], DAY, REPLACED)
    assert filled.scalar(select(func.count()).select_from(UnitSuccession)) == 3
    assert ends(filled, "ASP", "LED") == [date(2026, 8, 31)] * 2


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("before", "after", "on", "kind", "words"),
    [
        (["ASP"], ["ASP"], DAY, REPLACED, "sig själv"),
        ([], ["ASP"], DAY, REPLACED, "Ange både"),
        (["ASP", "ÖNG"], ["ÄLV", "LED"], DAY, MERGED, "bara en efterföljare"),
        (["ASP"], ["ÄLV"], DAY, SPLIT, "minst två"),
        (["ASP", "ÖNG"], ["ÄLV"], DAY, REPLACED, "en av varje"),
        (["FINNS"], ["ÄLV"], DAY, REPLACED, "”FINNS” finns inte"),
        (["ASP"], ["ÄLV"], date(2018, 1, 1), REPLACED, "inte öppen"),
        (["KÅL"], ["ASP"], date(2020, 6, 1), REPLACED, "kan inte upphöra"),
    ],
)
def test_impossible_successions_are_refused(
    filled: Session, clock: FixedClock, before: list[str], after: list[str], on: date, kind: SuccessionKind, words: str
) -> None:
    with pytest.raises(Fault, match=words):
        record_succession(filled, clock, before, after, on, kind)
    assert filled.scalar(select(func.count()).select_from(UnitSuccession)) == 0
    assert ends(filled, "ASP", "KÅL") == [None, None]


@pytest.mark.one_database
def test_units_never_succeed_each_other_in_a_circle(filled: Session, clock: FixedClock) -> None:
    record_succession(filled, clock, ["ASP"], ["ÖNG"], DAY, REPLACED)
    record_succession(filled, clock, ["ÖNG"], ["ÄLV"], date(2026, 9, 15), REPLACED)
    by_hand.save_unit(filled, clock, "ASP", replace(NEW, valid_from=date(2026, 10, 1)), account_id=None)
    with pytest.raises(Fault, match="redan efterföljare"):
        record_succession(filled, clock, ["ÄLV"], ["ASP"], date(2026, 10, 2), REPLACED)


def test_a_succession_can_be_taken_away(filled: Session, clock: FixedClock) -> None:
    record_succession(filled, clock, ["ASP"], ["ÖNG"], DAY, REPLACED)
    remove_succession(filled, clock, "ASP", "ÖNG")
    assert links_of(filled, unit(filled, "ASP")) == []
    assert ends(filled, "ASP") == [date(2026, 8, 31)]
    with pytest.raises(NotFoundFault):
        remove_succession(filled, clock, "ASP", "ÖNG")


def test_units_move_with_their_district(filled: Session, clock: FixedClock) -> None:
    names = {one.name: one.id for one in filled.scalars(select(District))}
    record_district_succession(filled, clock, [names["Norrmalmen"]], names["Söderängen"], DAY)
    periods = unit(filled, "ASP").periods
    assert [(one.district.name, one.valid_from, one.valid_to) for one in periods] == [
        ("Norrmalmen", date(2019, 1, 1), date(2026, 8, 31)),
        ("Söderängen", DAY, None),
    ]
    assert {given.service for given in periods[0].services} == {given.service for given in periods[1].services}
    assert list(district_heirs(filled)) == [names["Norrmalmen"]]
    with pytest.raises(Fault, match="upphörde 2026-08-31"):
        record_district_succession(filled, clock, [names["Söderängen"]], names["Norrmalmen"], DAY)


def test_new_facts_end_the_old_ones_and_corrections_replace_them(filled: Session, clock: FixedClock) -> None:
    by_hand.save_unit(filled, clock, "ASP", NEW, account_id=None)
    assert [one.name for one in unit(filled, "ASP").periods] == ["Aspen", "Aspen nya"]
    by_hand.save_unit(
        filled, clock, "ASP", replace(NEW, name="Aspen rätt", valid_to=date(2026, 12, 31)), account_id=None
    )
    periods = unit(filled, "ASP").periods
    assert [(one.name, one.valid_to) for one in periods] == [
        ("Aspen", date(2026, 8, 31)),
        ("Aspen rätt", date(2026, 12, 31)),
    ]
    by_hand.save_unit(filled, clock, "ASP", NEW, account_id=None)
    assert ends(filled, "ASP") == [None]  # by hand an end can be taken away again


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Anna 410101-2384"}, "name"),
        ({"organisation_number": "2120008807"}, "organisation_number"),
        ({"organisation_number": "5599011003"}, "organisation_number"),
        ({"services": frozenset()}, "services"),
        ({"valid_to": date(2026, 1, 1)}, "valid_to"),
        ({"valid_from": date(2018, 1, 1)}, "valid_to"),
    ],
)
def test_wrong_facts_are_refused_at_their_field(
    filled: Session, clock: FixedClock, change: dict[str, object], field: str
) -> None:
    with pytest.raises(Fault) as caught:
        by_hand.save_unit(filled, clock, "ASP", replace(NEW, **change), account_id=None)  # type: ignore[arg-type]
    assert caught.value.field == field
    assert [one.name for one in unit(filled, "ASP").periods] == ["Aspen"]


def test_units_are_found_by_any_name_they_had(filled: Session, clock: FixedClock) -> None:
    by_hand.save_unit(filled, clock, "ASP", replace(NEW, name="Björken"), account_id=None)

    def codes(**wanted: object) -> list[str]:
        found = find_units(filled, date(2026, 10, 5), UnitFilter(**wanted))  # type: ignore[arg-type]
        return [row.unit.code for row in found]

    assert codes() == ["ASP", "KÅL", "LED", "ÄLV", "ÖNG"]
    assert codes(text="aspen") == ["ASP"]
    assert codes(text="ÖNGÅRDEN") == ["ÖNG"]
    assert codes(operating_form=OperatingForm.CONTRACTED) == ["ASP", "KÅL"]
    assert codes(text="finns inte") == []
    record_succession(filled, clock, ["LED"], ["KÅL"], DAY, REPLACED)
    assert "LED" not in codes()
    assert "LED" in codes(closed=True)


def test_people_are_found_within_what_the_actor_may_see(filled: Session, clock: FixedClock) -> None:
    manager = make_actor(filled, clock, Role.ROUND_MANAGER)
    handler = make_actor(filled, clock, Role.PROTECTED_IDENTITY_HANDLER)
    both = make_actor(filled, clock, Role.PROTECTED_IDENTITY_HANDLER, Role.ROUND_MANAGER)
    analyst = make_actor(filled, clock, Role.ANALYST)

    def found(actor: object, text: str = "") -> list[tuple[str, str | None]]:
        rows, _ = find_people(filled, actor, PersonFilter(text), 1)  # type: ignore[arg-type]
        return [(row.client.reference, row.name) for row in rows]

    name = "Påhittad Åkesson 5"
    assert len(found(manager)) == 40
    assert found(manager, "B1005") == [("B1005", None)]
    assert ("B1005", None) not in found(manager, "åkesson")
    assert found(both, "B1005") == [("B1005", name)]
    assert ("B1005", name) in found(both, "ÅKESSON")
    assert found(handler) == [("B1005", name)]
    assert found(analyst) == []
    assert found(manager, "_") == []
    hidden, shown = person(filled, "B1005").id, person(filled, "B1001").id
    assert read_person(filled, clock, manager, hidden).name is None
    assert read_person(filled, clock, handler, hidden).name == name
    for actor, client_id in ((handler, shown), (analyst, shown), (analyst, hidden)):
        with pytest.raises(NotFoundFault):
            read_person(filled, clock, actor, client_id)


def test_a_unit_tells_its_people_by_service(filled: Session) -> None:
    history = by_hand.unit_history(filled, unit(filled, "LED").id)
    assert history.people == {ServiceType.HOME_CARE: 10, ServiceType.ESCORT_SERVICE: 1}
    with pytest.raises(NotFoundFault):
        by_hand.unit_history(filled, 999_999)
