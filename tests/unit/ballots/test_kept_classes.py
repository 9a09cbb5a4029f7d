from collections import Counter

from enkat.ballots.kept_classes import KeptClassKey, RegisterCell, assign, join_small
from enkat.ballots.vocabulary import (
    REGISTER_AGES,
    REGISTER_SEXES,
    AgeGroup,
    Helper,
    KeptLevel,
    KeptWho,
    Respondent,
    Sex,
    kept_who,
)
from enkat.instruments.vocabulary import ServiceType

HOME, ESCORT, ALARM = ServiceType.HOME_CARE, ServiceType.ESCORT_SERVICE, ServiceType.SAFETY_ALARM
YOUNG, OLD, OLDER, OLDEST = REGISTER_AGES
WOMAN, MAN = REGISTER_SEXES


def cell(
    who: KeptWho = KeptWho.SELF,
    age: AgeGroup = OLD,
    sex: Sex = WOMAN,
    service: ServiceType = HOME,
    *,
    unit: str = "u1",
    district: str = "d1",
) -> RegisterCell:
    return RegisterCell(unit, district, service, sex, age, who)


def sizes(*counts: tuple[RegisterCell, int]) -> dict[KeptClassKey, int]:
    return dict(assign(Counter(dict(counts))).sizes)


def unit_class(
    ages: tuple[AgeGroup, ...] = (OLD,),
    sexes: tuple[Sex, ...] = (WOMAN,),
    services: tuple[ServiceType, ...] = (HOME,),
    who: KeptWho = KeptWho.SELF,
) -> KeptClassKey:
    return KeptClassKey(KeptLevel.UNIT, "u1", who, services, sexes, ages)


def test_an_age_group_under_five_takes_the_next_in():
    assert sizes((cell(age=YOUNG), 2), (cell(age=OLD), 8), (cell(age=OLDEST), 6)) == {
        unit_class((YOUNG, OLD)): 10,
        unit_class((OLDEST,)): 6,
    }


def test_the_oldest_group_under_five_joins_the_one_below():
    assert sizes((cell(age=OLD), 8), (cell(age=OLDER), 9), (cell(age=OLDEST), 1)) == {
        unit_class((OLD,)): 8,
        unit_class((OLDER, OLDEST)): 10,
    }


def test_a_sex_under_five_joins_the_other():
    assert sizes((cell(sex=WOMAN), 8), (cell(sex=MAN), 4), (cell(age=OLDEST), 7)) == {
        unit_class((OLD,), (WOMAN, MAN)): 12,
        unit_class((OLDEST,)): 7,
    }


def test_a_service_under_five_joins_one_class_of_another():
    assert sizes((cell(), 20), (cell(age=OLDEST), 6), (cell(service=ESCORT), 3)) == {
        unit_class((OLD,)): 20,
        unit_class((OLD, OLDEST), services=(HOME, ESCORT)): 9,
    }


def test_two_services_under_five_join_each_other_first():
    assert sizes((cell(), 20), (cell(service=ALARM), 3), (cell(service=ESCORT), 3)) == {
        unit_class(): 20,
        unit_class(services=(ESCORT, ALARM)): 6,
    }


def test_proxies_under_five_join_self_in_the_whole_unit():
    assert sizes((cell(), 20), (cell(age=OLDEST), 9), (cell(who=KeptWho.PROXY), 4)) == {
        unit_class(who=KeptWho.SELF_OR_PROXY): 24,
        unit_class((OLDEST,), who=KeptWho.SELF_OR_PROXY): 9,
    }


def test_proxies_of_five_stay_apart():
    assert sizes((cell(), 20), (cell(who=KeptWho.PROXY), 5)) == {
        unit_class(): 20,
        unit_class(who=KeptWho.PROXY): 5,
    }


def test_staff_under_five_leaves_the_unit_and_never_joins_others():
    plan = assign(Counter({cell(): 20, cell(who=KeptWho.WITH_STAFF): 4}))
    assert dict(plan.sizes) == {unit_class(): 20}
    assert plan.not_kept == 4
    assert plan.class_of[cell(who=KeptWho.WITH_STAFF)] is None


def test_small_units_join_in_the_district_then_in_the_city():
    ballots = Counter({
        cell(unit="u1", district="d1"): 3,
        cell(unit="u2", district="d1"): 4,
        cell(unit="u3", district="d2"): 2,
        cell(unit="u4", district="d3"): 3,
    })  # fmt: skip
    plan = assign(ballots)
    assert plan.not_kept == 0
    assert dict(plan.sizes) == {
        KeptClassKey(KeptLevel.DISTRICT, "d1", KeptWho.SELF, (HOME,), (WOMAN,), (OLD,)): 7,
        KeptClassKey(KeptLevel.CITY, "", KeptWho.SELF, (HOME,), (WOMAN,), (OLD,)): 5,
    }


def test_under_five_in_the_city_is_not_kept_and_reported():
    plan = assign([cell()] * 4)
    assert plan.sizes == {}
    assert plan.not_kept == 4


def test_an_empty_box_has_an_empty_plan():
    plan = assign([])
    assert (dict(plan.class_of), dict(plan.sizes), plan.not_kept) == ({}, {}, 0)


def test_the_providers_staff_outweigh_everything_else():
    assert kept_who(Respondent.PROXY, Helper.PROVIDER_STAFF) is KeptWho.WITH_STAFF
    assert kept_who(Respondent.SELF_HELPED, Helper.PROVIDER_STAFF) is KeptWho.WITH_STAFF
    assert kept_who(Respondent.PROXY, Helper.RELATIVE) is KeptWho.PROXY
    assert kept_who(Respondent.SELF_HELPED, Helper.RELATIVE) is KeptWho.SELF
    assert kept_who(Respondent.SELF, Helper.NONE) is KeptWho.SELF


def test_small_modes_are_joined_by_size_and_named_in_order():
    assert join_small({"web": 30, "phone": 2, "paper": 1}, ["web", "phone", "paper"]) == dict.fromkeys(
        ("web", "phone", "paper"), "web+phone+paper"
    )
    assert join_small({"web": 30, "phone": 4, "paper": 1}, ["web", "phone", "paper"]) == {
        "web": "web",
        "phone": "phone+paper",
        "paper": "phone+paper",
    }
    assert join_small({"web": 4}, ["web"]) == {"web": None}
