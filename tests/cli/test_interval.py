"""`enkat interval`: numbers without a file, every interval by name, in words or as JSON."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from enkat.cli.main import cli
from enkat.services.analysis.spec import INTERVAL_SYNONYMS
from enkat.statistics.intervals import IntervalName, Observed, interval
from tests.house.sources import ROOT

HEAVY = ["flask", "sqlalchemy", "pydantic_settings", "enkat.settings", "enkat.records", "enkat.web"]


def run(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(cli, ["interval", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output.replace("\N{NO-BREAK SPACE}", " ")


def test_the_exact_interval_in_words() -> None:
    # Three of 45 are silent. M = 38: C(7,3)/C(45,3) = 0,0025; M = 39: (C(6,3) + 39·C(6,2))/C(45,3) = 0,043 > 0,025.
    said = run(38, 42, "--population", 45, "--method", "hypergeometric")
    assert said.splitlines() == [
        "Andel: 90,5 % (38 av 42 svar)",
        "Intervall 95 %: 86,7–91,1 % (exakt, hypergeometriskt)",
        "I hela brukare: 39–41 av 45",
    ]


@pytest.mark.parametrize("name", [*(name.value for name in IntervalName), *INTERVAL_SYNONYMS])
def test_every_name_gives_the_limits_of_its_function(name: str) -> None:
    found = json.loads(run(31, 40, "--population", 60, "--method", name, "--level", 0.9, "--json"))
    chosen = INTERVAL_SYNONYMS.get(name) or IntervalName(name)
    share, variance = 31 / 40, 31 / 40 * 9 / 40 / 39 * (1 - 40 / 60)
    observed = Observed(k=31, n=40, population=60, share=share, variance=variance, df=39)
    limits = interval(chosen, observed, level=0.9)
    assert found["method"] == chosen.value
    assert (found["lo"], found["hi"]) == pytest.approx((float(limits.lo), float(limits.hi)), rel=1e-12)
    assert found["estimate"] == share


def test_figures_from_elsewhere() -> None:
    # R: binom.test(9, 12)$conf.int; prop.test without correction gives Wilson's.
    exact = json.loads(run(9, 12, "--method", "clopper_pearson", "--json"))
    assert (exact["lo"], exact["hi"]) == pytest.approx((0.428141538122, 0.945139355472), abs=1e-12)
    wilson = json.loads(run(9, 12, "--json"))
    assert (wilson["lo"], wilson["hi"]) == pytest.approx((0.467694665066, 0.911058331606), abs=1e-12)


def test_what_is_not_defined_is_said() -> None:
    assert "är inte definierat för de här talen" in run(12, 12, "--method", "logit")
    assert json.loads(run(12, 12, "--method", "logit", "--json"))["lo"] is None


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((5, 4), "Fler positiva (5) än svar (4)."),
        ((5, 9, "--population", 8), "Fler svar (9) än personer i gruppen (8)."),
        ((5, 9, "--method", "hypergeometric"), "lägg till --population"),
        ((5, 9, "--level", 95), "--level"),
        ((5, 9, "--method", "wilsson"), "--method"),
    ],
)
def test_numbers_that_cannot_be(arguments: tuple[object, ...], sentence: str) -> None:
    assert sentence in run(*arguments, code=2)


def test_it_needs_no_database() -> None:
    script = (
        "import json, sys\n"
        "from click.testing import CliRunner\n"
        "from enkat.cli.main import cli\n"
        "CliRunner().invoke(cli, ['interval', '3', '4'])\n"
        "print(json.dumps(sorted(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(json.loads(done.stdout.splitlines()[-1])) & set(HEAVY) == set()
