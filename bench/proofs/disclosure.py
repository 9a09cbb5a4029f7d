"""Random cities with ten releases each, at both levels, with and without breakdowns, with corrections.

Every other city's plan has its patterns searched, the others' are made by the simple rule.

The attacker here reads the files that were let out, keeps every figure that still holds, and computes the exact range
of every small hidden group with them all; nothing of the product's own record of what it told is used.
"""

import csv
import io
import random
import sys
from collections.abc import Mapping

import numpy as np
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bench.figures import Figure, write
from bench.world import empty
from enkat.clock import system_clock
from enkat.records.answers import KeptClass, Tally
from enkat.records.engine import make_engine, make_sessions
from enkat.records.releases import ReleaseLevel
from enkat.records.writing import writing
from enkat.services.ballots.counting import silent
from enkat.services.results.cells import release_cells
from enkat.services.results.computing import RoundResults, compute
from enkat.services.results.exporting import export
from enkat.services.results.history import WIDER
from enkat.services.results.levels import threshold_of
from enkat.services.results.pattern_finding import find_patterns
from enkat.services.results.release_audits import DisclosureFault
from enkat.services.rounds.release_plans import Protection
from enkat.statistics.disclosure.attacker import Attacker
from enkat.statistics.disclosure.linked_tables import LinkedTable
from enkat.statistics.disclosure.marks import MARKS, Mark
from enkat.statistics.disclosure.protecting import close
from enkat.statistics.disclosure.release_tables import Shown, release_table
from tests.factories.counted import FORMS, UnitCase, add_counted_round
from tests.factories.linked import city

CITIES = 12
RELEASES = 10
HIERARCHIES = 200
PLAN = ("sex", "operating_form", "without_proxies")
HIDDEN = MARKS.index(Mark.SUPPRESSED)
Told = dict[tuple[str, str, str], int]


