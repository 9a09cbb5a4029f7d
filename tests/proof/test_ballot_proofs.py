"""The small form of the ballot proofs; `make proof` runs the long one (bench/proofs)."""

import pytest

from bench.figures import Figure
from bench.proofs.attacker import attack, hostile
from bench.proofs.count import kill_counts
from bench.proofs.kills import WRONG, kill_under_traffic
from bench.proofs.messages import figures_of, send_under_kills
from bench.proofs.send_race import AT_ONCE, race


def broken(figures: list[Figure]) -> list[Figure]:
    return [figure for figure in figures if not figure.held]


def test_of_24_simultaneous_sends_of_one_code_one_is_stored():
    found = race("sqlite", rounds=2)
    assert (found["right"], found["failed"], found["thanked"]) == (2, 0, 2 * AT_ONCE)


def test_kills_under_traffic_lose_and_double_nothing():
    found = kill_under_traffic("sqlite", kills=2, people=24)
    assert found["worker"] + found["server"] == 2
    assert found["acknowledged"] > 0
    assert {word: found[word] for word in WRONG} == dict.fromkeys(WRONG, 0)


def test_a_killed_count_leaves_nothing_half_done_and_is_counted_again():
    found = kill_counts("sqlite", kills=3, people=200, units=10)
    assert (found["half done"], found["not ended well"]) == (0, 0)
    assert found["killed after"] > 0


def test_an_attacker_reads_nothing_before_the_count_and_links_nothing_after_it():
    figures = attack("sqlite", people=120, units=4, tried=1000)
    assert broken(figures) == []
    controls = {figure.name: figure.value for figure in figures if "control" in figure.name}
    assert min(controls.values()) >= 2
    assert max(controls.values()) > 100


@pytest.mark.parametrize("kind", ["sqlite"])
def test_hostile_unit_sizes_keep_five_in_every_class(kind: str):
    assert broken(hostile(kind, repeats=1)) == []


def test_messages_sent_under_kills_come_once_or_with_a_word_to_staff():
    sent = send_under_kills("sqlite", people=60, kills=3)
    assert broken(figures_of(sent)) == []
    assert sent.kills == 3
