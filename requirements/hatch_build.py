"""Reads the wheel's dependencies from requirements/app.in, so that they are named once."""

from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface


class RequirementsHook(MetadataHookInterface):
    """Fills `dependencies` from the list that the lock is made of."""

    def update(self, metadata: dict[str, object]) -> None:
        lines = (Path(self.root) / "requirements" / "app.in").read_text(encoding="utf-8").splitlines()
        metadata["dependencies"] = [line.strip() for line in lines if line.strip()]
