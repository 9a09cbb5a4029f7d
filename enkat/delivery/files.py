"""Writes messages as files: for the demo, for tests, and where no mail server is set."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from enkat.delivery.sender import DeliveryError, Failure, HandOver, Message, as_email


@dataclass(frozen=True)
class FileSender:
    """A folder that only its owner reads; one `.eml` file a message."""

    folder: Path

    @contextmanager
    def line(self) -> Iterator[HandOver]:
        """Write each message; the same message tried again replaces its file."""
        yield self._write

    def _write(self, message: Message) -> str:
        target = self.folder / f"{message.identity}.eml"
        partial = target.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(as_email(message).as_bytes())
            partial.replace(target)
        except OSError as error:
            raise DeliveryError(f"Meddelandet gick inte att skriva: {error}", Failure.AWAY) from error
        return ""
