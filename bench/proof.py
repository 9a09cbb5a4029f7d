"""Runs the long proofs in bench/proofs one after the other. Run it with `make proof`."""

import subprocess
import sys
import time
from pathlib import Path

FOLDER = Path(__file__).parent / "proofs"


def main() -> int:
    """Run every proof, or those that are named; 1 when any failed."""
    wanted = set(sys.argv[1:])
    failed = []
    for path in sorted(FOLDER.glob("[a-z]*.py")):
        if wanted and path.stem not in wanted:
            continue
        print(f"== {path.stem}", flush=True)
        begun = time.monotonic()
        done = subprocess.run([sys.executable, "-m", f"bench.proofs.{path.stem}"], check=False)
        print(
            f"== {path.stem}: {'held' if done.returncode == 0 else 'FAILED'}, {time.monotonic() - begun:.0f} s",
            flush=True,
        )
        if done.returncode != 0:
            failed.append(path.stem)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
