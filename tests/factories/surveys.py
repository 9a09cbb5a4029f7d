"""A smallest valid directory of definitions, and small edits of it."""

import re
from datetime import date
from pathlib import Path

from enkat.instruments.language_template import language_path, language_template

SCALES = "core/scales.toml"
CORE = "core/questions.toml"
HOME = "hemtjanst/instrument.toml"
EXTRA = "supplements/mat.toml"

_HISTORY = 'history = [{ version = 1, date = 2026-03-01, consulted = ["Rådet"], changed = "Ny." }]'

FILES = {
    SCALES: """
[[scale]]
id = "freq"
version = 1
positive = ["always"]
leaves_base = ["dont_know"]
option = [
  { id = "always", code = 1, text = { sv = "Alltid", en = "Always" } },
  { id = "never", code = 2, text = { sv = "Aldrig", en = "Never" } },
  { id = "dont_know", missing = "does_not_know", text = { sv = "Vet inte", en = "Don't know" } },
]
[[scale]]
id = "yesno"
version = 1
positive = ["yes"]
leaves_base = []
option = [
  { id = "yes", code = 1, text = { sv = "Ja", en = "Yes" } },
  { id = "no", code = 2, text = { sv = "Nej", en = "No" } },
]
""",
    CORE: f"""
languages = ["sv", "en"]
faces = ["plain", "easy", "proxy"]
[[question]]
id = "feels_safe"
version = 1
scale = "freq"
criteria = ["trygghet"]
text = {{ sv = "Är du trygg med din hjälp?", en = "Do you feel safe?" }}
easy = {{ sv = "Är du trygg?", en = "Are you safe?" }}
proxy = {{ sv = "Är den du svarar för trygg?", en = "Does the person feel safe?" }}
{_HISTORY}
[[question]]
id = "is_heard"
version = 1
scale = "yesno"
criteria = ["delaktighet"]
text = {{ sv = "Lyssnar de på dig?", en = "Do they listen to you?" }}
easy = {{ sv = "Hör de på dig?", en = "Do they hear you?" }}
proxy = {{ sv = "Lyssnar de på den du svarar för?", en = "Do they listen to the person?" }}
{_HISTORY}
""",
    HOME: f"""
id = "hemtjanst"
version = 1
service = "home_care"
languages = ["sv", "en"]
faces = ["plain", "easy", "proxy"]
title = {{ sv = "Om din hjälp", en = "About your help" }}
{_HISTORY}
[[question]]
ref = "core:feels_safe@1"
[[question]]
id = "gets_food"
version = 1
scale = "yesno"
criteria = ["inflytande"]
text = {{ sv = "Får du mat av oss?", en = "Do you get food from us?" }}
easy = {{ sv = "Får du mat?", en = "Do you get food?" }}
proxy = {{ sv = "Får den du svarar för mat?", en = "Does the person get food?" }}
[[question]]
id = "food_good"
version = 1
scale = "freq"
criteria = ["trygghet"]
text = {{ sv = "Är maten god när den kommer?", en = "Is the food good when it comes?" }}
easy = {{ sv = "Är maten god?", en = "Is the food good?" }}
proxy = {{ sv = "Är maten bra?", en = "Is the food all right?" }}
when = {{ in = {{ question = "gets_food", options = ["yes"] }} }}
[[question]]
ref = "core:is_heard@1"
[[question]]
id = "tell_more"
version = 1
kind = "text"
max_length = 500
text = {{ sv = "Vill du säga mer?", en = "Do you want to say more?" }}
easy = {{ sv = "Vill du säga mer?", en = "More to say?" }}
proxy = {{ sv = "Vill den du svarar för säga mer?", en = "Does the person want to say more?" }}
hint = {{ sv = "Skriv inga namn.", en = "Write no names." }}
""",
    EXTRA: f"""
id = "mat"
version = 1
languages = ["sv", "en"]
faces = ["plain", "easy", "proxy"]
title = {{ sv = "Mat", en = "Food" }}
{_HISTORY}
[[question]]
id = "warm_food"
version = 1
scale = "freq"
criteria = ["trygghet"]
text = {{ sv = "Är maten varm när den kommer?", en = "Is the food warm when it comes?" }}
easy = {{ sv = "Är maten varm?", en = "Is the food warm?" }}
proxy = {{ sv = "Får den du svarar för varm mat?", en = "Does the person get warm food?" }}
""",
}


def write_surveys(directory: Path, *edits: tuple[str, str, str]) -> Path:
    """Write the directory with edits (file, old text, new text); an old text that is not there fails the test."""
    files = dict(FILES)
    for file, old, new in edits:
        assert old in files[file], f"{old!r} is not in {file}"
        files[file] = files[file].replace(old, new, 1)
    for file, text in files.items():
        target = directory / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return directory


def write_language(directory: Path, lang: str, *edits: tuple[str, str]) -> Path:
    """Write a complete file of a further language, every text made from the Swedish, and edit it."""
    text = language_template(directory, lang, date(2026, 11, 25))
    text = re.sub(r'^# (.*)\n([^#\n]+ = )""$', r'# \1\n\2"\1"', text, flags=re.MULTILINE)
    tables = text.partition("\n[title]")
    text = re.sub(r'^([^#\n]+ = ")', rf"\1{lang} ", "".join(tables[1:]), flags=re.MULTILINE)
    history = '[{ version = 1, date = 2026-11-25, consulted = [], changed = "Ett utkast." }]'
    text = f'language = "{lang}"\nversion = 1\nhistory = {history}\n\n{text}'
    for old, new in edits:
        assert old in text, f"{old!r} is not in {text}"
        text = text.replace(old, new, 1)
    path = language_path(directory, lang)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
