"""What a first visit and a next page weigh over the wire."""

from bench.figures import Figure
from bench.journeys import enter
from bench.processes import gunicorn
from bench.visitor import Page, Visitor
from bench.world import world

REQUESTS_BUDGET = 4
FIRST_BUDGET = 14.0
NEXT_BUDGET = 6.0


def _weigh(page: Page, more: list[Page]) -> float:
    return sum(part.wire_bytes for part in [page, *more]) / 1000


def measure() -> list[Figure]:
    """Measure the code page with all that it fetches, and the question pages after it."""
    with world("sqlite", people=20) as place, gunicorn("bench.our_app:app", place.environment(), workers=1) as server:
        visitor = Visitor(server.port, compressed=True)
        first = visitor.get(f"/o/{place.short_name}")
        assets = [visitor.get(path) for path in dict.fromkeys(first.assets) if not path.startswith("data:")]
        about = enter(visitor, place.short_name, place.code())
        following = visitor.get(f"/o/{place.short_name}/vem")
        heaviest = max(_weigh(page, []) for page in (about, following))
    return [
        Figure("first visit", "requests", 1 + len(assets), "requests", REQUESTS_BUDGET),
        Figure("first visit", "weight over the wire, headers included", _weigh(first, assets), "kB", FIRST_BUDGET),
        Figure("next page", "weight over the wire, headers included", heaviest, "kB", NEXT_BUDGET),
    ]
