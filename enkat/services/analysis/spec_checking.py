"""Checks what a specification means: names that exist, and what each verb and each table needs."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Final

from enkat.instruments.faults import FaultLog
from enkat.instruments.structure import nearest
from enkat.services.analysis.analysis_checking import check_analysis
from enkat.services.analysis.checks import check_level_and_df, check_names, check_scale, has_frame
from enkat.services.analysis.columns import Column
from enkat.services.analysis.conditions import read_condition
from enkat.services.analysis.frame import named_by_role
from enkat.services.analysis.spec import DerivedSection, DesignSection, Spec, WeightsSection
from enkat.services.analysis.spec_reading import analysis_place
from enkat.services.analysis.weighting import SIZE
from enkat.statistics.disclosure.marks import FLOOR

START_WEIGHTS: Final = ("none", "N/r", "given")
ROLES: Final = ("unit", "district", "stratum", "weight", "population", "cluster", "person", "responded")


def check_spec(spec: Spec, columns: Mapping[str, Column], log: FaultLog) -> None:
    """Note everything in a specification that does not fit itself or the file's headings."""
    _check_design(spec, columns, log.about("[design]"))
    known = named_by_role(columns, spec)
    for name, derived in spec.derived.items():
        at = log.about(f"[derived.{name}]")
        if name in columns:
            at.add(f"Filen har redan en kolumn som heter {name}. Välj ett annat namn.")
        _check_derived(derived, known, at)
        known[name] = Column(name, [], next(iter(columns.values())).codes[:0])
    for name in spec.variables:
        check_names([name], known, log.about(f"[variables.{name}]"))
    for name, weights in spec.weights.items():
        at = log.about(f"[weights.{name}]")
        if name in START_WEIGHTS:
            at.add(f"Namnet {name} är upptaget. Välj ett annat.")
        check_weights(weights, spec.design, known, at)
    if spec.disclosure.threshold != 0 and spec.disclosure.threshold < FLOOR:
        log.about("[disclosure]").add(f"threshold är 0 (inget döljs) eller minst {FLOOR}.")
    _check_analyses(spec, known, log)


def _check_analyses(spec: Spec, known: Mapping[str, Column], log: FaultLog) -> None:
    times = Counter(analysis.id for analysis in spec.analysis)
    for name, count in times.items():
        if count > 1:
            log.about("[[analysis]]").add(f"Samma id, {name}, står {count} gånger. Varje analys behöver ett eget.")
    for number, analysis in enumerate(spec.analysis, 1):
        at = log.about(analysis_place(number, analysis.id))
        check_analysis(analysis, spec, known, at)
        if isinstance(analysis.weights, WeightsSection):
            check_weights(analysis.weights, spec.design, known, at)
        else:
            _check_weights_name(analysis.weights, spec, known, at)


def _check_design(spec: Spec, columns: Mapping[str, Column], log: FaultLog) -> None:
    design = spec.design
    check_names([name for role in ROLES if (name := getattr(design, role))], columns, log)
    if design.cluster and design.person:
        log.add("Ange cluster eller person, inte båda.")
    check_level_and_df(design.level, design.df, log)
    if isinstance(design.weights, WeightsSection):
        check_weights(design.weights, design, columns, log)
    else:
        _check_weights_name(design.weights, spec, columns, log)
    if design.fpc and not design.population and not has_frame(design, columns):
        log.add("fpc behöver antalet i ramen: ange N eller en fil med kolumnen responded.")


def _check_weights_name(name: str | None, spec: Spec, columns: Collection[str], log: FaultLog) -> None:
    known = [*START_WEIGHTS, *spec.weights]
    _check_start(name, spec.design, columns, log)
    if name is not None and name not in known:
        meant = nearest(name, known)
        log.add(
            f"Vikterna {name} finns inte. "
            + (f"Menade du {meant}?" if meant else f"Välj bland {', '.join(known)} eller skriv [weights.{name}].")
        )


def _check_start(start: str | None, design: DesignSection, columns: Collection[str], log: FaultLog) -> None:
    if start == "given" and not design.weight:
        log.add("Vikterna given behöver en kolumn med vikter: ange weight i [design].")
    if start == "N/r" and not design.population and not has_frame(design, columns):
        log.add("Vikterna N/r behöver antalet i ramen: ange N i [design] eller en fil med kolumnen responded.")


def check_weights(section: WeightsSection, design: DesignSection, columns: Mapping[str, Column], log: FaultLog) -> None:
    """Note what a way to weigh lacks."""
    _check_start(section.start, design, columns, log)
    told_of = [*section.margins, *section.totals, *section.numeric]
    for margin in dict.fromkeys(told_of):
        if margin != SIZE:
            check_names(margin.split("|"), columns, log)
    if not (section.method or section.trim or section.start):
        log.add("Ange start, method eller trim.")
    if not section.method and (told_of or section.bounds):
        log.add("margins, numeric, totals och bounds hör till method: post-stratify, rake eller calibrate.")
    if section.method:
        _check_method(section, log)
    without = [margin for margin in [*section.margins, *section.numeric] if margin not in section.totals]
    if without and not has_frame(design, columns):
        log.add(f"Filen har inte hela ramen. Ange antalen för {', '.join(without)} i totals.")
    for name, pair in (("bounds", section.bounds), ("trim", section.trim)):
        if pair is not None and (len(pair) != len(("low", "high")) or not 0 <= pair[0] < pair[1]):
            log.add(f"{name} är två tal, det lägre först: till exempel [0.3, 3.0].")


def _check_method(section: WeightsSection, log: FaultLog) -> None:
    if not (section.margins or section.totals or section.numeric):
        log.add(f"Metoden {section.method} behöver margins (kolumner i ramen) eller totals (kända antal).")
    numbers = [name for name, total in section.totals.items() if not isinstance(total, dict)]
    if section.method != "calibrate" and (section.numeric or numbers):
        log.add("Summor av tal (numeric, eller ett tal i totals) hör till method calibrate.")
    if section.method == "post-stratify" and len({*section.margins, *section.totals}) > 1:
        log.add("post-stratify har en marginal. Korsa kolumner med |, till exempel enhet|kon, eller välj rake.")
    if section.bounds and section.method != "calibrate":
        log.add("bounds hör till method calibrate.")


def _check_derived(section: DerivedSection, columns: Mapping[str, Column], log: FaultLog) -> None:
    if section.kind == "ratio":
        for key in ("numerator", "denominator"):
            if getattr(section, key) is None:
                log.add(f"Nyckeln {key} saknas. Lägg till den.")
        check_names([name for name in (section.numerator, section.denominator) if name], columns, log)
        return
    if section.kind == "indicator" and section.where is not None:
        read_condition(section.where, columns, log)
        return
    if not section.of:
        log.add("Nyckeln of saknas. Lägg till kolumnerna.")
    check_names(section.of, columns, log)
    if section.kind == "indicator" and (len(section.of) > 1 or not section.values):
        log.add("En indikator har en kolumn i of och koder i values, eller ett villkor i where.")
    if section.kind == "index":
        check_scale(section.scale, section.minimum, log)
