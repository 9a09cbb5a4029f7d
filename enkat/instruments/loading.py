"""Loads a surveys directory, whole or not at all."""

from pathlib import Path

from enkat.instruments.catalogue import Catalogue
from enkat.instruments.checking import compile_catalogue, inspect
from enkat.instruments.faults import InstrumentFaults

__all__ = ["Catalogue", "load_catalogue"]


def load_catalogue(directory: Path) -> Catalogue:
    """Load and compile every definition.

    Parameters
    ----------
    directory
        The folder that holds `core/`, the instruments' folders and `supplements/`.

    Raises
    ------
    InstrumentFaults
        Any definition is faulty; the exception carries all faults.
    """
    found = inspect(Path(directory))
    if found.faults:
        raise InstrumentFaults(found.faults)
    return compile_catalogue(found)