def random_city(rng: random.Random) -> list[UnitCase]:
    """Return twelve to twenty units of mostly small sizes."""
    cases = []
    for number in range(rng.randint(12, 20)):
        clients = max(4, int(rng.lognormvariate(3.0, 0.9)))
        answered = min(clients, round(clients * rng.uniform(0.4, 0.8)))
        proxies = rng.randint(0, answered // 3)
        cases.append(UnitCase(clients, answered, number % 4, rng.choice(FORMS), rng.uniform(0.5, 1.0), proxies=proxies))
    return cases


def told_by(content: bytes) -> Told:
    """Read what a file tells: respondents by group, breakdown and question."""
    rows = csv.DictReader(io.StringIO(content.decode()))
    return {
        (f"{row['Nivå']}|{row['Enhet'] or row['Stadsdel'] or row['Regiform']}", row["Urval"], row["Fråga"]): int(
            row["Svar på frågan (n)"]
        )
        for row in rows
        if row["Svar på frågan (n)"]
    }


def names_of(results: RoundResults) -> list[tuple[str, str]]:
    """Name the nodes as the files do."""
    groups = [
        f"{group.kind.label}|{group.unit.code if group.unit else '' if group.key == 'city' else group.name}"
        for group in results.grouping.groups
    ]
    return [(group, breakdown.label) for breakdown in results.layers for group in groups]


def narrowed(results: RoundResults, told: Mapping[tuple[str, str, str], int], threshold: int) -> tuple[int, int]:
    """Return how many secrets there are, and how many the exact attacker narrows beyond their protection."""
    laid = release_cells(results)
    names = names_of(results)
    given = {label for _group, label, _question in told}
    secrets = lost = 0
    for number, asked in enumerate(results.counted.questions):
        answered = laid.cells.answered[:, number]
        known = np.array([told.get((*name, asked.question.id), -1) for name in names]) == answered
        shown = Shown(
            answered=answered,
            positive=laid.cells.positive[:, number],
            clients=laid.clients[:, number],
            marks=np.where(laid.cells.asked[:, number], HIDDEN, 0).astype(np.int8),
            known=known,
            in_words=np.zeros(len(names), dtype=np.bool_),
            in_scope=np.array([label in given for _group, label in names]),
        )
        table, hidden = release_table(laid.structure, shown, threshold)
        respondents = table.secret & (np.arange(len(table.secret)) < laid.structure.nodes)
        ranges = Attacker(table, hidden).ranges(respondents)
        secrets += int(respondents.sum())
        lost += int((ranges.given_away(table) & respondents).sum())
    return secrets, lost


def correct(session: Session, rng: random.Random) -> None:
    """Move one answer of a random class to another option, a blank or "vet inte" among them."""
    with writing(session):
        classes = session.scalars(select(KeptClass.id).order_by(KeptClass.id)).all()
        rows = session.execute(
            select(Tally.question_id, Tally.code).where(
                Tally.kept_class_id == (kept := rng.choice(classes)), Tally.n > 1
            )
        ).all()
        if len(rows) < 2:
            return
        question, code = rng.choice(rows)
        others = [other for name, other in rows if name == question and other != code]
        key = (Tally.kept_class_id == kept, Tally.question_id == question)
        for one, step in ((code, -1), (rng.choice(others), 1)) if others else ():
            session.execute(update(Tally).where(*key, Tally.code == one).values(n=Tally.n + step))


def history(seed: int) -> dict[str, int]:
    """Let ten releases out of one city and attack after each."""
    rng = random.Random(seed)  # noqa: S311 - a simulation
    seen: dict[ReleaseLevel, Told] = {level: {} for level in WIDER}
    found = {"secrets": 0, "narrowed": 0, "releases": 0, "refused": 0, "corrections": 0}
    with empty("sqlite") as url, make_sessions(make_engine(url))() as session:
        plan = {"breakdowns": list(PLAN), "protection": list(Protection)[seed % 2].value}
        made = add_counted_round(session, random_city(rng), seed=seed, release_plan=plan)
        for number in range(RELEASES):
            if number in {4, 7}:
                session.rollback()
                correct(session, rng)
                found["corrections"] += 1
            find_patterns(session, system_clock, compute(session, made.id), progress=silent)
            level = rng.choice(list(WIDER))
            by = [name for name in PLAN if rng.random() < 0.7]
            try:
                file = export(
                    session, system_clock, None, "ht26", level=level, file_format="csv", breakdowns=by, reason="Rättat."
                )
            except DisclosureFault:
                found["refused"] += 1
                continue
            found["releases"] += 1
            results = compute(session, made.id)
            for audience, levels in WIDER.items():
                if level in levels:
                    seen[audience] |= told_by(file.content)
                    secrets, lost = narrowed(results, seen[audience], threshold_of(results, audience))
                    found["secrets"] += secrets
                    found["narrowed"] += lost
    return found


def hierarchies() -> tuple[int, int]:
    """Close random tables and count their secrets, and those that the exact attacker narrows."""
    secrets = lost = 0
    for seed in range(HIERARCHIES):
        rng = np.random.default_rng(seed)
        counts, sums = city(rng, int(rng.integers(6, 40)), int(rng.integers(1, 6)), mean=float(rng.uniform(3, 25)))
        table = LinkedTable.of(counts, sums, 5)
        hidden = close(table, 5).hidden
        secrets += int(table.secret.sum())
        lost += int(Attacker(table, hidden).ranges(table.secret).given_away(table).sum())
    return secrets, lost


def main() -> None:
    """Run everything and write the result."""
    small = "--small" in sys.argv
    total: dict[str, int] = {}
    for seed in range(2 if small else CITIES):
        for name, count in history(seed).items():
            total[name] = total.get(name, 0) + count
    secrets, lost = hierarchies()
    group = f"{2 if small else CITIES} cities × {RELEASES} releases"
    figures = [
        Figure(group, "releases let out", total["releases"], ""),
        Figure(group, "releases refused", total["refused"], ""),
        Figure(group, "corrections of the data on the way", total["corrections"], ""),
        Figure(group, "small hidden groups attacked, after each release", total["secrets"], ""),
        Figure(group, "narrowed beyond their protection", total["narrowed"], "", 0),
        Figure(f"{HIERARCHIES} random hierarchies", "secrets attacked", secrets, ""),
        Figure(f"{HIERARCHIES} random hierarchies", "narrowed beyond their protection", lost, "", 0),
    ]
    for figure in figures:
        print(figure.line(), flush=True)
    if not small:
        write("disclosure_history", figures, "The attacker reads the files and solves for every group's exact range.")
    if not all(figure.held for figure in figures):
        sys.exit(1)


if __name__ == "__main__":
    main()
