"""A cookie whose content only the server can read: JSON under AES-GCM, with a key of its own for each purpose."""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app, request
from werkzeug.wrappers import Response

from enkat.web.security import cookie_name, delete_cookie, set_cookie

_NONCE = 12


@lru_cache(maxsize=8)
def _cipher(secret: bytes, purpose: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret))


@dataclass(frozen=True)
class SealedCookie:
    """A cookie by its name; what was sealed for one purpose cannot be read for another."""

    name: str
    purpose: bytes

    def read(self) -> dict[str, Any]:
        """Return what the request's cookie holds; nothing without one, or when it was made with another secret."""
        sealed = request.cookies.get(cookie_name(self.name), "")
        if not sealed:
            return {}
        try:
            blob = urlsafe_b64decode(sealed)
            cipher = _cipher(current_app.config["SECRET_KEY"], self.purpose)
            content = cipher.decrypt(blob[:_NONCE], blob[_NONCE:], None)
        except (InvalidTag, ValueError):
            return {}
        return cast("dict[str, Any]", json.loads(content))

    def write(self, response: Response, content: Mapping[str, Any]) -> None:
        """Let the browser hold the content until it is closed."""
        nonce = secrets.token_bytes(_NONCE)
        cipher = _cipher(current_app.config["SECRET_KEY"], self.purpose)
        sealed = cipher.encrypt(nonce, json.dumps(content).encode(), None)
        set_cookie(response, self.name, urlsafe_b64encode(nonce + sealed).decode())

    def forget(self, response: Response) -> None:
        """Take the cookie from the browser."""
        delete_cookie(response, self.name)
