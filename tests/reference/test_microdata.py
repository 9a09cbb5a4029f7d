"""The engine for files of answers against R's ``survey``, figure by figure.

The figures are made by ``Rscript tests/reference/survey/microdata.R`` (R 4.2.2, survey 4.1.1) from the data beside it.
Closed forms agree to 1e-9, iterated fits to 1e-6.
"""

import csv
import json
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from enkat.statistics import microdata as m
from enkat.statistics.intervals import IntervalName, Observed, interval

FOLDER = Path(__file__).parent / "survey"
FIGURES: dict[str, list[float | None]] = json.loads((FOLDER / "microdata.json").read_text(encoding="utf-8"))
ITERATED = ("raked", "linear bounded", "calibrated raking", "post-stratified then raked", "trimmed after raking")
LABELS = {"person", "district", "sex", "age", "grade"}
DESIGNS = (
    "equal", "weighted", "strata", "replaced", "fractions", "clusters", "clients", "nested", "persons", "plain",
)  # fmt: skip

Figures = Callable[[], Iterable[float | None]]


def read() -> dict[str, np.ndarray]:
    with (FOLDER / "microdata.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        name: np.array([row[name] if name in LABELS else float(row[name] or "nan") for row in rows]) for name in rows[0]
    }


D = read()
POINTS = np.column_stack([D[f"i{number}"] for number in range(1, 6)])
SEXES = m.Margin({"sex": D["sex"]}, {"f": 390, "m": 250})
AGES = m.Margin({"age": D["age"]}, {"65-": 200, "75-": 260, "85-": 180})
DISTRICTS = m.Margin({"district": D["district"]}, {"north": 240, "south": 251, "east": 149})
MIX = {("f", "65-"): 300, ("m", "65-"): 200, ("f", "75-"): 400, ("m", "75-"): 250, ("f", "85-"): 350, ("m", "85-"): 150}


def columns(*names: str) -> dict[str, np.ndarray]:
    return {name: D[name] for name in names}


def design(name: str) -> m.SurveyDesign:
    of = m.SurveyDesign.of
    match name:
        case "equal":
            return of(rows=len(D["y"]))
        case "weighted":
            return of(weights=D["w"])
        case "strata":
            return of(strata=D["stratum"], fpc=D["N"])
        case "replaced":
            return of(strata=D["stratum"], weights=D["w"])
        case "fractions":
            return of(strata=D["stratum"], fpc=0.4 + D["stratum"] / 100, weights=D["w"])
        case "clusters":
            return of(strata=D["stratum"], clusters=D["cluster"], weights=D["w"])
        case "clients":
            return of(strata=D["stratum"], clusters=D["cluster"], fpc=D["M"])
        case "nested":
            return of(strata=D["stratum"], clusters=D["local"], weights=D["w"], nest=True)
        case "persons":
            return of(strata=D["stratum"], persons=D["person"], weights=D["w"])
        case _:
            return of(clusters=D["cluster"], weights=D["w"])


S, K, W = design("strata"), design("clusters"), design("weighted")
WOMEN = K.domain(D["sex"] == "f")
BY_DISTRICT = columns("district")


def both(*found: m.Estimates) -> list[float]:
    """Estimates, then standard errors; columns outermost, as R lays out svyby."""
    return [v for one in found for part in (one.estimate, one.se) for v in part.T.ravel()]


def pair(*found: m.Estimate) -> list[float | None]:
    return [v for one in found for v in (one.estimate, one.se)]


def limits(*found: m.Estimate) -> list[float | None]:
    return [v for one in found for v in (one.estimate, one.lo, one.hi, one.se)]


def deff(*found: m.Estimates) -> list[float]:
    return [float(v) for one in found for v in one.estimate.ravel()]


def outcome(found: m.Outcome) -> list[float | None]:
    """R's statistic, degrees of freedom and p."""
    second = [] if np.isinf(found.df2) else [found.df2]
    return [found.statistic, found.df, *second, found.p]


