"""An open round whose people can be reached in every way, and everything that waves need."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from enkat.clock import today
from enkat.records.clients import Client, ContactChannel
from enkat.records.imports import ImportBatch, ImportKind, ImportState
from enkat.records.invitations import Invitation, InvitationStatus
from enkat.records.rounds import SurveyRound
from enkat.records.waves import ContactWave, RecipientState, WaveChannel, WaveKind, WaveRecipient
from enkat.records.writing import writing
from enkat.services.jobs.running import run_waiting
from enkat.services.rounds.opening import open_round
from enkat.services.waves.driving import send_waves, start_due_waves
from enkat.services.waves.planning import WavePlan, approve_wave, plan_wave
from enkat.services.waves.sending import Senders
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.rounds import Register, catalogue, planned_round, small_register


def read_register(session: Session, clock: FixedClock) -> None:
    """Note that a file of people was read today."""
    with writing(session):
        session.add(
            ImportBatch(
                kind=ImportKind.CLIENTS,
                state=ImportState.APPLIED,
                file_name="uttag.csv",
                sha256="0" * 64,
                staged_at=clock(),
                decided_at=clock(),
                headings=[],
                mapping={},
                summary={},
                complete_list=True,
                encoding="utf-8",
                separator=";",
            )
        )


@dataclass
class Waves:
    """An open round of 17 people: every third wishes SMS, every third e-mail, the others letters."""

    session: Session
    sessions: sessionmaker[Session]
    clock: FixedClock
    settings: Settings
    secrets: Secrets
    round_id: int
    register: Register
    senders: Senders | None = None

    def plan(self, kind: WaveKind = WaveKind.REMINDER, channel: WaveChannel = WaveChannel.WISH, **more: Any) -> int:
        plan = WavePlan(kind, channel, more.pop("planned_on", today(self.clock)), **more)
        wave = plan_wave(self.session, self.clock, self.settings, self.round_id, plan, account_id=None)
        return wave.id

    def approve(self, wave_id: int, number: int = 1000) -> None:
        approve_wave(self.session, self.clock, wave_id, number, None)

    def tick(self, seconds: float = 60) -> int:
        """Do what a tick does with waves: move on, run the jobs, hand over."""
        start_due_waves(self.sessions, self.clock)
        run_waiting(self.sessions, self.clock, self.settings, self.secrets)
        start_due_waves(self.sessions, self.clock)
        run_waiting(self.sessions, self.clock, self.settings, self.secrets)
        handed = send_waves(
            self.sessions, self.clock, self.settings, self.secrets, senders=self.senders, seconds=seconds
        )
        self.session.rollback()
        self.session.expire_all()
        return handed

    def _look_again(self) -> None:
        self.session.rollback()
        self.session.expire_all()

    def wave(self, wave_id: int) -> ContactWave:
        self._look_again()
        return self.session.get_one(ContactWave, wave_id)

    def rows(self, wave_id: int, *states: RecipientState) -> list[WaveRecipient]:
        query = select(WaveRecipient).where(WaveRecipient.wave_id == wave_id)
        self._look_again()
        return [row for row in self.session.scalars(query) if not states or row.state in states]

    def codes_in_messages(self) -> None:
        with writing(self.session):
            self.session.get_one(SurveyRound, self.round_id).codes_in_messages = True

    def set_client(self, number: int, **values: Any) -> bytes:
        """Change a client by its number from 0 and return the invitation."""
        client_id = self.register.clients[number]
        if values:
            with writing(self.session):
                self.session.execute(update(Client).where(Client.id == client_id).values(**values))
        return self.session.scalars(select(Invitation.id).where(Invitation.client_id == client_id)).one()

    def set_status(self, number: int, status: InvitationStatus) -> bytes:
        client_id = self.register.clients[number]
        with writing(self.session):
            found = self.session.scalars(select(Invitation).where(Invitation.client_id == client_id)).one()
            found.status = status
        return found.id

    def status(self, invitation_id: bytes) -> InvitationStatus:
        self._look_again()
        return self.session.get_one(Invitation, invitation_id).status


def open_with_contacts(
    session: Session, sessions: sessionmaker[Session], clock: FixedClock, settings: Settings, **changes: Any
) -> Waves:
    """Open the round."""
    register = small_register(session, changes.pop("sizes", None))
    secrets = Secrets(settings)
    round_ = planned_round(session, clock, **{"languages": ["sv", "en"], **changes})
    open_round(session, clock, settings, secrets, round_.id, None, catalogue())
    with writing(session):
        for number, client in enumerate(session.scalars(select(Client).order_by(Client.id)).all()):
            client.contact_channel = tuple(ContactChannel)[number % 3]
            client.phone, client.email = f"070-{number:03d} 00 {number % 100:02d}", f"p{number}@a.se"
    read_register(session, clock)
    return Waves(session, sessions, clock, settings, secrets, round_.id, register)
