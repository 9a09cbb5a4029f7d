"""An SMS gateway on this machine that answers as it is told, lies included."""

import json
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

Answer = Callable[[dict[str, Any], int], bytes]
"""From a request's fields and its number to the raw bytes of the answer; empty = hang up."""


def http(content: Any, status: str = "200 OK", kind: str = "application/json") -> bytes:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def honest(fields: dict[str, Any], number: int) -> bytes:
    return http({"id": f"k{number}", "status": "queued", "ref": fields["reference"]})


@dataclass
class Gateway:
    """What it has heard, and how it answers."""

    port: int = 0
    answer: Answer = honest
    heard: list[dict[str, Any]] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    connections: int = 0
    pause: float = 0
    """Seconds before each answer."""
    twice: bool = False
    """Whether each answer is said again a moment later."""
    byte_pause: float = 0
    """Seconds between the answer's bytes."""


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def gateway() -> Iterator[Gateway]:
    """Serve a gateway for as long as the block lasts."""
    state = Gateway()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            state.connections += 1
            while self.one():
                pass

        def one(self) -> bool:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                line = self.rfile.readline()
                if not line:
                    return False
                head += line
            text = head.decode()
            length = next(int(line[15:]) for line in text.splitlines() if line.lower().startswith("content-length:"))
            state.headers.append(text)
            fields = json.loads(self.rfile.read(length))
            state.heard.append(fields)
            answer = state.answer(fields, len(state.heard))
            time.sleep(state.pause)
            try:
                if state.byte_pause:
                    for byte in answer:
                        self.wfile.write(bytes([byte]))
                        time.sleep(state.byte_pause)
                else:
                    self.wfile.write(answer)
                if state.twice:
                    time.sleep(0.05)
                    self.wfile.write(answer)
            except OSError:
                return False
            return bool(answer)

    with _Server(("127.0.0.1", 0), Handler) as server:
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