def by_design(name: str) -> Mapping[str, Figures]:
    s = design(name)

    def mean() -> list[float | None]:
        e = m.mean(s, D["y"]).at()
        return [e.estimate, e.se, e.lo, e.hi, e.df]

    return {
        f"mean/{name}": mean,
        f"total/{name}": lambda: both(m.total(s, D["y"])),
        f"ratio/{name}": lambda: both(m.ratio_of(s, D["v"], D["x"])),
        f"distribution/{name}": lambda: both(m.distribution(s, D["grade"])),
        f"mean by/{name}": lambda: both(m.mean(s, D["y"], by=columns("age", "sex"))),
        f"share by/{name}": lambda: both(m.share(s, D["safe"], {1}, by=columns("district"))),
        f"quantile/{name}": lambda: limits(*(m.quantile(s, D["y"], p).at() for p in (0.25, 0.5, 0.9))),
        f"variance/{name}": lambda: both(m.variance(s, D["y"])),
    }


def shares_of_ages(s: m.SurveyDesign) -> m.SurveyDesign:
    return m.standardise(s, columns("age"), {"65-": 30, "75-": 40, "85-": 30}, over=columns("district"))


def verbs_by() -> Mapping[str, Figures]:
    normal = m.mean(S, D["y"], df="normal").at()
    three = np.column_stack([D["x"], D["years"], D["heard"]])
    index = m.index_points(POINTS, 1, 5, minimum=4)
    return {
        "normal interval": lambda: [normal.estimate, normal.se, normal.lo, normal.hi],
        "several columns": lambda: both(m.mean(S, three, by=columns("sex"))),
        "total by": lambda: both(m.total(K, D["x"], by=columns("sex", "age"))),
        "ratio by": lambda: both(m.ratio_of(K, D["v"], D["x"], by=BY_DISTRICT)),
        "distribution by": lambda: both(m.distribution(K, D["grade"], by=BY_DISTRICT)),
        "variance by": lambda: both(m.variance(S, D["y"], by=BY_DISTRICT)),
        "all positive": lambda: both(m.share(K, D["all"], {1})),
        "census": lambda: both(m.mean(S.domain(D["stratum"] == 5), D["x"])),
        "uncorrected": lambda: both(m.mean(S.uncorrected(), D["y"])),
        "index": lambda: both(m.mean(S, index)),
        "alpha": lambda: [m.cronbach_alpha(s, POINTS).at().estimate for s in (design("equal"), S, K, WOMEN)],
        "alpha of complete items": lambda: [m.cronbach_alpha(K, POINTS[:, [0, 2]]).at().estimate],
        "alpha error": lambda: both(m.cronbach_alpha(K, POINTS[:, [0, 2]])),
    }  # fmt: skip


def quantiles() -> Mapping[str, Figures]:
    few, e8 = W.domain(D["cluster"] == 81), design("equal").domain(D["stratum"] == 8)
    return {
        "quantile by": lambda: both(m.quantile(K, D["y"], by=BY_DISTRICT)),
        "quantile of few": lambda: limits(*(m.quantile(few, D["y"], p).at() for p in (0.05, 0.1, 0.5, 0.95))),
        "quantile of integers": lambda: limits(*(m.quantile(S, D["i1"], p).at() for p in (0.1, 0.3, 0.5, 0.8))),
        "quantile of equal weights": lambda: limits(m.quantile(e8, D["x"]).at()),
    }  # fmt: skip


def subsets() -> Mapping[str, Figures]:
    chosen = K.domain(np.isin(D["cluster"], [11, 12, 31]))
    return {
        "subset": lambda: [*both(m.mean(WOMEN, D["y"])), WOMEN.degrees_of_freedom()],
        "subset of strata": lambda: [
            *both(m.total(K.domain(D["stratum"] < 4), D["y"])), K.domain(D["stratum"] < 4).degrees_of_freedom(),
        ],
        "subset of subset": lambda: both(m.mean(S.domain(D["sex"] == "f").domain(D["age"] == "85-"), D["y"])),
        "subset of few clusters": lambda: [*both(m.mean(chosen, D["y"])), chosen.degrees_of_freedom()],
        "degrees of freedom by": lambda: m.mean(K, D["y"], by=BY_DISTRICT).df.ravel().tolist(),
    }  # fmt: skip


