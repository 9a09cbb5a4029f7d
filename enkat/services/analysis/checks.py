"""Small checks that several tables of a specification share."""

from collections.abc import Collection, Iterable
from typing import Final

from enkat.instruments.faults import FaultLog
from enkat.instruments.structure import nearest
from enkat.services.analysis.spec import DesignSection

RESPONDED: Final = "responded"
DF_WORDS: Final = ("normal", "design", "n-1")


def check_names(names: Iterable[str], known: Collection[str], log: FaultLog) -> None:
    """Note every name that is no column."""
    for name in names:
        if name not in known:
            meant = nearest(name, known)
            hint = f"Menade du {meant}?" if meant else f"Kolumnerna är {', '.join(sorted(known)[:20])}."
            log.add(f"Kolumnen {name} finns inte i filen. {hint}")


def has_frame(design: DesignSection, columns: Collection[str]) -> bool:
    """Whether the file is the frame: it has a column that says who responded, and no other number of people."""
    return design.population is None and (design.responded is not None or RESPONDED in columns)


def check_level_and_df(level: float | None, df: str | float | None, log: FaultLog) -> None:
    """Note a confidence level or degrees of freedom that cannot be."""
    if level is not None and not 0 < level < 1:
        log.add(f"level är ett tal mellan 0 och 1, till exempel 0.95, inte {level:g}.")
    if isinstance(df, str) and df not in DF_WORDS:
        log.add(f"df är {', '.join(DF_WORDS)} eller ett tal, inte ”{df}”.")
    if isinstance(df, int | float) and df <= 0:
        log.add(f"df är större än 0, inte {df:g}.")


def check_scale(scale: list[float] | None, minimum: float, log: FaultLog) -> None:
    """Note an index without the ends of its scale."""
    if scale is None or len(scale) != len(("low", "high")) or scale[0] == scale[1]:
        log.add("Ett index behöver skalans ändar: scale = [1, 5], eller [5, 1] där låga koder är bra.")
    if minimum <= 0:
        log.add("minimum är det minsta antalet besvarade frågor, eller deras andel.")
