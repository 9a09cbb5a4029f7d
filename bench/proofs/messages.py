"""20 000 e-mails with codes through a real mail server while the sending process is killed again and again.

None is lost, a kill repeats one message at most, a repeat has the same Message-ID and a fresh code beside the first
one, which lives, and staff see every message that may have come twice.
"""

import email
import email.policy
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from sqlalchemy import Engine, event, func, insert, select, update
from sqlalchemy.orm import Session

from bench.figures import Figure, write
from bench.processes import free_port
from bench.proofs._handing import START
from bench.world import World, grow, world
from enkat.ballots.derivation import derive
from enkat.ballots.vocabulary import Sex
from enkat.records.clients import Client, ClientService, ContactChannel
from enkat.records.engine import WRITE_OPTION, make_sessions
from enkat.records.invitations import CodeKind, Invitation, InvitationCode, find_by_code
from enkat.records.rounds import SurveyRound
from enkat.records.waves import ContactWave, RecipientState, WaveChannel, WaveKind, WaveRecipient, WaveState
from enkat.records.waves_queries import repeats_of
from enkat.records.writing import writing
from enkat.services.jobs.queue import enqueue
from enkat.services.jobs.running import run_waiting
from enkat.services.waves.planning import BUILD_JOB
from enkat.services.waves.sending import LEASE
from enkat.settings import Secrets
from tests.factories.ballots import HOME, LOG2_N, SECRET

PEOPLE, KILLS = 20_000, 20
KINDS = ("sqlite", "postgresql")
BLOCK = 1_000
LONGEST_WRITE_MS = 200.0
_PATIENCE = 120.0
CODE = re.compile(r"/o/\w+#(\d{16})")