def effects() -> Mapping[str, Figures]:
    d = m.design_effect
    return {
        "deff mean": lambda: deff(*(d(s, D["x"]) for s in (K, S, W))),
        "deff replace": lambda: deff(d(K, D["x"], replacement=True), d(S, D["x"], replacement=True)),
        "deff total": lambda: deff(
            d(K, D["x"], of="total"), d(S, D["x"], of="total"), d(K, D["x"], of="total", replacement=True)
        ),
        "deff missing": lambda: deff(d(K, D["y"]), d(S, D["y"], replacement=True)),
        "deff by": lambda: deff(d(K, D["x"], by=BY_DISTRICT)),
    }  # fmt: skip


def combined() -> Mapping[str, Figures]:
    two = m.mean(K, np.column_stack([D["x"], D["years"]]))
    by_sex = m.total(K, D["x"], by=columns("sex"))
    totals = m.total(K, np.column_stack([D["x"], D["years"]]))
    rounds = m.mean(design("persons"), D["x"], by=columns("round"))
    second = D["round"] == 2
    twice = m.pool([design("replaced"), m.SurveyDesign.of(strata=D["stratum"][second], weights=D["w"][second])])
    files = np.repeat([1, 2], [len(second), second.sum()])
    return {
        "difference of overlapping rounds": lambda: pair(m.difference(rounds, 1, 0)),
        "difference of variables": lambda: [*pair(m.difference(two, 1, 0)), *m.covariance(two).ravel()],
        "difference of totals": lambda: pair(m.difference(by_sex, 0, 1)),
        "ratio of totals": lambda: [
            *both(m.ratio_of(K, D["x"], D["years"])), *pair(m.ratio_contrast(totals, [1, 0], [0, 1])),
        ],
        "pooled": lambda: [
            *both(m.mean(twice, np.r_[D["y"], D["y"][second]])),
            *pair(m.difference(m.mean(twice, np.r_[D["x"], D["x"][second]], by={"file": files}), 1, 0)),
        ],
    }  # fmt: skip


def standardised() -> Mapping[str, Figures]:
    per_cluster = dict.fromkeys(D["cluster"].tolist(), 1.0)
    raked = adjusted("raked")
    return {
        "standardised by": lambda: both(
            m.mean(m.standardise(S, columns("sex", "age"), MIX, over=BY_DISTRICT), D["x"], by=BY_DISTRICT)
        ),
        "standardised whole": lambda: both(m.mean(m.standardise(K, columns("sex", "age"), MIX), D["x"])),
        "standardised answerers": lambda: both(
            m.mean(shares_of_ages(K.domain(~np.isnan(D["y"]))), D["y"], by=BY_DISTRICT)
        ),
        "standardised partly": lambda: both(m.mean(
            m.standardise(S, columns("cluster"), per_cluster, over=columns("sex"), partial=True),
            D["x"], by=columns("sex"),
        )),
        "standardised after raking": lambda: both(m.mean(shares_of_ages(raked), D["x"], by=BY_DISTRICT)),
    }  # fmt: skip


def tables() -> Mapping[str, Figures]:
    return {
        "Rao-Scott missing": lambda: [
            v for s in (K, S) for v in outcome(m.rao_scott(s, D["grade"], D["safe"]))
        ],
        "Rao-Scott subset": lambda: [
            *outcome(m.rao_scott(WOMEN, D["grade"], D["age"])),
            *outcome(m.rao_scott(WOMEN, D["grade"], D["age"], statistic="Chisq")),
        ],
        "Rao-Scott 2 by 2": lambda: [
            *outcome(m.rao_scott(K, D["sex"], D["heard"])),
            *outcome(m.rao_scott(design("equal"), D["sex"], D["heard"], statistic="Chisq")),
        ],
    }  # fmt: skip


