"""A ballot: what one answer says, as the bytes that are sealed. The only definition of its form."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Protocol

from enkat.ballots.vocabulary import AgeGroup, Helper, Mode, Respondent, Sex
from enkat.instruments.vocabulary import ServiceType

FREE_TEXT_LIMIT = 1000
"""Longest free text of one question, in characters."""

_FORM = 1
_FRAME_BYTES = 1024  # every field but the answers, with room for a longer language tag or interviewer's name
_BYTES_PER_CODE = 6
_BYTES_PER_CHARACTER = 4
_KEY_OVERHEAD = 8
_BREAKS = str.maketrans({"\r": "\n"})


class UnreadableBallot(ValueError):  # noqa: N818 - named as what happened
    """The opened bytes are no ballot of a known form."""


class _Question(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def max_length(self) -> int | None: ...


class _Instrument(Protocol):
    @property
    def questions(self) -> Iterable[_Question]: ...


@dataclass(frozen=True, slots=True)
class Ballot:
    """One answer, with what the frame knew at the reference date.

    Attributes
    ----------
    unit_id, district_id : str
        Where the answer belongs, as the register's ids written as text.
    service, age_group, sex
        The register's class, for the kept class and the margins.
    instrument_hash : str
        Hash of the snapshot that was answered; says what `vector` means.
    mode, respondent, helper, interviewer, language
        How the answer came in. None of it is ever kept on a row.
    vector : tuple of int
        One option code per choice question in the instrument's order, typed missing negative.
    free_texts : mapping of str to str
        Text per question id; empty texts are left out.
    """

    unit_id: str
    district_id: str
    service: ServiceType
    age_group: AgeGroup
    sex: Sex
    instrument_hash: str
    mode: Mode
    respondent: Respondent
    helper: Helper
    language: str
    vector: tuple[int, ...]
    free_texts: Mapping[str, str] = field(default_factory=dict)
    interviewer: str | None = None

    def to_bytes(self) -> bytes:
        """Return the ballot as compact JSON in UTF-8. Control characters of free texts are dropped."""
        fields = asdict(self)
        fields["free_texts"] = {key: text for key, text in _cleaned(self.free_texts).items() if text}
        return json.dumps({"form": _FORM, **fields}, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Ballot":
        """Read what `to_bytes` wrote.

        Raises
        ------
        UnreadableBallot
            If a field is missing, of the wrong kind or of an unknown form.
        """
        try:
            fields = json.loads(data)
            form = fields.pop("form")
            ballot = cls(
                **fields
                | {
                    "service": ServiceType(fields["service"]),
                    "age_group": AgeGroup(fields["age_group"]),
                    "sex": Sex(fields["sex"]),
                    "mode": Mode(fields["mode"]),
                    "respondent": Respondent(fields["respondent"]),
                    "helper": Helper(fields["helper"]),
                    "vector": tuple(int(code) for code in fields["vector"]),
                    "free_texts": {str(key): str(text) for key, text in fields["free_texts"].items()},
                }
            )
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise UnreadableBallot("valsedelns innehåll går inte att läsa") from fault
        if form != _FORM:
            raise UnreadableBallot("valsedeln har en okänd form")
        return ballot


def payload_size(instrument: _Instrument) -> int:
    """Return the fixed payload size in bytes that holds every possible ballot of an instrument."""
    size = _FRAME_BYTES
    for question in instrument.questions:
        if question.kind == "text":
            length = question.max_length or FREE_TEXT_LIMIT
            size += len(question.id.encode()) + _KEY_OVERHEAD + _BYTES_PER_CHARACTER * length
        else:
            size += _BYTES_PER_CODE
    return size


def _cleaned(texts: Mapping[str, str]) -> dict[str, str]:
    """Keep line breaks and drop other control characters, which JSON would write six bytes long."""
    return {
        key: "".join(
            character
            for character in text.replace("\r\n", "\n").translate(_BREAKS).strip()
            if character == "\n" or (character >= " " and not "\ud800" <= character <= "\udfff")
        )
        for key, text in texts.items()
    }
