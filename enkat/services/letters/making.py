"""The job that makes letters: codes are made, written into the file and forgotten."""

from typing import Any

from enkat.services.jobs.context import JobContext


def make_letters(context: JobContext) -> dict[str, Any]:
    """Make a batch."""
    return {"batch_id": context.arguments["batch_id"]}
