"""What a respondent's browser holds: the keys of the code, encrypted, for one round. The server keeps them nowhere."""

import json
import secrets
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app, g, request
from werkzeug.wrappers import Response

from enkat.ballots.derivation import CodeKeys
from enkat.web.security import cookie_name, delete_cookie, set_cookie

COOKIE = "enkat_answer"
_PURPOSE = b"enkat answer cookie 2"
_NONCE = 12


@dataclass(frozen=True, slots=True)
class Held:
    """The keys of a code and the round it belongs to."""

    round_id: int
    keys: CodeKeys


@lru_cache(maxsize=4)
def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret))


def _content() -> dict[str, object]:
    sealed = request.cookies.get(cookie_name(COOKIE), "")
    if not sealed:
        return {}
    try:
        blob = urlsafe_b64decode(sealed)
        content = _cipher(current_app.config["SECRET_KEY"]).decrypt(blob[:_NONCE], blob[_NONCE:], None)
    except (InvalidTag, ValueError):
        return {}
    return cast("dict[str, object]", json.loads(content))


def _load() -> None:
    content = _content()
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


def _write(response: Response, content: dict[str, object]) -> None:
    nonce = secrets.token_bytes(_NONCE)
    sealed = _cipher(current_app.config["SECRET_KEY"]).encrypt(nonce, json.dumps(content).encode(), None)
    set_cookie(response, COOKIE, urlsafe_b64encode(nonce + sealed).decode())


def write(response: Response, round_id: int, keys: CodeKeys) -> None:
    """Let the browser hold the keys until it is closed."""
    _write(response, {"round": round_id, "keys": b64encode(keys.to_bytes()).decode()})


def write_sent(response: Response, round_id: int) -> None:
    """Exchange the keys for a mark that says thanks: who uses the browser next cannot open the answer."""
    _write(response, {"sent": round_id})


def forget(response: Response) -> None:
    """Take the keys from the browser."""
    delete_cookie(response, COOKIE)
