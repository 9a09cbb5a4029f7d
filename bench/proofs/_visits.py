"""People who answer through the pages behind a proxy, while proxy and server log every request: the worst that can lie
on a disk, and more than the templates in deploy/ let them write.
"""

import random
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.journeys import walk
from bench.processes import ROOT, free_port, gunicorn, wait_for_port
from bench.visitor import Form, Page, Visitor
from bench.world import World

NGINX = shutil.which("nginx")
_SENT = re.compile(r'^(\S+) .*"POST /o/\S+/granska ', re.MULTILINE)


def address_of(number: int) -> str:
    """Return the address that a person sends from: one of the machine's own, each person another."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


@contextmanager
def proxy(port: int, logs: Path) -> Iterator[int]:
    """Run nginx with the location of deploy/nginx.conf, its log, nginx's ordinary log and a talkative error log.

    Without nginx the server is met directly; its own log then is the only one.
    """
    if NGINX is None:
        yield port
        return
    template = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    log_format = re.findall(r"^log_format .*?;$", template, re.DOTALL | re.MULTILINE)[0]
    location = re.findall(r"^    location / \{.*?^    \}$", template, re.DOTALL | re.MULTILINE)[0]
    own = free_port()
    folders = "".join(
        f"{kind}_temp_path {logs}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    text = f"""daemon off; master_process off; pid {logs}/nginx.pid; error_log {logs}/proxy-errors.log info;
events {{}}
http {{
{folders}{log_format}
upstream enkat {{ server 127.0.0.1:{port}; keepalive 16; }}
server {{
    listen 127.0.0.1:{own};
    access_log {logs}/proxy-as-deployed.log enkat_utan_adress;
    access_log {logs}/proxy.log combined;
{location.replace("X-Forwarded-Proto https", "X-Forwarded-Proto http")}
}}
}}
"""
    configuration = logs / "nginx.conf"
    configuration.write_text(text, encoding="utf-8")
    process = subprocess.Popen([NGINX, "-c", str(configuration), "-p", str(logs), "-e", str(logs / "nginx.log")])
    try:
        wait_for_port(process, own)
        yield own
    finally:
        process.terminate()
        process.wait()


def answer_through_pages(
    place: World, logs: Path, numbers: Sequence[int], words: Sequence[str], rng: random.Random
) -> list[tuple[int, ...]]:
    """Let people answer page by page, themselves, and return what each of them said."""
    said = []
    environment = place.environment() | {"ENKAT_TRUSTED_PROXIES": "0" if NGINX is None else "1"}
    with gunicorn("bench.our_app:app", environment, logs=logs) as server, proxy(server.port, logs) as port:
        for number, word in zip(numbers, words, strict=True):
            answers: list[int] = []

            def fill(page: Page, form: Form, word: str = word, answers: list[int] = answers) -> dict[str, str]:
                if "/fraga/" not in page.path:
                    return {name: values[0] for name, values in form.choices.items()}
                if not form.choices:
                    return {"answer": word}
                answers.append(int(rng.choice(form.choices["answer"])))
                return {"answer": str(answers[-1])}

            visitor = Visitor(port, source=address_of(number))
            walk(visitor, place.short_name, place.made.codes[number], fill)
            visitor.close()
            said.append(tuple(answers))
    return said


def lines_of(logs: Path) -> int:
    """Return how many lines the proxy and the server have logged."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in logs.glob("*.log"))


def order_in_log(logs: Path) -> dict[str, int]:
    """Return the place of each address among those that sent, as the proxy's ordinary log tells it."""
    log = logs / "proxy.log"
    found = _SENT.findall(log.read_text(encoding="utf-8")) if log.is_file() else []
    return {address: place for place, address in enumerate(found)}
