"""The demo city's people have the properties that its figures are shown for."""

import csv
import io
from importlib.resources import files

import numpy as np
import pytest
from stdnum import luhn

from enkat import paths
from enkat.demo.cities import CITIES, EARLIER, LATER, YEARS, CityPlan, Trait
from enkat.demo.population import NOWHERE
from enkat.demo.register_files import CLIENT_HEADINGS, UNIT_HEADINGS, clients_file, units_file
from enkat.demo.response import answer_probability, unit_rates
from enkat.demo.rounds import asked_instruments
from enkat.demo.satisfaction import CERTAIN, core_share, expected_share
from enkat.demo.truth import Year, simulate
from enkat.instruments.loading import load_catalogue
from enkat.instruments.vocabulary import ServiceType

CATALOGUE = load_catalogue(paths.surveys())
INSTRUMENTS = {year: asked_instruments(CATALOGUE, first=year == EARLIER) for year in YEARS}
CORE = list(CATALOGUE.core)


@pytest.fixture(scope="module", params=CITIES)
def city(request: pytest.FixtureRequest) -> CityPlan:
    return CITIES[request.param]()


@pytest.fixture(scope="module")
def years(city: CityPlan) -> dict[int, Year]:
    return simulate(city, INSTRUMENTS)


def alpha(codes: np.ndarray) -> float:
    items = codes.shape[1]
    return float(items / (items - 1) * (1 - codes.var(axis=0, ddof=1).sum() / codes.sum(axis=1).var(ddof=1)))


def logit(share: np.ndarray) -> np.ndarray:
    return np.log(share / (1 - share))


def test_the_small_city_has_14_units_and_the_large_one_110():
    sizes = {name: [unit.sizes[LATER] for unit in make().in_year(LATER)] for name, make in CITIES.items()}
    assert (len(sizes["kommun14"]), sum(sizes["kommun14"])) == (14, 1484)
    assert (len(sizes["stad110"]), sum(sizes["stad110"])) == (110, 20_000)
    assert all({4, 6, 9} <= set(found) for found in sizes.values())


def test_every_trait_occurs_and_four_units_change(city: CityPlan):
    assert {trait for unit in city.units for trait in unit.traits} == set(Trait)
    assert len(city.with_trait(Trait.IMPROVED) + city.with_trait(Trait.WORSENED)) == 4
    assert {succession.kind.value for succession in city.successions} == {"merged", "split"}
    assert city.sample_sizes


def test_organisation_numbers_are_valid(city: CityPlan):
    assert all(luhn.is_valid(unit.organisation_number.replace("-", "")) for unit in city.units)


@pytest.mark.parametrize("year", YEARS)
def test_units_hold_as_many_people_as_planned(city: CityPlan, years: dict[int, Year], year: int):
    people = years[year].people
    counts = np.bincount(people.unit, minlength=len(city.units))
    assert counts.tolist() == [unit.sizes[year] for unit in city.units]
    assert len(set(people.numbers.tolist())) == people.size


def test_some_people_are_there_in_both_years(years: dict[int, Year]):
    both = set(years[EARLIER].people.numbers.tolist()) & set(years[LATER].people.numbers.tolist())
    assert 0.3 < len(both) / years[LATER].people.size < 0.6


@pytest.mark.parametrize("year", YEARS)
def test_four_in_a_hundred_are_outside_the_population(years: dict[int, Year], year: int):
    assert 0.02 < years[year].people.outside.mean() < 0.06
    assert not (years[year].turnout.answers & years[year].people.outside).any()


@pytest.mark.parametrize("year", YEARS)
def test_one_latent_satisfaction_gives_alpha_between_80_and_90(years: dict[int, Year], year: int):
    codes = np.stack([years[year].codes[question] for question in CORE], axis=1)
    whole = (codes > 0).all(axis=1) & years[year].turnout.answers
    assert 0.80 < alpha(codes[whole]) < 0.90


@pytest.mark.parametrize("year", YEARS)
def test_units_spread_by_about_35_hundredths_on_the_logit(years: dict[int, Year], year: int):
    effects = years[year].effects
    shares = expected_share(effects[effects < CERTAIN] + 1.6)
    assert 0.28 < logit(shares).std() < 0.42


def test_four_units_change_by_15_points_and_the_others_not(city: CityPlan, years: dict[int, Year]):
    before = np.array([core_share(effect) for effect in years[EARLIER].effects])
    after = np.array([core_share(effect) for effect in years[LATER].effects])
    expected = np.zeros(len(city.units))
    expected[city.with_trait(Trait.IMPROVED)] = 0.15
    expected[city.with_trait(Trait.WORSENED)] = -0.15
    assert after - before == pytest.approx(expected, abs=1e-6)


