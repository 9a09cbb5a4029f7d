"""Static files: few and small, so they are kept in memory, compressed once, and cached by browsers for good.

`url_for("static", filename="x.css")` gets a digest of the content as `v`; the right one is kept for good.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, request

FOLDER = Path(__file__).parent / "static"
_COMPRESSED_SUFFIXES = {".css", ".js", ".svg"}
_DIGEST_LENGTH = 12
_FOR_GOOD = "public, max-age=31536000, immutable"
_SHORT = "public, max-age=300"


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file as it is sent."""

    content: bytes
    compressed: bytes | None
    mimetype: str
    digest: str


@lru_cache(maxsize=64)
def find(filename: str) -> Asset | None:
    """Return a file of the static folder; None when there is none or the name leads out of it."""
    path = (FOLDER / filename).resolve()
    if not path.is_relative_to(FOLDER) or not path.is_file():
        return None
    content = path.read_bytes()
    compressed = gzip.compress(content, 9, mtime=0) if path.suffix in _COMPRESSED_SUFFIXES else None
    mimetype = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(content, compressed, mimetype, hashlib.sha256(content).hexdigest()[:_DIGEST_LENGTH])


def _send(filename: str) -> Response:
    asset = find(filename)
    if asset is None:
        abort(404)
    zipped = asset.compressed is not None and request.accept_encodings["gzip"] > 0
    response = Response(asset.compressed if zipped else asset.content, mimetype=asset.mimetype)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = _FOR_GOOD if request.args.get("v") == asset.digest else _SHORT
    response.set_etag(asset.digest)
    response.make_conditional(request)
    return response


def _add_digest(endpoint: str, values: dict[str, object]) -> None:
    if endpoint == "static" and "v" not in values:
        asset = find(str(values.get("filename", "")))
        if asset is not None:
            values["v"] = asset.digest


def init_app(app: Flask) -> None:
    """Serve the files at /static/."""
    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=_send)
    app.url_defaults(_add_digest)
