"""Snapshots: an instrument as canonical JSON with its hash; what a round is opened with and never changes."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

from enkat.instruments.condition import All, Answered, AnyOf, Condition, In, Not
from enkat.instruments.instrument import Instrument
from enkat.instruments.missing import Missing
from enkat.instruments.question import Media, Question
from enkat.instruments.scale import Option, Scale
from enkat.instruments.vocabulary import Criterion, ServiceType
from enkat.instruments.wording import Face

FORMAT = 1
"""Version of the snapshot's own shape; a change keeps reading the older ones."""

Json = dict[str, Any]


def snapshot(instrument: Instrument) -> str:
    """Return the instrument as canonical JSON: sorted keys, no blanks, UTF-8 text. Equal instruments, equal text."""
    data = {
        "format": FORMAT,
        "id": instrument.id,
        "version": instrument.version,
        "title": dict(instrument.title),
        "service": instrument.service,
        "languages": list(instrument.languages),
        "faces": list(instrument.faces),
        "questions": [_question_data(question) for question in instrument.questions],
    }
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def snapshot_hash(text: str) -> str:
    """Return the SHA-256 of a snapshot's text in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def from_snapshot(text: str) -> Instrument:
    """Return the instrument of a snapshot.

    Raises
    ------
    ValueError
        The text is no snapshot, or one of a newer format.
    """
    data = json.loads(text)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError("Enkätens sparade text har ett format som den här versionen inte kan läsa.")
    return Instrument(
        id=data["id"],
        version=data["version"],
        title=data["title"],
        service=ServiceType(data["service"]) if data["service"] else None,
        languages=tuple(data["languages"]),
        faces=tuple(Face(face) for face in data["faces"]),
        questions=tuple(_question(question) for question in data["questions"]),
    )


@lru_cache(maxsize=256)
def _cached(digest: str, text: str) -> Instrument:
    if snapshot_hash(text) != digest:
        raise ValueError("Enkätens sparade text stämmer inte med sin kontrollsumma.")
    return from_snapshot(text)


def cached(digest: str, text: str) -> Instrument:
    """Return the instrument of a snapshot, compiled once per process; ValueError when text and hash disagree."""
    return _cached(digest, text)


def _question_data(question: Question) -> Json:
    # Left out where there is nothing to say: instruments from before there were such keep their hash.
    said = {"positive": dict(question.positive)} if question.positive else {}
    asked = {"only_proxy": True} if question.only_proxy else {}
    asked |= {"filter": True} if question.is_filter else {}
    return {
        **said,
        **asked,
        "id": question.id,
        "version": question.version,
        "source": question.source,
        "kind": question.kind,
        "texts": _texts_data(question.texts),
        "hints": dict(question.hints),
        "scale": _scale_data(question.scale) if question.scale else None,
        "criteria": list(question.criteria),
        "when": _condition_data(question.condition) if question.condition else None,
        "max_length": question.max_length,
        "media": {
            "picture": question.media.picture,
            "sound": dict(question.media.sound) or None,
            "film": dict(question.media.film) or None,
        },
    }


def _texts_data(texts: Mapping[Face, Mapping[str, str]]) -> Json:
    return {face.value: dict(by_language) for face, by_language in texts.items()}


def _scale_data(scale: Scale) -> Json:
    return {
        "id": scale.id,
        "version": scale.version,
        "positive": sorted(scale.positive),
        "outside": sorted(scale.outside),
        "options": [
            {
                "id": option.id,
                "code": option.code,
                "missing": option.missing.name.lower() if option.missing else None,
                "texts": _texts_data(option.texts),
            }
            | ({"picture": option.picture} if option.picture else {})
            for option in scale.options
        ],
    }


def _condition_data(condition: Condition) -> Json:
    match condition:
        case In(question, codes):
            return {"in": {"question": question, "codes": sorted(codes)}}
        case Answered(question):
            return {"answered": question}
        case Not(part):
            return {"not": _condition_data(part)}
        case All(parts):
            return {"all": [_condition_data(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [_condition_data(part) for part in parts]}


def _question(data: Json) -> Question:
    kind: Literal["choice", "text"] = "text" if data["kind"] == "text" else "choice"
    return Question(
        id=data["id"],
        version=data["version"],
        source=data["source"],
        kind=kind,
        texts=_texts(data["texts"]),
        scale=_scale(data["scale"]) if data["scale"] else None,
        criteria=tuple(Criterion(criterion) for criterion in data["criteria"]),
        condition=_condition(data["when"]) if data["when"] else None,
        max_length=data["max_length"],
        hints=data["hints"],
        media=_media(data["media"]),
        positive=data.get("positive", {}),
        only_proxy=data.get("only_proxy", False),
        is_filter=data.get("filter", False),
    )


def _media(data: Json) -> Media:
    # a file that was named alone, before each language had its own, was the Swedish one
    sound, film = (
        given if isinstance(given, dict) else {"sv": given} for given in (data["sound"] or {}, data["film"] or {})
    )
    return Media(data["picture"], sound, film)


def _texts(data: Json) -> dict[Face, dict[str, str]]:
    return {Face(face): by_language for face, by_language in data.items()}


def _scale(data: Json) -> Scale:
    options = tuple(
        Option(
            id=option["id"],
            code=option["code"],
            texts=_texts(option["texts"]),
            missing=Missing[option["missing"].upper()] if option["missing"] else None,
            picture=option.get("picture"),
        )
        for option in data["options"]
    )
    return Scale(data["id"], data["version"], options, frozenset(data["positive"]), frozenset(data["outside"]))


def _condition(data: Json) -> Condition:
    if "in" in data:
        return In(data["in"]["question"], frozenset(data["in"]["codes"]))
    if "answered" in data:
        return Answered(data["answered"])
    if "not" in data:
        return Not(_condition(data["not"]))
    if "all" in data:
        return All(tuple(_condition(part) for part in data["all"]))
    return AnyOf(tuple(_condition(part) for part in data["any"]))
