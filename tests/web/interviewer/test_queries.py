"""Lists of those who ask cost the same however long they are, and a question costs few."""

import pytest

from enkat.records.accounts import Role
from tests.factories.accounts import make_account
from tests.factories.interviewing import begin
from tests.web.city.test_queries import counted
from tests.web.interviewer.conftest import Asking

MOST_STAFF, MOST_QUESTION = 20, 10

pytestmark = pytest.mark.one_database


def test_lists_cost_the_same_however_long(asking: Asking) -> None:
    manager = make_account(asking.session, asking.clock, Role.ROUND_MANAGER)
    pages = (
        (asking.walker().client, f"/intervju/{asking.opened.short_name}/lista"),
        (asking.walker(manager).client, f"/stad/omgangar/{asking.opened.short_name}/samtal"),
    )
    costs = []
    for numbers in (range(1), range(1, 12)):
        for number in numbers:
            asking.book(number)
        for client, path in pages:
            client.get(path)
            with counted(asking.app) as asked:
                assert client.get(path).status_code == 200
            costs.append(len(asked))
    assert costs[:2] == costs[2:]
    assert max(costs) <= MOST_STAFF


def test_a_question_costs_few_whatever_was_answered(asking: Asking) -> None:
    walker = begin(asking.walker(), asking.book())
    costs = []
    for _ in range(3):
        with counted(asking.app) as asked:
            walker.get(walker.path)
        costs.append(len(asked))
        walker.press("Nästa", {"answer": "1"})
    assert len(set(costs)) == 1, costs
    assert costs[0] <= MOST_QUESTION
