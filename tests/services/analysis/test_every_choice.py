"""Every verb with every way to weigh, every interval and all degrees of freedom: numbers, or a reason with a name."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from enkat.services.analysis.rows import NO_INTERVAL, NO_POPULATION, UNEQUAL, Row
from enkat.services.analysis.running import run
from enkat.services.analysis.spec import Verb
from enkat.services.faults import Fault
from enkat.statistics.intervals import IntervalName
from enkat.statistics.microdata.design import Lonely

WEIGHTS = {
    "none": '"none"',
    "N/r": '"N/r"',
    "given": '"given"',
    "post-stratify": '{ method = "post-stratify", margins = "enhet|kon" }',
    "rake": '{ method = "rake", margins = ["enhet", "kon"] }',
    "calibrate": '{ method = "calibrate", margins = ["enhet", "kon"], numeric = "alder" }',
    "raking within bounds": '{ method = "calibrate", margins = "kon", calfun = "raking", bounds = [0.3, 3.0] }',
    "trim": '{ start = "given", trim = [0.8, 1.6] }',
}
DF = ['"normal"', '"design"', '"n-1"', "12"]
OWN = {
    Verb.RATIO: 'variables = ["q1", "q2"]\nby = "enhet"\n',
    Verb.DIFFERENCE: 'variables = "q1"\nby = "kon"\ngroups = ["K", "M"]\n',
    Verb.CONTRAST: 'variables = "q1"\nby = "enhet"\ncoefficients = { A = 1, B = -0.5, C = -0.5 }\n',
    Verb.STANDARDISED: 'variables = "q1"\nby = "enhet"\nstandardise = "kon"\n',
    Verb.TEST: 'variables = ["q1", "q2"]\n',
    Verb.ALPHA: 'variables = ["q1", "q2"]\nby = "kon"\n',
    Verb.INDEX: 'variables = ["q1", "q2"]\nscale = [1, 5]\nby = "kon"\n',
}
ONE = 'variables = "q1"\nby = "enhet"\n'
DESIGN = '[design]\nunit = "enhet"\nresponded = "svarat"\nweight = "vikt"\nlonely = "{}"\n'
POSITIVE = "[variables.q1]\npositive = [4, 5]\n[disclosure]\nthreshold = 0\n"
OTHER_QUANTILE = {Verb.TEST, Verb.SHARE, Verb.DISTRIBUTION, Verb.QUANTILE}
"""Verbs whose limits do not follow the degrees of freedom here: none, whole clients, answers that were given."""
COUNTED = {"hypergeometric", "mid_p", "wilson", "wilson_finite", "clopper_pearson", "jeffreys", "agresti_coull"}


def rows_of(folder: Path, analyses: list[str], lonely: str = "fail", *, alone: bool = False) -> list[list[Row]]:
    random = np.random.default_rng(8)
    lines = ["enhet;kon;alder;svarat;vikt;q1;q2"]
    for unit, sex, number in itertools.product("ABC", "KM", range(9)):
        answers = ";".join(map(str, random.integers(1, 6, 2)))
        responded = "nej" if number > 6 or (alone and unit == "C" and (sex, number) != ("K", 0)) else "ja"
        lines.append(f"{unit};{sex};{65 + 3 * number};{responded};{0.5 + random.random():.3f};{answers}")
    (folder / "svar.csv").write_text("\n".join(lines), encoding="utf-8")
    asked = "".join(f'[[analysis]]\nid = "{number}"\n{one}' for number, one in enumerate(analyses))
    (folder / "spec.toml").write_text(DESIGN.format(lonely) + POSITIVE + asked, encoding="utf-8")
    return [list(result.rows) for result in run(folder / "svar.csv", folder / "spec.toml").results]


@pytest.mark.parametrize("verb", Verb)
def test_every_verb_with_every_weight_and_df(verb: Verb, tmp_path: Path) -> None:
    choices = list(itertools.product(WEIGHTS, DF))
    asked = [f'verb = "{verb}"\n{OWN.get(verb, ONE)}weights = {WEIGHTS[weight]}\ndf = {df}\n' for weight, df in choices]
    widths: dict[str, set[float]] = {}
    for (weight, _), rows in zip(choices, rows_of(tmp_path, asked), strict=True):
        for row in rows:
            assert is_told(row), (weight, row)
            if row.reason is None:
                assert None not in (row.se, row.lo, row.hi), (weight, row)
                widths.setdefault(weight, set()).add(round(float(row.hi or 0) - float(row.lo or 0), 12))
    if verb not in OTHER_QUANTILE:
        assert len(widths) == len(WEIGHTS)
        assert all(len(found) >= len(DF) for found in widths.values())


def is_told(row: Row) -> bool:
    """Whether a row has its number; a design effect has none where the weights sum to the answers or fewer."""
    if row.estimate is None:
        return row.name.endswith(":deff") and row.reason == "nämnaren är 0"
    return row.reason in {None, NO_INTERVAL}


@pytest.mark.parametrize("verb", [Verb.SHARE, Verb.DISTRIBUTION])
@pytest.mark.parametrize("name", [one.value for one in IntervalName])
def test_every_interval_with_every_weight(verb: Verb, name: str, tmp_path: Path) -> None:
    asked = [f'verb = "{verb}"\n{ONE}interval = "{name}"\nweights = {weight}\n' for weight in WEIGHTS.values()]
    for weight, rows in zip(WEIGHTS, rows_of(tmp_path, asked), strict=True):
        unequal = name in COUNTED and weight not in {"none", "N/r"}
        for row in rows:
            if row.reason is not None:
                assert row.reason in {UNEQUAL, NO_POPULATION} if unequal else row.estimate in {0, 1}, (weight, row)
            else:
                assert row.lo is not None
                assert row.hi is not None
                assert row.lo <= row.estimate <= row.hi, (weight, row)  # type: ignore[operator]  # a number, as reason is None
    equal = rows_of(tmp_path, asked[:2])
    assert any(row.reason is None for rows in equal for row in rows)


@pytest.mark.parametrize("lonely", Lonely)
def test_every_treatment_of_a_stratum_with_one_answer(lonely: Lonely, tmp_path: Path) -> None:
    asked = [f'verb = "{verb}"\nvariables = ["q1", "q2"]\n' for verb in ("mean", "total", "ratio", "variance", "alpha")]
    if lonely is Lonely.FAIL:
        with pytest.raises(Fault, match=r"svar\.csv, rad 38, kolumn enhet: stratum C har bara ett svar"):
            rows_of(tmp_path, asked, lonely, alone=True)
        return
    for rows in rows_of(tmp_path, asked, lonely, alone=True):
        assert all(is_told(row) for row in rows)
