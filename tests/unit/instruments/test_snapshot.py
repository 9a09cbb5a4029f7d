"""Snapshots: what a round is opened with, whole and unchanged."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from enkat import paths
from enkat.instruments.loading import load_catalogue
from enkat.instruments.snapshot import cached, from_snapshot, snapshot, snapshot_hash
from tests.factories.surveys import HOME, write_surveys

INSTRUMENTS = load_catalogue(paths.surveys()).instruments


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_an_instrument_comes_back_whole(name: str):
    text = snapshot(INSTRUMENTS[name])
    assert from_snapshot(text) == INSTRUMENTS[name]
    assert snapshot(from_snapshot(text)) == text


def test_conditions_of_every_kind_come_back(tmp_path: Path):
    never_safe = "{ in = { question = 'feels_safe', options = ['never'] } }"
    when = f"when = {{ any = [{{ all = [{{ answered = 'gets_food' }}, {{ not = {never_safe} }}] }}] }}"
    old = 'when = { in = { question = "gets_food", options = ["yes"] } }'
    instrument = load_catalogue(write_surveys(tmp_path, (HOME, old, when))).instruments["hemtjanst"]
    assert from_snapshot(snapshot(instrument)) == instrument


def test_the_text_is_canonical():
    text = snapshot(INSTRUMENTS["hemtjanst"])
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_the_hash_changes_with_a_single_word():
    text = snapshot(INSTRUMENTS["hemtjanst"])
    assert len(snapshot_hash(text)) == 64
    assert snapshot_hash(text) != snapshot_hash(text.replace("trygg", "säker", 1))


def test_the_cache_gives_the_same_object_and_refuses_a_changed_text():
    text = snapshot(INSTRUMENTS["hemtjanst"])
    digest = snapshot_hash(text)
    assert cached(digest, text) is cached(digest, text)
    with pytest.raises(ValueError, match="kontrollsumma"):
        cached(digest, text.replace("trygg", "säker", 1))


@pytest.mark.parametrize("text", ["[]", "{}", '{"format": 99}'])
def test_a_text_of_another_format_is_refused(text: str):
    with pytest.raises(ValueError, match="format"):
        from_snapshot(text)


def test_reading_a_snapshot_loads_neither_models_nor_numbers():
    code = (
        "import sys, enkat.instruments.snapshot, enkat.instruments.routing;"
        "print([name for name in ('pydantic', 'numpy', 'flask', 'sqlalchemy', 'tomllib') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
