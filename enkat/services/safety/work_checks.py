"""Examinations of the work: backups, outbox, tick, jobs, the box after the count, the clock, the log, erasure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.audit import AuditEntry
from enkat.records.jobs import Job, JobState
from enkat.records.outbox import MessageState, OutboxMessage
from enkat.records.retention import BackupRecord, Protocol, ProtocolKind
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.waves import WaveState
from enkat.records.waves_queries import waves_in
from enkat.services.audit.reading import verify as verify_log
from enkat.services.keys.confirming import due_since, unconfirmed
from enkat.services.retention.erasing import last_erasure
from enkat.services.retention.schedule import schedule
from enkat.services.safety.backup import latest_backup
from enkat.services.safety.findings import Finding, fault, good, warning
from enkat.services.safety.heartbeat import last_beat
from enkat.services.waves.returning import returned_mail
from enkat.settings import Secrets, Settings

BACKUP_AGE = timedelta(hours=26)
RESTORE_AGE = timedelta(days=35)
BOX_DAYS = 7
TICK_AGE = timedelta(minutes=15)
MESSAGE_AGE = timedelta(hours=1)
JOB_DAYS = timedelta(days=7)
ERASURE_DAYS = 2
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that is right shows an earlier time than the program's own."""


def _living(session: Session) -> list[SurveyRound]:
    query = select(SurveyRound).where(
        SurveyRound.state.in_((RoundState.OPEN, RoundState.CLOSED)), SurveyRound.practice.is_(False)
    )
    return list(session.scalars(query.order_by(SurveyRound.id)))


