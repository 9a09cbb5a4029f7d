"""Pages must not notice how many people and units there are: 1 000 and 200 000 invitations, 10 and 1 000 units."""

import itertools
import re

from bench.figures import Figure, typical
from bench.inside import Respondent, counted, cpu_milliseconds, engine_of, our_app
from bench.world import World, grow, world
from enkat.records.engine import make_sessions

SMALL, LARGE = 1_000, 200_000
FEW_UNITS, MANY_UNITS = 10, 1_000
PEOPLE = 20
TURNS = 5
RATIO_BUDGET = 1.2
GET_BUDGET, POST_BUDGET = 5, 8
PAGE = "/fraga/feels_safe"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


def _steps(respondent: Respondent) -> dict[str, float]:
    """Return the CPU time of showing a question and of answering it."""
    values = itertools.cycle("12345")

    def answer() -> None:
        hidden = {name: value for name, value in HIDDEN.findall(respondent.get(PAGE)) if name != "csrf_token"}
        status = respondent.post(PAGE, **{**hidden, "answer": next(values)})
        assert status == 303, status

    get = cpu_milliseconds(lambda: respondent.get(PAGE))
    return {"GET": get, "GET and POST": cpu_milliseconds(answer)}


def _statements(place: World, respondent: Respondent) -> list[Figure]:
    app = respondent.client.application
    engine = engine_of(app)
    with counted(engine) as get:
        page = respondent.get(PAGE)
    hidden = {name: value for name, value in HIDDEN.findall(page) if name != "csrf_token"}
    with counted(engine) as post:
        respondent.post(PAGE, **{**hidden, "answer": "2"})
    return [
        Figure(place.kind, "statements of a question's GET", get.count, "", GET_BUDGET),
        Figure(place.kind, "statements of an answer's POST", post.count, "", POST_BUDGET),
    ]


def _enter(place: World) -> Respondent:
    respondent = Respondent(our_app(place).test_client(), place.short_name)
    respondent.enter(place.code())
    return respondent


def _ratios(name: str, small: World, large: World) -> list[Figure]:
    """Compare two worlds in turns, so that a busy machine slows both."""
    guests = [_enter(place) for place in (small, large)]
    found = [[_steps(guest) for guest in guests] for _ in range(TURNS)]
    return [
        Figure(name, f"{what}, CPU", typical(many[what] / few[what] for few, many in found), "×", RATIO_BUDGET)
        for what in found[0][0]
    ]


def _people(kind: str) -> list[Figure]:
    with world(kind, people=PEOPLE) as small, world(kind, people=PEOPLE) as large:
        for place, size in ((small, SMALL), (large, LARGE)):
            with make_sessions(place.engine)() as session:
                grow(session, place.made, size - PEOPLE)
        ratios = _ratios(f"{kind}: {LARGE} ÷ {SMALL} invitations", small, large)
        return ratios + _statements(large, _enter(large))


def _units(kind: str) -> list[Figure]:
    with world(kind, MANY_UNITS, FEW_UNITS) as few, world(kind, MANY_UNITS, MANY_UNITS) as many:
        return _ratios(f"{kind}: {MANY_UNITS} ÷ {FEW_UNITS} units", few, many)


def measure() -> list[Figure]:
    """Measure growth on both databases."""
    return [figure for kind in ("sqlite", "postgresql") for figure in (*_people(kind), *_units(kind))]
