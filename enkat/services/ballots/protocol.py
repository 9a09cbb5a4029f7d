"""What the protocol of a count says, as plain facts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from enkat.ballots.vocabulary import KeptLevel
from enkat.records.rounds import SurveyRound
from enkat.services.ballots.box_opening import OpenedBox
from enkat.services.ballots.tabulating import CountedRows


def count_content(
    survey_round: SurveyRound,
    present: Sequence[str],
    *,
    sent: Mapping[int, int],
    unit_names: Mapping[int, str],
    box: OpenedBox,
    rows: CountedRows,
) -> dict[str, Any]:
    """Return the facts of a count; nothing in it is finer than a unit or smaller than a class."""
    levels = Counter(row["level"] for row in rows.classes)
    opened = box.opened_by_unit()
    return {
        "round": survey_round.short_name,
        "title": survey_round.title,
        "practice": survey_round.practice,
        "closes_on": survey_round.closes_on.isoformat(),
        "public_key": survey_round.public_key.hex() if survey_round.public_key else "",
        "present": list(present),
        "needed": survey_round.key_threshold,
        "sent": sum(sent.values()),
        "in_box": box.rows,
        "opened": len(box.ballots),
        "unreadable": box.unreadable,
        "not_kept": rows.not_kept,
        "kept": len(rows.answers),
        "classes": {level.value: levels[level] for level in KeptLevel},
        "floor": survey_round.kind.rules.kept,
        "smallest_class": min((row["n"] for row in rows.classes), default=None),
        "free_texts": len(rows.texts),
        "units": [
            {"name": unit_names[unit_id], "sent": number, "opened": opened[unit_id]}
            for unit_id, number in sorted(sent.items(), key=lambda item: unit_names[item[0]])
        ],
        "key_may_exist": True,
        "box_destroyed": False,
    }