def weighted() -> Mapping[str, Figures]:
    return {
        "trimmed": m.trim(W, lower=1.5, upper=5).design.weights.tolist,
        "trimmed strictly": m.trim(W, lower=1.5, upper=5, strict=True).design.weights.tolist,
        "raked as R by default": m.rake(S, [SEXES, AGES, DISTRICTS], epsilon=1, most=10).weights[:20].tolist,
        "Wilson as survey 4.5": lambda: [v for s in (S, K, WOMEN) for v in wilson(s)],
    }  # fmt: skip


def contrasts(name: str) -> Mapping[str, Figures]:
    found = m.mean(design(name), D["x"], by=columns("district"))  # east, north, south
    return {
        f"covariance/{name}": lambda: m.covariance(found).ravel().tolist(),
        f"contrast/{name}": lambda: pair(m.contrast(found, [1, -1, 0]), m.contrast(found, [0.2, 0.3, -0.5])),
        f"ratio contrast/{name}": lambda: pair(m.ratio_contrast(found, [0, 1, 0], [1, 0, 2])),
    }


def chi(name: str) -> Mapping[str, Figures]:
    s = design(name)
    return {
        f"Rao-Scott F/{name}": lambda: outcome(m.rao_scott(s, D["district"], D["age"])),
        f"Rao-Scott Chisq/{name}": lambda: outcome(m.rao_scott(s, D["sex"], D["grade"], statistic="Chisq")),
    }


def lonely(choice: str, kind: str) -> Mapping[str, Figures]:
    of, option = m.SurveyDesign.of, m.Lonely(choice)
    if kind == "replaced":
        u = of(strata=D["unit"], weights=D["w"], lonely=option)
    else:
        u = of(strata=D["unit"], fpc=D["U"], lonely=option)
    p = m.poststratify(u, columns("sex"), {"f": 400, "m": 240})
    return {
        f"lonely/{choice}/{kind}": lambda: [
            *both(m.mean(u, D["y"]), m.total(u, D["x"]), m.mean(u, D["x"], by=columns("district"))),
            *both(m.mean(u.domain(D["unit"] > 7), D["x"])),
        ],
        f"lonely covariance/{choice}/{kind}": lambda: m.covariance(m.mean(u, D["x"], by=columns("sex"))).ravel(),
        f"lonely post-stratified/{choice}/{kind}": lambda: both(
            m.mean(p, D["x"]), m.mean(p, D["x"], by=columns("age"))
        ),
    }


def adjusted(name: str) -> m.SurveyDesign:
    numeric = {"one": np.ones(len(D["y"])), "men": D["sex"] == "m", "years": D["years"]}
    whole = {"one": 1300.0, "men": 510.0, "years": 106500.0}
    match name:
        case "post-stratified":
            return m.poststratify(S, columns("sex", "age"), {cell: size / 1650 * 640 for cell, size in MIX.items()})
        case "post-stratified clusters":
            return m.poststratify(K, SEXES.by, SEXES.counts)
        case "raked":
            return m.rake(S, [SEXES, AGES, DISTRICTS])
        case "raked clusters":
            return m.rake(K, [SEXES, AGES])
        case "linear":
            return m.calibrate(S, margins=[SEXES, AGES])
        case "linear numeric":
            return m.calibrate(K, values=numeric, totals=whole)
        case "linear bounded":
            return m.calibrate(
                S, values=numeric, totals={"one": 640, "men": 262, "years": 53800}, bounds=(0.85, 1.2)
            )  # fmt: skip
        case "calibrated raking":
            return m.calibrate(S, margins=[SEXES, AGES], distance=m.Distance.RAKING)
        case "calibrated raking bounded":
            return m.calibrate(K, values=numeric, totals=whole, distance=m.Distance.RAKING, bounds=(0.98, 1.3))
        case "post-stratified then raked":
            return m.rake(m.poststratify(S, DISTRICTS.by, DISTRICTS.counts), [SEXES, AGES])
        case _:
            return m.trim(adjusted("raked"), lower=0.9, upper=2.6).design


