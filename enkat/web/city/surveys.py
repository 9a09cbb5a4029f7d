"""The city's survey definitions for pages that show them: read once, and again when a file has changed."""

from functools import lru_cache
from pathlib import Path

from enkat import paths
from enkat.instruments.catalogue import Catalogue
from enkat.instruments.loading import load_catalogue


@lru_cache(maxsize=2)
def _loaded(folder: Path, _state: tuple[tuple[str, int], ...]) -> Catalogue:
    return load_catalogue(folder)


def present_catalogue() -> Catalogue:
    """Return the definitions as the files have them now.

    Raises
    ------
    InstrumentFaults
        If a file has faults.
    """
    folder = paths.surveys()
    files = sorted(folder.rglob("*.toml"))
    return _loaded(folder, tuple((str(path), path.stat().st_mtime_ns) for path in files))
