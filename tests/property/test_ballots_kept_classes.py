import random
from collections import Counter, defaultdict

from hypothesis import given
from hypothesis import strategies as st

from enkat.ballots.kept_classes import FLOOR, RegisterCell, assign, join_small
from enkat.ballots.vocabulary import AgeGroup, KeptLevel, KeptWho, Sex
from enkat.instruments.vocabulary import ServiceType

SERVICES = (ServiceType.HOME_CARE, ServiceType.ESCORT_SERVICE, ServiceType.SAFETY_ALARM)
MODES = ["web", "phone", "interviewer", "paper"]
WHO = (KeptWho.SELF, KeptWho.SELF, KeptWho.SELF, KeptWho.PROXY, KeptWho.WITH_STAFF)


@st.composite
def cities(draw: st.DrawFn) -> list[RegisterCell]:
    """Draw hostile unit sizes; the people follow a drawn seed, with traits rare in some units."""
    sizes = draw(st.lists(st.integers(1, 20), min_size=1, max_size=12))
    districts = draw(st.integers(1, 4))
    rng = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311 - a simulation
    ballots: list[RegisterCell] = []
    for unit, size in enumerate(sizes):
        services = rng.sample(SERVICES, rng.randint(1, 3))
        sexes, ages, whos = (rng.choices(kind, k=rng.randint(1, 9)) for kind in (list(Sex), list(AgeGroup), WHO))
        ballots += [
            RegisterCell(
                f"u{unit}",
                f"d{unit % districts}",
                *map(rng.choice, (services, sexes, ages, whos)),  # type: ignore[arg-type]
            )
            for _ in range(size)
        ]
    return ballots


@given(cities())
def test_every_class_has_five_and_nobody_is_lost_unreported(ballots: list[RegisterCell]):
    plan = assign(ballots)
    assert set(plan.class_of) == set(ballots)
    sizes = Counter(key for cell in ballots if (key := plan.class_of[cell]) is not None)
    assert dict(plan.sizes) == dict(sizes)
    assert all(size >= FLOOR for size in sizes.values())
    assert plan.not_kept == len(ballots) - sizes.total()


@given(cities(), st.randoms(use_true_random=False))
def test_the_order_of_ballots_does_not_matter(ballots: list[RegisterCell], rng: random.Random):
    shuffled = list(ballots)
    rng.shuffle(shuffled)
    assert assign(shuffled) == assign(ballots) == assign(Counter(ballots))


@given(cities())
def test_a_class_says_nothing_false_about_its_ballots(ballots: list[RegisterCell]):
    for cell, key in assign(ballots).class_of.items():
        if key is None:
            continue
        assert cell.service in key.services
        assert cell.sex in key.sexes
        assert cell.age_group in key.age_groups
        assert cell.who is key.who or (key.who is KeptWho.SELF_OR_PROXY and cell.who is not KeptWho.WITH_STAFF)
        assert (
            key.place_id
            == {
                KeptLevel.UNIT: cell.unit_id,
                KeptLevel.DISTRICT: cell.district_id,
                KeptLevel.CITY: "",
            }[key.level]
        )


@given(cities())
def test_a_unit_loses_its_id_only_when_it_is_under_five(ballots: list[RegisterCell]):
    plan = assign(ballots)
    parts: defaultdict[tuple[str, bool], list[RegisterCell]] = defaultdict(list)
    for cell in ballots:
        parts[cell.unit_id, cell.who is KeptWho.WITH_STAFF].append(cell)
    for part in parts.values():
        levels = {key.level if (key := plan.class_of[cell]) else None for cell in part}
        assert (levels == {KeptLevel.UNIT}) == (len(part) >= FLOOR)


@given(cities())
def test_proxies_are_apart_or_together_in_a_whole_place(ballots: list[RegisterCell]):
    whos: defaultdict[tuple[KeptLevel, str], set[KeptWho]] = defaultdict(set)
    for key in assign(ballots).sizes:
        if key.who is not KeptWho.WITH_STAFF:
            whos[key.level, key.place_id].add(key.who)
    for found in whos.values():
        assert found == {KeptWho.SELF_OR_PROXY} or KeptWho.SELF_OR_PROXY not in found


@given(st.dictionaries(st.sampled_from([*MODES, "x"]), st.integers(0, 12)), st.randoms(use_true_random=False))
def test_joined_categories_reach_the_floor_in_any_order(counts: dict[str, int], rng: random.Random):
    joined = join_small(counts, MODES)
    assert set(joined) == {category for category, n in counts.items() if n}
    if sum(counts.values()) < FLOOR:
        assert set(joined.values()) <= {None}
        return
    sizes: Counter[str | None] = Counter()
    for category, name in joined.items():
        sizes[name] += counts[category]
    assert None not in sizes
    assert all(size >= FLOOR for size in sizes.values())
    items = list(counts.items())
    rng.shuffle(items)
    assert join_small(dict(items), MODES) == joined
