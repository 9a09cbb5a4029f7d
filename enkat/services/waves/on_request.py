"""A new code for one person who asks for it: a wave of one, by the person's own way, out with the next tick."""

from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.clients import Client, ContactChannel
from enkat.records.invitations import Invitation, InvitationStatus
from enkat.records.letters_queries import invitations_with_letter
from enkat.records.rounds import RoundState
from enkat.records.waves import ContactWave, WaveChannel, WaveKind, WaveRecipient, WaveState
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import ConflictFault, NotFoundFault
from enkat.services.rounds.finding import get_round, require_state
from enkat.services.waves.addressing import missing_channel, way_to
from enkat.services.waves.days import contact_day
from enkat.settings import Settings


def send_new_code(
    session: Session, clock: Clock, settings: Settings, invitation_id: bytes, account_id: int | None
) -> ContactWave:
    """Send one person a new code: by SMS or e-mail where the round's messages carry codes and the person wishes so.

    The person's other codes stay alive; a lost letter is reported apart.

    Raises
    ------
    ConflictFault
        If no answer is waited for, or the identity is protected.
    """
    with writing(session):
        invitation = session.get(Invitation, invitation_id)
        client = session.get(Client, invitation.client_id) if invitation and invitation.client_id else None
        if invitation is None or client is None:
            raise NotFoundFault("Inbjudan finns inte.")
        round_ = get_round(session, invitation.round_id)
        require_state(round_, RoundState.OPEN)
        if invitation.protected or client.protected:
            raise ConflictFault("Personen har skyddade uppgifter. Gör brevet under Brev till skyddade.")
        if invitation.status is not InvitationStatus.OPEN:
            raise ConflictFault("Personen väntar inte på att svara. Rätta det först till ”väntar på svar”.")
        messages = round_.codes_in_messages and missing_channel(settings, client.contact_channel) is None
        way = way_to(WaveChannel.WISH, client.contact_channel, client.phone, client.email, may_message=messages)
        wave = _wave_of_one(session, clock, invitation, way or ContactChannel.LETTER, account_id)
        details = {"round": round_.id, "channel": wave.channel.value}
        record(
            session, clock, account_id=account_id, action="wave.new_code", subject=f"wave:{wave.id}", details=details
        )
    return wave


def _wave_of_one(
    session: Session, clock: Clock, invitation: Invitation, way: ContactChannel, account_id: int | None
) -> ContactWave:
    written = bool(invitations_with_letter(session, [invitation.id]))
    wave = ContactWave(
        round_id=invitation.round_id,
        kind=WaveKind.REMINDER if written else WaveKind.INVITATION,
        channel=WaveChannel(way.value),
        planned_on=contact_day(today(clock)),
        state=WaveState.BUILT,
        built_on=today(clock),
        listed={way.value: 1},
        approved_for=1,
        approved_by=account_id,
        account_id=account_id,
    )
    session.add(wave)
    session.flush()
    session.add(WaveRecipient(wave_id=wave.id, invitation_id=invitation.id, channel=way))
    return wave