def test_a_merge_and_a_split_change_nothing_in_themselves(city: CityPlan, years: dict[int, Year]):
    effects = years[EARLIER].effects
    for succession in city.successions:
        before = [city.index(code) for code in succession.predecessors]
        sizes = [city.units[place].sizes[EARLIER] for place in before]
        for code in succession.successors:
            assert effects[city.index(code)] == pytest.approx(np.average(effects[before], weights=sizes))


def test_vet_inte_and_blanks_lie_in_their_ranges(years: dict[int, Year]):
    for question in CORE:
        found = years[LATER].opinions[question]
        blanks = years[LATER].blanks[question].mean()
        assert 0.005 < blanks < 0.05
        if found.question.scale.offers_not_knowing:
            assert 0.01 < (~found.knows).mean() < 0.17


def test_response_differs_by_unit_age_and_satisfaction(city: CityPlan, years: dict[int, Year]):
    year = years[LATER]
    rates = unit_rates(city)
    assert 0.35 <= rates.min() < rates.max() <= 0.80
    chance = answer_probability(city, year.people, year.effects)
    partial = chance < 1
    young = year.people.age_class == 0
    assert chance[partial & ~young].mean() - chance[partial & young].mean() > 0.05
    positive = year.opinions["feels_safe"].positive
    assert 0.01 < chance[partial & positive].mean() - chance[partial & ~positive].mean() < 0.08


def test_one_unit_answers_whole_and_one_only_positively(city: CityPlan, years: dict[int, Year]):
    year = years[LATER]
    (whole,) = city.with_trait(Trait.FULL_RESPONSE)
    inside = (year.people.unit == whole) & ~year.people.outside
    assert year.turnout.answers[inside].all()
    (positive,) = city.with_trait(Trait.ALL_POSITIVE)
    there = year.people.unit == positive
    for question in CORE:
        scale = CATALOGUE.core[question].scale
        assert set(year.codes[question][there].tolist()) <= scale.positive


def test_proxies_and_the_phone_shift_answers(years: dict[int, Year]):
    turnout = years[LATER].turnout
    assert sorted(set(np.round(turnout.shift, 2).tolist())) == [-0.45, 0.0, 0.35]
    assert 0.05 < turnout.phone[turnout.answers].mean() < 0.25
    assert 0.08 < (turnout.respondent == 2)[turnout.answers].mean() < 0.25


def test_the_truth_counts_those_with_an_opinion_only(years: dict[int, Year]):
    year = years[LATER]
    shares, city_share = year.true_shares("plan_participation")
    found = year.opinions["plan_participation"]
    counted = year.asked_about("plan_participation") & found.knows
    assert city_share == pytest.approx(found.positive[counted].mean())
    assert np.nanmax(shares) <= 1


def test_answers_leave_out_blanks_and_what_was_not_shown(years: dict[int, Year]):
    year = years[LATER]
    place = next(place for place in range(year.people.size) if year.blanks["feels_safe"][place])
    answers = year.answers(place, INSTRUMENTS[LATER][ServiceType.HOME_CARE], remark="Tack.")
    assert "feels_safe" not in answers
    assert answers["tell_more"] == "Tack."


def test_the_same_seed_gives_the_same_city(city: CityPlan, years: dict[int, Year]):
    again = simulate(CITIES[city.name](), INSTRUMENTS)[LATER]
    assert (again.codes["feels_safe"] == years[LATER].codes["feels_safe"]).all()
    assert (again.turnout.answers == years[LATER].turnout.answers).all()


@pytest.mark.parametrize("year", YEARS)
def test_register_files_have_the_shape_that_cities_deliver(city: CityPlan, years: dict[int, Year], year: int):
    people = years[year].people
    rows = list(csv.reader(io.StringIO(clients_file(city, people).decode(city.encoding)), delimiter=";"))
    assert tuple(rows[0]) == CLIENT_HEADINGS
    assert len(rows) - 1 == people.size + (people.second_unit != NOWHERE).sum()
    assert all(row[1] == f"Testperson {row[0][1:]}" and row[2].startswith("Provgatan ") for row in rows[1:])
    units = list(csv.DictReader(io.StringIO(units_file(city, year).decode(city.encoding)), delimiter=";"))
    assert tuple(units[0]) == UNIT_HEADINGS
    assert {row["Regiform"] for row in units} <= {"egen regi", "entreprenad", "privat"}
    assert {row[5] for row in rows[1:]} == {row["Enhet"] for row in units}


@pytest.mark.parametrize("year", YEARS)
def test_the_shipped_files_are_those_of_the_seed(year: int):
    plan = CITIES["kommun14"]()
    people = simulate(plan, INSTRUMENTS)[year].people
    shipped = files("enkat.demo") / "data"
    assert (shipped / f"kommun14_{year}_brukare.csv").read_bytes() == clients_file(plan, people)
    assert (shipped / f"kommun14_{year}_enheter.csv").read_bytes() == units_file(plan, year)
