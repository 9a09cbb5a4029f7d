"""What a respondent's browser holds: the keys of the code, encrypted, for one round. The server keeps them nowhere."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import cast

from flask import g
from werkzeug.wrappers import Response

from enkat.ballots.derivation import CodeKeys
from enkat.web.shared.sealed_cookie import SealedCookie

COOKIE = "enkat_answer"
_cookie = SealedCookie(COOKIE, b"enkat answer cookie 2")


@dataclass(frozen=True, slots=True)
class Held:
    """The keys of a code and the round it belongs to."""

    round_id: int
    keys: CodeKeys


def _load() -> None:
    content = _cookie.read()
    held, sent = content.get("keys"), content.get("sent")
    g.enkat_held = Held(cast("int", content["round"]), CodeKeys.from_bytes(b64decode(str(held)))) if held else None
    g.enkat_sent_round = sent if isinstance(sent, int) else None


def read() -> Held | None:
    """Return what the request's cookie holds; None without one, or when it was made with another secret."""
    if "enkat_held" not in g:
        _load()
    return cast("Held | None", g.enkat_held)


def sent_round() -> int | None:
    """Return the round that this browser has just sent an answer to."""
    if "enkat_sent_round" not in g:
        _load()
    return cast("int | None", g.enkat_sent_round)


def write(response: Response, round_id: int, keys: CodeKeys) -> None:
    """Let the browser hold the keys until it is closed."""
    _cookie.write(response, {"round": round_id, "keys": b64encode(keys.to_bytes()).decode()})


def write_sent(response: Response, round_id: int) -> None:
    """Exchange the keys for a mark that says thanks: who uses the browser next cannot open the answer."""
    _cookie.write(response, {"sent": round_id})


def forget(response: Response) -> None:
    """Take the keys from the browser."""
    _cookie.forget(response)
