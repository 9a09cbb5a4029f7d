"""Checks one analysis: what its verb needs, and that nothing is asked that the verb does not answer."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from enkat.instruments.faults import FaultLog
from enkat.services.analysis.checks import check_level_and_df, check_names, check_scale, has_frame
from enkat.services.analysis.columns import Column
from enkat.services.analysis.conditions import read_condition
from enkat.services.analysis.spec import AnalysisSection, Spec, Verb
from enkat.statistics.intervals import IntervalName
from enkat.statistics.targets import Target, TargetError

ROW_KEYS: Final = ("name", "estimate", "se", "lo", "hi", "n", "N", "df", "method", "p", "p_adjusted", "word", "reason")
"""Keys of a row beside the columns of `by`."""
SHARES: Final = frozenset({Verb.SHARE, Verb.DISTRIBUTION})
COMPARABLE: Final = frozenset({Verb.SHARE, Verb.MEAN})
_PAIR: Final = 2
_OWN_KEYS: Final[Mapping[str, frozenset[Verb]]] = {
    "interval": SHARES,
    "positive": frozenset({Verb.SHARE, Verb.DIFFERENCE, Verb.CONTRAST, Verb.STANDARDISED}),
    "compare": COMPARABLE,
    "target": frozenset({Verb.SHARE}),
    "earlier": COMPARABLE,
    "of": frozenset({Verb.DIFFERENCE, Verb.CONTRAST, Verb.STANDARDISED}),
    "groups": frozenset({Verb.DIFFERENCE}),
    "coefficients": frozenset({Verb.CONTRAST}),
    "standardise": frozenset({Verb.STANDARDISED}),
    "population": frozenset({Verb.STANDARDISED}),
    "scale": frozenset({Verb.INDEX}),
    "criteria": frozenset({Verb.INDEX}),
}


def check_analysis(analysis: AnalysisSection, spec: Spec, columns: Mapping[str, Column], log: FaultLog) -> None:
    """Note everything that is wrong with an analysis."""
    criteria = [name for names in analysis.criteria.values() for name in names]
    check_names([*analysis.variables, *analysis.by, *analysis.standardise, *criteria], columns, log)
    check_level_and_df(analysis.level, analysis.df, log)
    if analysis.where is not None:
        read_condition(analysis.where, columns, log)
    for name in analysis.by:
        if name in ROW_KEYS:
            log.add(f"Kolumnen {name} kan inte stå i by: resultatraderna har redan {name}. Byt namn i filen.")
    for key, verbs in _OWN_KEYS.items():
        given = getattr(analysis, key)
        # Estimate ± quantile × standard error is what the other verbs have anyway.
        if given not in (None, [], {}, IntervalName.MEAN) and analysis.verb not in verbs:
            log.add(f"{key} hör till verb {', '.join(sorted(verbs))}, inte till {analysis.verb.value}.")
    _check_variables(analysis, log)
    _check_comparison(analysis, log)
    if analysis.target is not None:
        try:
            read_target(analysis.target)
        except TargetError as fault:
            log.add(str(fault))
    if analysis.fpc and not spec.design.population and not has_frame(spec.design, columns):
        log.add("fpc behöver antalet i ramen: ange N i [design] eller en fil med kolumnen responded.")


def read_target(value: float | str) -> Target:
    """Read a target: a share up to 1, or text in percent, "85 %".

    Raises
    ------
    TargetError
        If it is above 100 %, not above 0 or no number.
    """
    if isinstance(value, str):
        return Target.percent(value)
    if value > 1:
        raise TargetError(f'Målet {value:g} är över 100 %. Skriv en andel, till exempel 0.85, eller text: "85 %".')
    return Target.percent(Decimal(repr(value)) * 100)


def _check_variables(analysis: AnalysisSection, log: FaultLog) -> None:
    count = len(analysis.variables)
    if analysis.verb is Verb.RATIO and count != _PAIR:
        log.add(f"ratio har två variabler, täljare och nämnare, inte {count}.")
    if analysis.verb is Verb.TEST and (count, len(analysis.by)) not in {(2, 0), (1, 1)}:
        log.add("test har två variabler, eller en variabel och en kolumn i by.")
    if analysis.verb in {Verb.ALPHA, Verb.INDEX} and count < _PAIR:
        log.add(f"{analysis.verb.value} behöver minst två variabler.")
    if analysis.verb is Verb.INDEX:
        check_scale(analysis.scale, analysis.minimum, log)
    if analysis.verb is Verb.QUANTILE and not all(0 <= share <= 1 for share in analysis.quantiles):
        log.add("quantiles är andelar mellan 0 och 1, till exempel [0.25, 0.5, 0.75].")
    _check_contrasts(analysis, log)


def _check_contrasts(analysis: AnalysisSection, log: FaultLog) -> None:
    count = len(analysis.variables)
    if analysis.verb is Verb.DIFFERENCE and not analysis.by and count != _PAIR:
        log.add("difference jämför två grupper i by, eller två variabler.")
    if analysis.verb is Verb.DIFFERENCE and len(analysis.by) > 1:
        log.add("difference har en kolumn i by. Använd contrast med coefficients för korsade grupper.")
    if analysis.groups and len(analysis.groups) != _PAIR:
        log.add('groups är två värden av kolumnen i by, till exempel ["K", "M"].')
    if analysis.verb is Verb.CONTRAST and not analysis.coefficients:
        log.add("contrast behöver coefficients: en tabell med en koefficient per grupp.")
    if analysis.verb is Verb.STANDARDISED and not analysis.standardise:
        log.add("standardised behöver standardise: kolumnerna som gruppernas sammansättning jämnas ut över.")


def _check_comparison(analysis: AnalysisSection, log: FaultLog) -> None:
    compare = analysis.compare
    if compare is None and analysis.earlier is None:
        return
    if analysis.earlier is not None and compare not in (None, "earlier"):
        log.add(f'earlier hör ihop med compare = "earlier", inte {compare}.')
    if isinstance(compare, list) and len(compare) != _PAIR:
        log.add('compare är "rest", "earlier" eller två värden av kolumnen i by, till exempel ["K", "M"].')
    elif isinstance(compare, str) and compare not in {"rest", "earlier"}:
        log.add(f'compare är "rest", "earlier" eller två värden av kolumnen i by, inte ”{compare}”.')
    if compare == "earlier" and analysis.earlier is None:
        log.add('compare = "earlier" behöver earlier: filen med den tidigare omgången.')
    if compare == "rest" and not analysis.by:
        log.add('compare = "rest" jämför grupperna i by med resten: ange by.')
    if isinstance(compare, list) and len(analysis.by) != 1:
        log.add("compare med två värden behöver en kolumn i by.")
    if isinstance(compare, list) and analysis.target is not None:
        log.add("target gäller varje grupp för sig, compare med två värden gäller paret. Skriv dem som två analyser.")