class Post:
    """A mail server that keeps what it takes: per Message-ID the receiver and the code of each copy."""

    def __init__(self) -> None:
        self.taken: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.number = self.connections = 0

    async def handle_EHLO(  # noqa: N802 - the library's name
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - as above
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        found = CODE.search(parsed.get_content())
        self.taken[str(parsed["Message-ID"])].append((envelope.rcpt_tos[0], found[1] if found else ""))
        self.number += 1
        return "250 OK"


@dataclass
class Sent:
    """What became of a wave."""

    kind: str
    people: int
    kills: int
    seconds: float
    cpu: float
    longest_write: float
    connections: int
    wrong: dict[str, int]
    repeated: int
    seen_by_staff: int
    orphans: int


@contextmanager
def _city(kind: str, people: int) -> Iterator[World]:
    """Yield a round of so many people; nobody knows the codes of their letters, which nobody needs here."""
    with world(kind, people=min(people, 20)) as place:
        with make_sessions(place.engine)() as session:
            grow(session, place.made, people - min(people, 20))
            asked = select(Invitation.id).where(Invitation.round_id == place.made.round_id)
            place.made.invitation_ids = list(session.scalars(asked))
        yield place


def _client(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "reference": f"P{number}",
        "name": f"Person {number}",
        "address": "Provgatan 1",
        "postal_code": "123 45",
        "town": "Provstad",
        "sex": Sex.WOMAN,
        "birth_year": 1940,
        "language": "sv",
        "contact_channel": ContactChannel.EMAIL,
        "email": f"p{number}@post.example",
    }


def _people(session: Session, place: World) -> None:
    """Give every invitation a client with an e-mail address who wishes to be reached there."""
    ids, unit_id = place.made.invitation_ids, place.made.unit_ids[0]
    for start in range(0, len(ids), BLOCK):
        part = dict(enumerate(ids[start : start + BLOCK], start + 1))
        links = [{"id": one, "client_id": number} for number, one in part.items()]
        with writing(session):
            session.execute(insert(Client), [_client(number) for number in part])
            given = [{"client_id": number, "unit_id": unit_id, "service": HOME} for number in part]
            session.execute(insert(ClientService), given)
            session.execute(update(Invitation), links, execution_options={"synchronize_session": False})


@contextmanager
def _watched(engine: Engine, held: list[float]) -> Iterator[None]:
    """Note the CPU milliseconds of every transaction that writes."""
    begun: dict[int, float] = {}

    def begin(connection: Any) -> None:
        if connection.get_execution_options().get(WRITE_OPTION):
            begun[id(connection)] = time.process_time()

    def commit(connection: Any) -> None:
        if id(connection) in begun:
            held.append((time.process_time() - begun.pop(id(connection))) * 1000)

    event.listen(engine, "begin", begin)
    event.listen(engine, "commit", commit)
    yield
    event.remove(engine, "begin", begin)
    event.remove(engine, "commit", commit)


def _build(place: World) -> tuple[int, float]:
    """Build the list by its job and start the wave; return it and its longest write."""
    sessions, settings, held = make_sessions(place.engine), place.settings(), list[float]()
    with sessions() as session:
        _people(session, place)
        with writing(session):
            round_ = session.get_one(SurveyRound, place.made.round_id)
            round_.codes_in_messages, round_.promise = True, {"sv": {}}
            wave = ContactWave(
                round_id=round_.id,
                kind=WaveKind.REMINDER,
                channel=WaveChannel.EMAIL,
                planned_on=START.date(),
                state=WaveState.BUILDING,
            )
            session.add(wave)
            session.flush()
            enqueue(session, lambda: START, BUILD_JOB, {"wave_id": wave.id}, None)
            wave_id = wave.id
    with _watched(place.engine, held):
        run_waiting(sessions, lambda: START, settings, Secrets(settings))
    with sessions() as session, writing(session):
        wave = session.get_one(ContactWave, wave_id)
        assert wave.listed == {"email": len(place.made.invitation_ids)}, wave.listed
        wave.state, wave.approved_for = WaveState.SENDING, sum(wave.listed.values())
    return wave_id, max(held)


@dataclass
class _Killer:
    """Starts the process, kills it under way, and starts it again until it ends by itself."""

    post: Post
    port: int
    kills: int
    people: int
    rng: random.Random
    done: int = 0
    cpu: float = field(default=0.0)

    def run(self) -> None:
        """Kill as often as planned, spread over the whole wave, then let it end."""
        begun = time.monotonic()
        for number in range(self.kills + 1):
            later = time.monotonic() - begun + number * (LEASE.total_seconds() + 1)
            command = [sys.executable, "-m", "bench.proofs._handing", str(later), str(self.port)]
            process = subprocess.Popen(command)
            if number < self.kills:
                self._wait_for(self.people * (number + 1) // (self.kills + 1), process)
                time.sleep(self.rng.uniform(0, 0.02))
                process.send_signal(signal.SIGKILL)
                self.done += 1
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = status
            self.cpu += usage.ru_utime + usage.ru_stime
            if number == self.kills and status:
                raise RuntimeError(f"the last run ended with {status}")

    def _wait_for(self, number: int, process: subprocess.Popen[bytes]) -> None:
        seen, deadline = self.post.number, time.monotonic() + _PATIENCE
        while self.post.number < number and time.monotonic() < deadline:
            time.sleep(0.002)
            if self.post.number > seen:  # a busy machine is slow, not stuck
                seen, deadline = self.post.number, time.monotonic() + _PATIENCE
        if self.post.number < number:
            process.kill()
            raise RuntimeError(f"the mail server has {self.post.number} messages, and waits for {number}")


def _verdict(session: Session, wave_id: int, post: Post, kills: int) -> tuple[dict[str, int], int, int, int]:
    """Compare what the mail server took with what the lists say; also the repeats, those seen, and orphan codes."""
    wave = session.get_one(ContactWave, wave_id)
    rows = session.execute(
        select(WaveRecipient, Client.email)
        .join(Invitation, Invitation.id == WaveRecipient.invitation_id)
        .join(Client, Client.id == Invitation.client_id)
        .where(WaveRecipient.wave_id == wave_id)
    ).all()
    named = {f"<enkat-{row.identity.hex()}@matstaden.example>": (row, address) for row, address in rows}
    twice = {name: copies for name, copies in post.taken.items() if len(copies) > 1}
    repeats = sum(len(copies) - 1 for copies in twice.values())
    sample = [*twice, *random.Random(5).sample(sorted(post.taken), min(300, len(post.taken)))]  # noqa: S311
    dead = 0
    for name in sample:
        row, _ = named[name]
        for _, code in post.taken[name]:
            found = find_by_code(session, wave.round_id, derive(code, SECRET, LOG2_N).lookup)
            dead += found is None or found.id != row.invitation_id
    codes = {code for copies in post.taken.values() for _, code in copies}
    of_reminder = select(func.count()).select_from(InvitationCode).where(InvitationCode.kind == CodeKind.REMINDER)
    live = session.scalar(of_reminder) or 0
    wrong = {
        "lost": len(set(named) - set(post.taken)),
        "of nobody": len(set(post.taken) - set(named)),
        "to another": sum(address != to for name, (_, address) in named.items() for to, _ in post.taken[name]),
        "not noted as handed over": sum(row.state is not RecipientState.HANDED for row, _ in rows),
        "repeats beyond one per kill": max(0, repeats - kills) + sum(len(copies) > 2 for copies in twice.values()),
        "repeats with the same code": sum(len({code for _, code in copies}) < len(copies) for copies in twice.values()),
        "repeats that staff do not see": sum(named[name][0].repeats == 0 for name in twice),
        "codes handed over that do not work": dead,
    }
    return wrong, repeats, repeats_of(session, wave_id), live - len(codes)


def send_under_kills(kind: str, people: int, kills: int, seed: int = 1) -> Sent:
    """Send a wave while its process is killed; return the figures."""
    post, port = Post(), free_port()
    with _city(kind, people) as place:
        wave_id, longest = _build(place)
        controller = Controller(post, hostname="127.0.0.1", port=port)
        controller.start()
        killer = _Killer(post, port, kills, people, random.Random(seed))  # noqa: S311 - a simulation
        begun = time.monotonic()
        try:
            killer.run()
        finally:
            controller.stop()
        seconds = time.monotonic() - begun
        with make_sessions(place.engine)() as session:
            wrong, repeated, seen, orphans = _verdict(session, wave_id, post, kills)
    return Sent(
        kind, people, killer.done, seconds, killer.cpu, longest, post.connections, wrong, repeated, seen, orphans
    )


def figures_of(sent: Sent) -> list[Figure]:
    """Return the figures with what they must keep."""
    group = sent.kind
    return [
        Figure(group, "messages", sent.people, ""),
        Figure(group, "SIGKILLs of the sending process", sent.kills, ""),
        *(Figure(group, f"messages: {name}", value, "", 0) for name, value in sent.wrong.items()),
        Figure(group, "messages that came twice", sent.repeated, "", sent.kills),
        Figure(group, "messages that staff see as maybe come twice", sent.seen_by_staff, "", sent.kills),
        Figure(group, "codes that live and never left the house", sent.orphans, "", sent.kills),
        Figure(group, "connections to the mail server", sent.connections, "", sent.kills + 1),
        Figure(group, "messages per second, restarts included", sent.people / sent.seconds, "/s"),
        Figure(group, "CPU per message, restarts included", sent.cpu * 1000 / sent.people, "ms"),
        Figure(group, "longest write while the list is built, CPU", sent.longest_write, "ms", LONGEST_WRITE_MS),
    ]


def main() -> None:
    """Run the kills on both databases and write the result."""
    small = "--small" in sys.argv
    people, kills = (60, 3) if small else (PEOPLE, KILLS)
    figures: list[Figure] = []
    for kind in KINDS:
        figures += figures_of(send_under_kills(kind, people, kills))
        print("\n".join(figure.line() for figure in figures if figure.group == kind), flush=True)
    if not small:
        write("messages", figures, "aiosmtpd on loopback, a code in every e-mail (scrypt 2^10, as in tests).")
    if not all(figure.held for figure in figures):
        sys.exit(1)


if __name__ == "__main__":
    main()
