"""Writes the stored figures of R and the scripts anew: python -m tests.reference.analyse.refresh (needs R survey)."""

import re
import subprocess
import tempfile
from pathlib import Path

from enkat.services.analysis.r_script import FUNCTIONS, r_script
from enkat.services.analysis.running import Run, run

FOLDER = Path(__file__).parent
CASES = {
    "frame": "frame.csv",
    "respondents": "respondents.csv",
    "compare": "frame.csv",
    "persons": "frame.csv",
}
"""Specification → data file."""
_DIGITS = re.compile(r"-?\d+\.\d{4,}(?:e-?\d+)?|-?\d+e-\d+")


def run_case(name: str) -> Run:
    """Run one specification on its file."""
    return run(FOLDER / CASES[name], FOLDER / f"{name}.toml")


def script_text(made: Run, data_name: str) -> str:
    """Return a script without the functions that all share, and without digits that differ between machines."""
    return _DIGITS.sub("#", r_script(made, data_name).replace(FUNCTIONS.read_text(encoding="utf-8"), ""))


def r_figures(made: Run, data: Path, folder: Path) -> tuple[str, str]:
    """Let R work everything out anew; return what it printed and its figures as JSON."""
    script, figures = folder / "script.R", folder / "figures.json"
    script.write_text(r_script(made, data.name), encoding="utf-8")
    done = subprocess.run(
        ["Rscript", str(script), str(data), str(figures)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(done.stdout[-4000:] + done.stderr[-2000:])
    return done.stdout, figures.read_text(encoding="utf-8")


def main() -> None:
    """Write all cases."""
    for name, data in CASES.items():
        made = run_case(name)
        with tempfile.TemporaryDirectory() as folder:
            _, figures = r_figures(made, FOLDER / data, Path(folder))
        (FOLDER / f"{name}.figures.json").write_text(figures, encoding="utf-8")
        (FOLDER / f"{name}.script.R").write_text(script_text(made, data), encoding="utf-8")


if __name__ == "__main__":
    main()