ADJUSTED = (
    "post-stratified", "post-stratified clusters", "raked", "raked clusters", "linear", "linear numeric",
    "linear bounded", "calibrated raking", "calibrated raking bounded", "post-stratified then raked",
    "trimmed after raking",
)  # fmt: skip


def verbs(name: str) -> Mapping[str, Figures]:
    a = adjusted(name)
    part = a.domain(D["age"] == "75-")
    return {
        f"{name}/weights": lambda: [*a.weights[:20], (a.weights**2).sum()],
        f"{name}/mean": lambda: both(m.mean(a, D["y"])),
        f"{name}/total": lambda: both(m.total(a, D["x"])),
        f"{name}/ratio": lambda: both(m.ratio_of(a, D["v"], D["x"])),
        f"{name}/by": lambda: both(m.mean(a, D["y"], by=columns("district"))),
        f"{name}/subset": lambda: [*both(m.mean(part, D["y"])), part.degrees_of_freedom()],
        f"{name}/quantile": lambda: limits(m.quantile(a, D["y"]).at()),
        f"{name}/covariance": lambda: m.covariance(m.mean(a, D["x"], by=columns("district"))).ravel().tolist(),
        f"{name}/variance": lambda: both(m.variance(a, D["y"])),
        f"{name}/Rao-Scott": lambda: [
            *outcome(m.rao_scott(a, D["sex"], D["heard"])),
            *outcome(m.rao_scott(a.domain(D["stratum"] > 3), D["sex"], D["heard"], statistic="Chisq")),
            *outcome(m.rao_scott(a.domain(D["stratum"] > 3), D["sex"], D["heard"])),
        ],
    }


def wilson(s: m.SurveyDesign) -> list[float | None]:
    found = m.share(s, D["safe"], {1}).at()
    seen = Observed(share=found.estimate, variance=found.se**2, df=found.df)
    limits = interval(IntervalName.WILSON_SURVEY, seen)
    return [found.estimate, float(limits.lo), float(limits.hi)]


def cases() -> Iterator[tuple[str, Figures]]:
    for several in (verbs_by, quantiles, subsets, effects, combined, standardised, tables, weighted):
        yield from several().items()
    for name in DESIGNS:
        yield from by_design(name).items()
    for name in ("strata", "clusters", "persons", "plain"):
        yield from contrasts(name).items()
    for name in ("strata", "clusters", "persons", "weighted"):
        yield from chi(name).items()
    for choice in ("remove", "certainty", "adjust", "average"):
        for kind in ("replaced", "corrected"):
            yield from lonely(choice, kind).items()
    for name in ADJUSTED:
        yield from verbs(name).items()


CASES = dict(cases())


def test_every_figure_is_compared():
    assert set(CASES) == set(FIGURES)


@pytest.mark.rscript
def test_the_stored_figures_are_those_of_r():
    made = subprocess.run(["Rscript", FOLDER / "microdata.R", "-"], capture_output=True, check=True, text=True)
    again = json.loads(made.stdout)
    assert list(again) == list(FIGURES)
    for name, figures in again.items():
        for now, stored in zip(figures, FIGURES[name], strict=True):
            assert now == stored or now == pytest.approx(stored, rel=1e-11, abs=1e-13), name


@pytest.mark.parametrize("name", CASES)
def test_equals_r(name: str):
    expected = FIGURES[name]
    found = list(CASES[name]())
    assert len(found) == len(expected)
    tolerance = 1e-6 if name.startswith(ITERATED) or name.endswith("after raking") else 1e-9
    for mine, theirs in zip(found, expected, strict=True):
        if theirs is None:
            assert mine is None or np.isnan(mine)
        else:
            assert mine == pytest.approx(theirs, rel=tolerance, abs=1e-12)
