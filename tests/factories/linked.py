"""Random linked tables, and slow ways to the same answers: every table that agrees with what is shown."""

from itertools import combinations
from typing import Any

import numpy as np

from enkat.statistics.disclosure.linked_tables import LinkedTable
from enkat.statistics.disclosure.protecting import cost_of
from enkat.statistics.disclosure.suppression import Family


def crossed(inner: np.ndarray) -> tuple[np.ndarray, list[Family]]:
    """Return counts and sums of a table with its margins, the whole last."""
    rows, columns = inner.shape
    full = np.zeros((rows + 1, columns + 1), dtype=np.int64)
    full[:rows, :columns] = inner
    full[rows, :] = full[:rows].sum(axis=0)
    full[:, columns] = full[:, :columns].sum(axis=1)
    at = np.arange(full.size).reshape(full.shape)
    sums = [Family(at[row, columns], at[row, :columns].tolist()) for row in range(rows + 1)]
    sums += [Family(at[rows, column], at[:rows, column].tolist()) for column in range(columns + 1)]
    return full.ravel(), sums


def city(rng: np.random.Generator, units: int, districts: int, *, mean: float = 18, parts: int = 2) -> Any:
    """Return counts and sums of units × parts (sexes) in districts and a city, with all totals."""
    base = rng.negative_binomial(1.2, 1.2 / (1.2 + mean), size=(units, parts))
    of = rng.permutation(np.arange(units) % districts)
    district = np.array([base[of == one].sum(axis=0) for one in range(districts)])
    whole = np.vstack([base, district, base.sum(axis=0)])
    whole = np.hstack([whole, whole.sum(axis=1, keepdims=True)])
    at = np.arange(whole.size).reshape(whole.shape)
    sums = [Family(int(row[-1]), row[:-1].tolist()) for row in at]
    for column in at.T:
        sums += [Family(int(column[units + d]), column[:units][of == d].tolist()) for d in range(districts)]
        sums.append(Family(int(column[-1]), column[units:-1].tolist()))
    return whole.ravel(), sums


def universe(shape: tuple[int, int], largest: int) -> np.ndarray:
    """Return every table of a shape with inner counts up to ``largest``, as `crossed` lays it out: (tables, cells)."""
    rows, columns = shape
    inner = np.indices((largest + 1,) * (rows * columns), dtype=np.int16).reshape(rows, columns, -1)
    full = np.concatenate([inner, inner.sum(axis=0, keepdims=True)])
    full = np.concatenate([full, full.sum(axis=1, keepdims=True)], axis=1)
    return full.reshape((rows + 1) * (columns + 1), -1).T


def slow_ranges(table: LinkedTable, hidden: np.ndarray, every: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and greatest value of every cell over all tables that agree with what is shown."""
    agree = (every[:, ~hidden] == table.counts[~hidden]).all(axis=1) & (every <= table.most).all(axis=1)
    return every[agree].min(axis=0), every[agree].max(axis=0)


def slow_optimum(table: LinkedTable, every: np.ndarray) -> int:
    """Return what the cheapest protecting pattern costs, by trying all of them."""
    others = np.flatnonzero(~table.secret)
    costs = cost_of(table)
    found = []
    for size in range(len(others) + 1):
        for chosen in combinations(others.tolist(), size):
            hidden = table.secret.copy()
            hidden[list(chosen)] = True
            lo, hi = slow_ranges(table, hidden, every)
            if not (table.secret & ((lo > table.at_most) | (hi < table.at_least))).any():
                found.append(int(costs[hidden].sum()))
    return min(found)
