"""Where the product's data folders lie: in the checkout, in the installed wheel, or where the environment says."""

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent


def _resolve(name: str) -> Path:
    override = os.environ.get(f"ENKAT_{name.upper()}_DIR")
    if override:
        return Path(override)
    checkout = _CHECKOUT / name
    return checkout if (_CHECKOUT / "pyproject.toml").is_file() and checkout.is_dir() else _PACKAGE / "_bundled" / name


def surveys() -> Path:
    """Folder of instruments (`ENKAT_SURVEYS_DIR`, the checkout's `surveys/`, or the copy in the wheel)."""
    return _resolve("surveys")


def migrations() -> Path:
    """Folder of database migrations."""
    return _resolve("migrations")


def translations() -> Path:
    """Folder of gettext catalogues."""
    return _resolve("translations")
