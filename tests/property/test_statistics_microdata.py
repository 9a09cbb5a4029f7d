"""What must hold for estimates from files of answers whatever the file is."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkat.statistics import microdata as m

CLOSE = {"rel": 1e-9, "abs": 1e-10}


@dataclass(frozen=True)
class File:
    """Answers in strata of at least two, with a group and weights."""

    stratum: np.ndarray
    clients: np.ndarray
    group: np.ndarray
    sex: np.ndarray
    weight: np.ndarray
    y: np.ndarray

    def design(self, order: np.ndarray | slice = slice(None), **more: object) -> m.SurveyDesign:
        chosen = {"strata": self.stratum[order], "fpc": self.clients[order]} | more
        return m.SurveyDesign.of(**{name: value for name, value in chosen.items() if value is not None})


@st.composite
def files(draw: st.DrawFn, *, missing: bool = True) -> File:
    sizes = draw(st.lists(st.integers(2, 9), min_size=1, max_size=5))
    silent = [draw(st.integers(1, 20)) for _ in sizes]
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    stratum = np.repeat(np.arange(len(sizes)), sizes)
    n = len(stratum)
    y = rng.integers(0, 6, n).astype(np.float64)
    if missing:
        y[rng.random(n) < 0.2] = np.nan
        y[0] = 3.0
    return File(
        stratum,
        (np.array(sizes) + silent)[stratum].astype(np.float64),
        rng.integers(0, 3, n),
        np.r_[0, 1, rng.integers(0, 2, n - 2)],
        rng.uniform(0.5, 4, n),
        y,
    )


def figures(found: m.Estimates) -> np.ndarray:
    return np.concatenate([found.estimate, found.se, found.lo, found.hi, found.N, found.df])


def same(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.allclose(one, other, rtol=1e-9, atol=1e-10, equal_nan=True))


@given(files(), st.randoms(use_true_random=False))
def test_the_order_of_rows_means_nothing(file: File, random: object):
    order = np.array(random.sample(range(len(file.y)), len(file.y)))
    design, other = file.design(), file.design(order)
    for verb in (m.mean, m.total, m.variance, m.quantile):
        one = verb(design, file.y, by={"group": file.group})
        two = verb(other, file.y[order], by={"group": file.group[order]})
        assert one.domains.levels == two.domains.levels
        assert same(figures(one), figures(two))


@given(files())
def test_a_census_has_no_error(file: File):
    everybody = m.SurveyDesign.of(strata=file.stratum, fpc=np.bincount(file.stratum)[file.stratum] + 0.0)
    for verb in (m.mean, m.total, m.variance):
        assert np.nanmax(verb(everybody, file.y, by={"group": file.group}).se, initial=0) == 0
    median = m.quantile(everybody, file.y).at()
    assert median.se is None or median.se == 0


@given(files())
def test_the_other_answer_has_the_mirrored_share(file: File):
    design, code = file.design(), np.where(np.isnan(file.y), np.nan, file.y > 2)
    one = m.share(design, code, {1}, by={"group": file.group})
    other = m.share(design, code, {0}, by={"group": file.group})
    assert same(one.estimate, 1 - other.estimate)
    assert same(one.se, other.se)
    assert same(one.lo, 1 - other.hi)


@given(files())
def test_a_distribution_sums_to_one(file: File):
    found = m.distribution(file.design(), np.nan_to_num(file.y, nan=9), by={"group": file.group})
    assert found.estimate.sum(axis=1) == pytest.approx(1)


@given(files())
def test_totals_of_domains_add_up_with_their_variances(file: File):
    design = file.design()
    parts = m.total(design, file.y, by={"group": file.group})
    whole = m.total(design, file.y).at()
    assert np.nansum(parts.estimate) == pytest.approx(whole.estimate, **CLOSE)
    known = ~np.isnan(parts.estimate[:, 0])
    added = m.contrast(parts, known.astype(float))
    assert added.se == pytest.approx(whole.se, **CLOSE)
    assert m.covariance(parts)[np.ix_(known, known)].sum() == pytest.approx(whole.se**2, **CLOSE)


@given(files(missing=False))
def test_merging_strata_of_equal_response_changes_no_estimate(file: File):
    rate = m.SurveyDesign.of(strata=file.stratum, fpc=np.full(len(file.y), 0.4))
    merged = m.SurveyDesign.of(fpc=np.full(len(file.y), 0.4))
    for verb in (m.mean, m.total, m.variance):
        assert verb(rate, file.y).estimate == pytest.approx(verb(merged, file.y).estimate, rel=1e-12)


@given(files())
def test_one_row_a_cluster_is_no_cluster(file: File):
    plain, clustered = file.design(), file.design(clusters=np.arange(len(file.y)))
    assert same(figures(m.mean(plain, file.y)), figures(m.mean(clustered, file.y)))


@given(files(), st.floats(0.01, 100))
def test_the_unit_of_weights_means_nothing_to_a_mean(file: File, factor: float):
    one, other = (file.design(weights=file.weight * by, fpc=None) for by in (1, factor))
    for verb in (m.mean, m.quantile):
        assert same(verb(one, file.y).se, verb(other, file.y).se)


@given(files())
def test_a_large_frame_is_as_good_as_none(file: File):
    wide = file.design(fpc=np.full(len(file.y), 1e15), weights=file.weight)
    assert same(figures(m.mean(wide, file.y)), figures(m.mean(file.design(fpc=None, weights=file.weight), file.y)))


@given(files(missing=False))
def test_weights_meet_their_totals_and_those_have_no_error(file: File):
    design = file.design()
    size = design.weights.sum()
    margin = m.Margin({"sex": file.sex}, {0: 0.45 * size, 1: 0.55 * size})
    groups = np.unique(file.group)
    other = m.Margin({"group": file.group}, dict.fromkeys(groups.tolist(), size / len(groups)))
    done = [m.poststratify(design, margin.by, margin.counts), m.calibrate(design, margins=[margin])]
    numeric = {"values": {"w": file.weight}, "totals": {"w": file.weight.sum() * 2}}
    attempts = (
        lambda: m.rake(design, [margin, other]),
        lambda: m.calibrate(design, margins=[margin, other]),
        lambda: m.calibrate(design, margins=[margin], **numeric),
        lambda: m.calibrate(design, margins=[margin, other], distance=m.Distance.RAKING),
    )
    for attempt in attempts:
        try:
            done.append(attempt())
        except m.MicrodataError as fault:  # few rows may leave no weights that meet everything
            assert fault.kind in {m.FaultKind.NOT_CONVERGED, m.FaultKind.MARGIN}  # noqa: PT017
    for found in done:
        sexes = m.total(found, np.ones(len(file.y)), by={"sex": file.sex})
        assert sexes.estimate[:, 0] == pytest.approx([0.45 * size, 0.55 * size], rel=1e-7)
        assert sexes.se[:, 0] == pytest.approx([0, 0], abs=1e-6 * size)


@given(files())
def test_a_difference_takes_both_errors_and_their_covariance(file: File):
    found = m.mean(file.design(clusters=file.stratum * 10 + np.arange(len(file.y)) % 4), file.y, by={"s": file.sex})
    if np.isfinite(found.estimate).all():
        spread = m.covariance(found)
        expected = spread[0, 0] + spread[1, 1] - 2 * spread[0, 1]
        assert m.difference(found, 0, 1).se == pytest.approx(max(expected, 0) ** 0.5, rel=1e-7, abs=1e-7)


@given(files())
def test_pooled_files_are_independent(file: File):
    design = file.design()
    twice = m.pool([design, design])
    rounds = np.repeat([1, 2], len(file.y))
    found = m.mean(twice, np.r_[file.y, file.y], by={"round": rounds})
    alone = m.mean(design, file.y).at()
    assert m.difference(found, 0, 1).se == pytest.approx(2**0.5 * alone.se, **CLOSE)
    apart = [m.mean(file.design(), file.y), m.mean(file.design(), file.y)]
    assert m.difference(apart, 0, 1).se == pytest.approx(2**0.5 * alone.se, **CLOSE)
