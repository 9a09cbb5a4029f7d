"""Surveys that a city could write: any legal number of questions, scales, conditions and words, none of them ours."""

from pathlib import Path

from hypothesis import strategies as st

from enkat.instruments.instrument import Instrument
from enkat.instruments.loading import load_catalogue

WORDS = (
    "Är",
    "det",
    "bra",
    "med",
    "hjälp",
    "&",
    "<",
    ">",
    "du",
    "O’Hara",
    "”sol”",
    "'nu'",
    "i",
    "2,5",
    "åäö",
    "%",
    "–",
)
LABELS = ("Ja", "Nej", "Bra", "Dåligt", "Alltid", "Mer & mer", "< 5 år", "”Kanske”", "Vet", "I dag", "50 %", "O’Hara")
UNKNOWN = '  { id = "dont_know", missing = "does_not_know", text = { sv = "Vet inte", en = "Don’t know" } },'
HEAD = """id = "provet"
version = 1
service = "home_care"
languages = ["sv", "en"]
faces = ["plain", "easy", "proxy"]
title = { sv = "Prov & test", en = "Try & test" }
history = [{ version = 1, date = 2026-03-01, consulted = [], changed = "Ny." }]
"""
CORE = """languages = ["sv", "en"]
faces = ["plain", "easy", "proxy"]
[[question]]
id = "core_one"
version = 1
scale = "s0"
criteria = ["trygghet"]
text = { sv = "Är du trygg hemma?", en = "Are you safe?" }
easy = { sv = "Är du trygg?", en = "Safe?" }
proxy = { sv = "Är hon trygg?", en = "Is she safe?" }
history = [{ version = 1, date = 2026-03-01, consulted = [], changed = "Ny." }]
"""


def _scale(draw: st.DrawFn, number: int) -> tuple[str, list[str]]:
    """Return a scale's TOML and the ids of its options."""
    labels = draw(st.lists(st.sampled_from(LABELS), min_size=2, max_size=8, unique=True))
    ids = [f"o{place}" for place in range(len(labels))]
    picture = 'picture = "unsure", ' if draw(st.booleans()) else ""
    lines = [
        f'  {{ id = "{one}", code = {place + 1}, {picture}'
        f"text = {{ sv = {_quoted(label)}, en = {_quoted('E ' + label)} }} }},"
        for place, (one, label) in enumerate(zip(ids, labels, strict=True))
    ]
    unknown = draw(st.booleans())
    if unknown:
        lines.append(UNKNOWN)
    outside = '["dont_know"]' if unknown else "[]"
    head = f'[[scale]]\nid = "s{number}"\nversion = 1\npositive = ["o0"]\nleaves_base = {outside}\noption = [\n'
    return head + "\n".join(lines) + "\n]\n", ids


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _sentence(draw: st.DrawFn, start: str, most: int) -> str:
    return " ".join([start, *draw(st.lists(st.sampled_from(WORDS), min_size=2, max_size=most)), "nu?"])


def _question(draw: st.DrawFn, name: str, scales: list[tuple[str, list[str]]], earlier: dict[str, list[str]]) -> str:
    number = draw(st.integers(0, len(scales) - 1))
    text = _sentence(draw, f"Hur {name}", 9)
    proxy = _sentence(draw, f"Hon {name}", 7)
    when = ""
    if earlier and draw(st.booleans()):
        asked = draw(st.sampled_from(sorted(earlier)))
        option = draw(st.sampled_from(earlier[asked]))
        when = f'when = {{ in = {{ question = "{asked}", options = ["{option}"] }} }}\n'
    else:
        earlier[name] = scales[number][1]
    return (
        f'[[question]]\nid = "{name}"\nversion = 1\nscale = "s{number}"\ncriteria = ["trygghet"]\n{when}'
        f"text = {{ sv = {_quoted(text)}, en = {_quoted('E ' + text)} }}\n"
        f'easy = {{ sv = "Bra {name}?", en = "Good {name}?" }}\n'
        f"proxy = {{ sv = {_quoted(proxy)}, en = {_quoted('E ' + proxy)} }}\n"
    )


@st.composite
def surveys(draw: st.DrawFn) -> dict[str, str]:
    """Draw the files of a surveys directory."""
    scales = [_scale(draw, number) for number in range(draw(st.integers(1, 3)))]
    mark = draw(st.integers(0, 10**6))
    earlier: dict[str, list[str]] = {}
    names = [f"q{mark}_{place}" for place in range(draw(st.integers(1, 6)))]
    asked = [_question(draw, name, scales, earlier) for name in names]
    used = [toml for number, (toml, _) in enumerate(scales) if not number or f'"s{number}"' in "".join(asked)]
    free = (
        f'[[question]]\nid = "t{mark}"\nversion = 1\nkind = "text"\nmax_length = {draw(st.integers(1, 1000))}\n'
        'text = { sv = "Mer?", en = "More?" }\neasy = { sv = "Mer?", en = "Any more?" }\n'
        'proxy = { sv = "Mer?", en = "Any more?" }\nhint = { sv = "Inga namn.", en = "No names." }\n'
    )
    order = '[[question]]\nref = "core:core_one@1"\n' if draw(st.booleans()) else ""
    return {
        "core/scales.toml": "".join(used),
        "core/questions.toml": CORE,
        "provet/instrument.toml": HEAD + order + "".join(asked) + (free if draw(st.booleans()) else ""),
    }


def written(files: dict[str, str], directory: Path) -> Instrument:
    """Write a drawn survey and return its instrument; InstrumentFaults if it is not legal after all."""
    for file, text in files.items():
        target = directory / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return load_catalogue(directory).instruments["provet"]
