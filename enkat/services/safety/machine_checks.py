"""Examinations of the machine and the installation: settings, secrets, disk, versions, schema."""

import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Engine, text

from enkat.records.migrating import current_revision, head_revision
from enkat.services.safety.findings import Finding, fault, good, warning
from enkat.settings import Environment, MissingSecretError, Secrets, Settings, WeakSecretError

GIB = 1024**3
LEAST_FREE = GIB
LOW_FREE = 5 * GIB
PYTHONS = ((3, 11), (3, 14))
OTHERS_MAY = stat.S_IRWXG | stat.S_IRWXO


def check_settings(settings: Settings) -> Iterator[Finding]:
    """Say whether pages are served as production needs."""
    name = "Inställningar"
    if settings.environment is not Environment.PRODUCTION:
        yield warning(name, f"Miljön är {settings.environment}. Använd den inte för riktiga svar.")
        return
    if not settings.https or not settings.public_url.startswith("https://"):
        yield fault(name, "Sidorna visas inte över https. Sätt ENKAT_HTTPS=true och ENKAT_PUBLIC_URL=https://…")
    elif not settings.smtp_host:
        yield warning(name, "Ingen mejlserver är satt. Inbjudningar skrivs som filer i mappen mail.")
    else:
        yield good(name, f"Produktion på {settings.public_url}.")


def check_secrets(settings: Settings, secrets: Secrets) -> Iterator[Finding]:
    """Say whether every fixed secret is there, strong enough and private."""
    faults = []
    for name in Secrets.FIXED:
        try:
            secrets.get(name)
        except (MissingSecretError, WeakSecretError, ValueError) as error:
            faults.append(str(error))
    folder = settings.resolved_secrets_dir
    open_files = [
        path.name for path in (sorted(folder.iterdir()) if folder.is_dir() else ()) if path.stat().st_mode & OTHERS_MAY
    ]
    if open_files:
        faults.append(f"Andra användare kan läsa {', '.join(open_files)} i {folder}. Kör chmod 600 på filerna.")
    yield from (fault("Hemligheter", sentence) for sentence in faults)
    if not faults:
        yield good("Hemligheter", "Alla finns, är starka och bara ägaren kan läsa dem.")


def check_disk(settings: Settings) -> Iterator[Finding]:
    """Say whether there is room left."""
    free = shutil.disk_usage(settings.data_dir if settings.data_dir.is_dir() else ".").free
    sentence = f"{free / GIB:.1f} GiB ledigt.".replace(".", ",", 1)
    if free < LEAST_FREE:
        yield fault("Disk", f"{sentence} Frigör plats nu: en full disk stoppar svaren.")
    elif free < LOW_FREE:
        yield warning("Disk", f"{sentence} Frigör plats snart.")
    else:
        yield good("Disk", sentence)


def check_versions(engine: Engine) -> Iterator[Finding]:
    """Say which versions run, and whether the program runs on this Python."""
    python = ".".join(map(str, sys.version_info[:3]))
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        server = sqlite3.sqlite_version if sqlite else connection.execute(text("SHOW server_version")).scalar_one()
    sentence = f"enkat {version('enkat')}, Python {python}, {engine.dialect.name} {server}."
    if PYTHONS[0] <= sys.version_info[:2] < PYTHONS[1]:
        yield good("Versioner", sentence)
    else:
        yield warning("Versioner", f"{sentence} Programmet är provat på Python 3.11–3.13.")


def check_schema(engine: Engine) -> Iterator[Finding]:
    """Say whether the database stands at the newest schema."""
    current, head = current_revision(engine), head_revision()
    if current == head:
        yield good("Schema", f"Databasen har schema {head}, det senaste.")
    elif current is None:
        yield fault("Schema", "Databasen är tom. Kör `enkat db upgrade`.")
    else:
        yield fault("Schema", f"Databasen har schema {current}, programmet {head}. Kör `enkat db upgrade`.")


def _is_open(path: Path) -> bool:
    return bool(path.stat().st_mode & OTHERS_MAY)


def check_privacy(settings: Settings, engine: Engine) -> Iterator[Finding]:
    """Say whether other users of the machine may read the database's file, letters or backups."""
    paths = [settings.letters_dir, settings.backups_dir]
    if engine.dialect.name == "sqlite" and engine.url.database:
        paths.append(Path(engine.url.database))
    shown = [str(path) for path in paths if path.exists() and _is_open(path) and _is_open(path.parent)]
    if shown:
        yield fault("Åtkomst", f"Andra användare kan läsa {', '.join(shown)}. Kör chmod go-rwx på dem.")
    else:
        yield good("Åtkomst", "Bara ägaren kan läsa databasfil, brev och säkerhetskopior.")


def check_integrity(engine: Engine) -> Iterator[Finding]:
    """Ask SQLite whether its file is whole; PostgreSQL checks its own pages."""
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        told = connection.exec_driver_sql("PRAGMA quick_check(5)").scalars().all()
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if list(told) == ["ok"] and not broken:
        yield good("Databasfil", "Hel, och alla hänvisningar stämmer.")
    else:
        yield fault("Databasfil", f"Databasen är skadad: {'; '.join(map(str, told))}. Återläs en säkerhetskopia.")
