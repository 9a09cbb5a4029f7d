"""`enkat analyse` on any small file with any legal specification: numbers, null with a reason, or a sentence."""

import json
import math
import re
import tempfile
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from enkat.cli.main import cli
from enkat.services.analysis.rows import REASON_WORDS
from enkat.services.analysis.spec import Verb
from enkat.statistics.intervals import IntervalName
from enkat.statistics.microdata.design import Lonely

HEAD = "enhet;stadsdel;kon;svarat;vikt;N;hem;q1;q2;q3;tid"
QUESTIONS = ["q1", "q2", "q3"]
ROW = st.tuples(
    st.sampled_from(["A", "B", "C", "D"]),
    st.sampled_from("KM"),
    st.sampled_from(["ja", "ja", "ja", "nej"]),
    st.sampled_from(["1", "1,5", "2", "40"]),
    st.sampled_from(["h1", "h2", "h3", "h4", "h5"]),
    *[st.sampled_from(["", "1", "2", "4", "5", "5", "8"])] * 3,
    st.sampled_from(["", "0", "-3", "12,5", "30", "1e6"]),
)


def _lines(rows: list[tuple[str, ...]]) -> list[str]:
    return [
        f"{unit};{'S1' if unit in 'AB' else 'S2'};{sex};{responded};{weight};30;{unit}{home};{';'.join(answers)}"
        for unit, sex, responded, weight, home, *answers in rows
    ]


FILES = st.lists(ROW, min_size=1, max_size=30).map(_lines)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _table(**choices: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Any of the keys, each with any of its values."""
    return st.fixed_dictionaries({}, optional=choices)


DESIGNS = _table(
    unit=st.just("enhet"),
    district=st.just("stadsdel"),
    weight=st.just("vikt"),
    N=st.just("N"),
    responded=st.just("svarat"),
    fpc=st.booleans(),
    lonely=st.sampled_from([one.value for one in Lonely]),
    cluster=st.just("hem"),
)
WEIGHTS = st.one_of(
    st.sampled_from(["none", "N/r", "given"]),
    st.fixed_dictionaries(
        {
            "method": st.sampled_from(["post-stratify", "rake", "calibrate"]),
            "margins": st.sampled_from(["kon", "enhet"]),
        }
    ),
    st.just({"start": "none", "trim": [0.5, 1.2]}),
    st.just({"method": "calibrate", "totals": {"kon": {"K": 40, "M": 60}}, "bounds": [0.3, 3.0]}),
)
COMMON = {
    "by": st.lists(st.sampled_from(["enhet", "stadsdel", "kon"]), unique=True, max_size=2),
    "where": st.sampled_from([{"kon": "K"}, {"q1": [4, 5]}, {"any": [{"answered": "q2"}, {"not": {"enhet": "A"}}]}]),
    "weights": WEIGHTS,
    "level": st.sampled_from([0.5, 0.9, 0.999]),
    "df": st.sampled_from(["normal", "design", "n-1", 1, 7.5]),
    "fpc": st.booleans(),
}
OWN: dict[Verb, dict[str, st.SearchStrategy[Any]]] = {
    Verb.SHARE: {
        "interval": st.sampled_from([one.value for one in IntervalName]),
        "target": st.sampled_from([0.5, "85 %", 1]),
        "compare": st.just("rest"),
        "adjust": st.sampled_from(["BH", "holm", "none"]),
    },
    Verb.DISTRIBUTION: {"interval": st.sampled_from([one.value for one in IntervalName])},
    Verb.MEAN: {"compare": st.sampled_from(["rest", ["A", "B"]]), "smallest": st.just(0.2)},
    Verb.QUANTILE: {"quantiles": st.just([0, 0.25, 0.5, 1])},
    Verb.DIFFERENCE: {"of": st.sampled_from(["mean", "share", "total"])},
    Verb.STANDARDISED: {"population": st.just({"K": 0.6, "M": 0.4})},
}
NEEDED: dict[Verb, dict[str, Any]] = {
    Verb.CONTRAST: {"coefficients": {"A": 1, "B": -1}, "by": "enhet"},
    Verb.DIFFERENCE: {"groups": ["K", "M"], "by": "kon"},
    Verb.STANDARDISED: {"standardise": "kon"},
    Verb.INDEX: {"scale": [1, 5]},
}


@st.composite
def _analyses(draw: st.DrawFn) -> dict[str, Any]:
    verb = draw(st.sampled_from(sorted(Verb)))
    pair = verb in {Verb.RATIO, Verb.TEST, Verb.ALPHA, Verb.INDEX}
    names = ["q1", "q2"] if pair else draw(st.lists(st.sampled_from([*QUESTIONS, "tid"]), min_size=1, unique=True))
    chosen = draw(_table(**(COMMON | OWN.get(verb, {})))) | NEEDED.get(verb, {})
    if verb is Verb.TEST:
        chosen.pop("by", None)
    return {"verb": verb.value, "variables": names, "positive": [4, 5], **chosen}


def _spec(design: dict[str, Any], analyses: list[dict[str, Any]], threshold: int) -> str:
    positive = {Verb.SHARE, Verb.DIFFERENCE, Verb.CONTRAST, Verb.STANDARDISED}
    lines = ["missing = { does_not_know = 8 }", f"disclosure = {{ threshold = {threshold} }}"]
    lines += [f"design = {_toml(design)}"]
    for number, analysis in enumerate(analyses):
        lines += ["[[analysis]]", f'id = "a{number}"']
        lines += [
            f"{key} = {_toml(value)}"
            for key, value in analysis.items()
            if key != "positive" or analysis["verb"] in positive
        ]
    return "\n".join(lines) + "\n"


def _refuse(word: str) -> float:
    raise AssertionError(f"{word} in the result")


def _check(document: dict[str, Any]) -> None:
    for analysis in document["analyses"]:
        for row in analysis["rows"]:
            values = [row[key] for key in ("estimate", "se", "lo", "hi")]
            assert all(value is None or math.isfinite(value) for value in values)
            assert (row.get("reason") in REASON_WORDS) == (None in values), row
            if row["lo"] is not None and row["method"] != "quantile, Woodruff":
                assert row["lo"] <= row["estimate"] + 1e-9, row
                assert row["estimate"] - 1e-9 <= row["hi"], row


@given(FILES, DESIGNS, st.lists(_analyses(), min_size=1, max_size=3), st.sampled_from([0, 5]))
def test_numbers_reasons_or_a_sentence(
    lines: list[str], design: dict[str, Any], analyses: list[dict[str, Any]], threshold: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "svar.csv").write_text("\n".join([HEAD, *lines]), encoding="utf-8")
        (folder / "spec.toml").write_text(_spec(design, analyses, threshold), encoding="utf-8")
        output = folder / "ut.json"
        arguments = [str(folder / "svar.csv"), "--spec", str(folder / "spec.toml"), "-o", str(output)]
        done = CliRunner().invoke(cli, ["analyse", *arguments, "--r-script", str(folder / "skript.R")])
        if done.exit_code == 0:
            _check(json.loads(output.read_text(encoding="utf-8"), parse_constant=_refuse))
            return
        assert done.exit_code == 1, done.output
        assert isinstance(done.exception, SystemExit), done.exception
        assert done.output.startswith("Error: "), done.output
        assert not output.exists()
        assert "fel i programmet" not in done.output
        assert re.search(r"\b(nan|inf|None|strata|cells)\b", done.output) is None, done.output
