"""Respondents' pages are sent compressed with gzip from the standard library; staff pages, which repeat searches, not.

Length tells an eavesdropper something where a page repeats what an attacker chose beside a secret (BREACH). These pages
repeat no query argument, their only secret is the CSRF token, which is masked anew each time, and a random name in the
gzip header blurs the length of each answer.
"""

import gzip
import secrets
from io import BytesIO

from flask import Flask, Response, request

LEAST_BYTES = 500
LEVEL = 5
_BLUR = 36


def _compress(body: bytes) -> bytes:
    name = secrets.token_urlsafe(1 + secrets.randbelow(_BLUR))
    out = BytesIO()
    with gzip.GzipFile(filename=name, mode="wb", compresslevel=LEVEL, fileobj=out, mtime=0) as file:
        file.write(body)
    return out.getvalue()


def _after(response: Response) -> Response:
    if (
        request.blueprint != "respondent"
        or response.mimetype != "text/html"
        or response.is_streamed
        or response.direct_passthrough
        or "Content-Encoding" in response.headers
    ):
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) >= LEAST_BYTES and request.accept_encodings["gzip"] > 0:
        response.set_data(_compress(body))
        response.headers["Content-Encoding"] = "gzip"
    return response


def init_app(app: Flask) -> None:
    """Compress what is worth it."""
    app.after_request(_after)
