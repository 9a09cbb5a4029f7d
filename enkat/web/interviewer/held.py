"""What the browser of whoever asks holds during one interview: the keys, encrypted. Never an answer, never a name."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Response

from enkat.ballots.derivation import CodeKeys
from enkat.ballots.vocabulary import Mode
from enkat.services.interviews.interviewing import Begun
from enkat.web.shared.login import require_actor
from enkat.web.shared.sealed_cookie import SealedCookie

_cookie = SealedCookie("enkat_interview", b"enkat interview cookie 1")


@dataclass(frozen=True)
class Held:
    """An interview under way, or one that has just been sent.

    Attributes
    ----------
    begun
        None: the answer is in the box and the keys are gone.
    tablet
        Whether the person answers on a tablet that others use after them.
    """

    booking_id: bytes
    begun: Begun | None
    tablet: bool


def read() -> Held | None:
    """Return the interview of whoever is logged in; None without one, or when it is somebody else's."""
    content = _cookie.read()
    if content.get("account") != require_actor().account_id:
        return None
    begun = None
    if "keys" in content:
        keys = CodeKeys.from_bytes(b64decode(content["keys"]))
        begun = Begun(content["round"], keys, Mode(content["mode"]), content["language"])
    return Held(bytes.fromhex(content["booking"]), begun, content["tablet"])


def write(response: Response, held: Held) -> None:
    """Let the browser hold an interview until it is closed."""
    content: dict[str, Any] = {
        "account": require_actor().account_id,
        "booking": held.booking_id.hex(),
        "tablet": held.tablet,
    }
    if held.begun is not None:
        content |= {
            "round": held.begun.round_id,
            "keys": b64encode(held.begun.keys.to_bytes()).decode(),
            "mode": held.begun.mode,
            "language": held.begun.language,
        }
    _cookie.write(response, content)


def forget(response: Response) -> None:
    """Take the interview from the browser."""
    _cookie.forget(response)