def _ago(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    return f"{hours} timmar" if hours < 48 else f"{span.days} dagar"  # noqa: PLR2004


def check_backup(session: Session, clock: Clock) -> Iterator[Finding]:
    """Say how old the last backup is, and the last that was restored on trial."""
    made = latest_backup(session)
    serious = fault if _living(session) else warning
    if made is None:
        yield serious("Säkerhetskopia", "Ingen är gjord. Kör `enkat backup`.")
        return
    age = clock() - made.made_at
    if age > BACKUP_AGE:
        yield serious("Säkerhetskopia", f"Den senaste är {_ago(age)} gammal. Kör `enkat backup` varje natt.")
    else:
        yield good("Säkerhetskopia", f"{made.file_name}, {_ago(age)} gammal.")
    tried = latest_backup(session, verified=True)
    if tried is None or tried.restored_at is None:
        yield serious("Återläsning", "Ingen säkerhetskopia är provad. Kör `enkat restore --verify FIL`.")
    elif clock() - tried.restored_at > RESTORE_AGE:
        yield warning("Återläsning", f"Provad för {_ago(clock() - tried.restored_at)} sedan. Prova en ny kopia.")
    else:
        yield good("Återläsning", f"{tried.file_name} gick att återläsa.")


def check_outbox(session: Session, clock: Clock) -> Iterator[Finding]:
    """Say whether mail goes out."""
    query = select(func.count()).select_from(OutboxMessage)
    failed = session.scalar(query.where(OutboxMessage.state == MessageState.FAILED)) or 0
    old = OutboxMessage.queued_at < clock() - MESSAGE_AGE
    late = session.scalar(query.where(OutboxMessage.state == MessageState.WAITING, old)) or 0
    if late:
        yield fault("Mejl", f"{late} mejl har väntat i över en timme. Kontrollera mejlservern.")
    if failed:
        yield warning("Mejl", f"{failed} mejl kunde inte skickas. Kontrollera adresserna under Konton.")
    if not late and not failed:
        yield good("Mejl", "Inget väntar.")


def check_waves(session: Session, settings: Settings) -> Iterator[Finding]:
    """Say whether waves to clients go out, and whether returned mail waits that is no bounce."""
    stopped = [wave for wave in waves_in(session, WaveState.SENDING) if wave.fault]
    for wave in stopped:
        yield fault("Utskick", f"Utskicket {wave.planned_on} har stannat: {wave.fault}")
    unread = len(returned_mail(settings))
    if unread:
        yield warning("Utskick", f"{unread} mejl i mappen för returer är inga studsar. Läs dem, någon kan ha svarat.")
    if not stopped and not unread:
        yield good("Utskick", "Inget har stannat.")


def check_tick(session: Session, clock: Clock, settings: Settings) -> Iterator[Finding]:
    """Say whether `enkat tick` runs, and whether jobs get done."""
    beat = last_beat(settings)
    if beat is None:
        yield warning("Tick", "`enkat tick` har inte körts. Kör `enkat serve`, eller ställ in en timer.")
    elif clock() - beat > TICK_AGE:
        yield fault("Tick", f"`enkat tick` kördes senast för {_ago(clock() - beat)} sedan. Kontrollera timern.")
    else:
        yield good("Tick", "Körs som den ska.")
    count = select(func.count()).select_from(Job)
    recent = Job.finished_at > clock() - JOB_DAYS
    failed = session.scalar(count.where(Job.state == JobState.FAILED, recent)) or 0
    if failed:
        yield warning("Jobb", f"{failed} jobb misslyckades den senaste veckan. Se omgångens sida.")
    else:
        yield good("Jobb", "Inget har misslyckats den senaste veckan.")


def check_boxes(session: Session, clock: Clock) -> Iterator[Finding]:
    """Say whether a box stands undestroyed too long after its count."""
    query = (
        select(SurveyRound.short_name, func.max(Protocol.written_on))
        .join(Protocol, Protocol.round_id == SurveyRound.id)
        .where(SurveyRound.state == RoundState.COUNTED, Protocol.kind == ProtocolKind.COUNT)
        .group_by(SurveyRound.short_name)
        .order_by(SurveyRound.short_name)
    )
    late = [name for name, day in session.execute(query) if _days_since(day, clock) > BOX_DAYS]
    for name in late:
        yield fault(
            "Urna",
            f"Omgång {name} räknades för över {BOX_DAYS} dagar sedan och urnan finns kvar. "
            "Gör en säkerhetskopia, prova den och förstör urnan.",
        )
    if not late:
        yield good("Urna", "Ingen urna står kvar för länge.")


def _days_since(day: date, clock: Clock) -> int:
    return (today(clock) - day).days


def check_round_secrets(session: Session, secrets: Secrets) -> Iterator[Finding]:
    """Say whether the codes of living rounds can be tried."""
    missing = [one.short_name for one in _living(session) if not secrets.exists(f"round_{one.id}")]
    for name in missing:
        yield fault("Kodhemlighet", f"Hemligheten för omgång {name} saknas: ingen kod fungerar. Återställ den.")
    if not missing:
        yield good("Kodhemlighet", "Finns för varje öppen omgång.")


def check_key_shares(session: Session, clock: Clock) -> Iterator[Finding]:
    """Say whose key share nobody has seen in the two weeks before a round closes."""
    late = False
    for survey_round in _living(session):
        if today(clock) < due_since(survey_round):
            continue
        names = [holder.name for holder in unconfirmed(session, survey_round)]
        if names:
            late = True
            yield warning(
                "Nyckeldelar",
                f"Omgång {survey_round.short_name}: {', '.join(names)} har inte provat sin del de sista två veckorna.",
            )
    if not late:
        yield good("Nyckeldelar", "Ingen del väntar på att provas.")


def check_clock(session: Session, clock: Clock) -> Iterator[Finding]:
    """Say whether the clock has gone backwards or was never set."""
    now = clock()
    newest = session.scalar(select(func.max(AuditEntry.happened_at)))
    backup = session.scalar(select(func.max(BackupRecord.made_at)))
    latest = max((moment for moment in (newest, backup) if moment is not None), default=EARLIEST)
    if now < EARLIEST:
        yield fault("Klocka", f"Datorns klocka visar {now:%Y-%m-%d}. Ställ den och slå på tidssynkronisering.")
    elif latest > now + timedelta(minutes=5):
        yield fault("Klocka", f"Klockan har gått tillbaka: det senaste som hände är från {latest:%Y-%m-%d %H:%M} UTC.")
    else:
        yield good("Klocka", f"{now:%Y-%m-%d %H:%M} UTC.")


def check_log(session: Session) -> Iterator[Finding]:
    """Say whether the log's chain holds."""
    checked = verify_log(session)
    if checked.faults:
        yield fault("Logg", f"{checked.faults[0]} Kör `enkat audit verify` för alla fel.")
    else:
        yield good("Logg", f"Kedjan av {checked.entries} poster är hel.")


def check_erasure(session: Session, clock: Clock, settings: Settings) -> Iterator[Finding]:
    """Say whether something of a round's should have been erased already: nothing has run since it was due."""
    last = last_erasure(settings)
    late = [
        due
        for due in schedule(session, clock)
        if due.round is not None
        and not due.held
        and _days_since(due.on, clock) > ERASURE_DAYS
        and (last is None or last < due.on)
    ]
    if late:
        yield warning("Gallring", f"{len(late)} slag av uppgifter skulle ha gallrats. `enkat tick` gör det.")
    else:
        yield good("Gallring", "Inget väntar.")


def check_upgrade(session: Session, clock: Clock) -> Iterator[Finding]:
    """Say whether this is a moment to upgrade the program."""
    running = session.scalar(select(func.count()).select_from(Job).where(Job.state == JobState.RUNNING)) or 0
    tried = latest_backup(session, verified=True)
    fresh = tried is not None and clock() - tried.made_at <= BACKUP_AGE
    waits = []
    if running:
        waits.append(f"{running} jobb pågår")
    if not fresh:
        waits.append("det finns ingen provad säkerhetskopia från det senaste dygnet")
    waits += [f"omgång {one.short_name} är öppen" for one in _living(session) if one.state is RoundState.OPEN]
    if waits:
        yield warning("Uppgradering", f"Vänta med att uppgradera: {', '.join(waits)}.")
    else:
        yield good("Uppgradering", "Det går bra att uppgradera nu.")
