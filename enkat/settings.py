"""Settings from the environment (`ENKAT_*`), and secrets that never stand in the database or a backup."""

import enum
import os
import secrets
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MINIMUM_PRODUCTION_LOG2_N = 13
SECRET_BYTES = 32
DEMO_MARK = "demo-"


class Environment(enum.StrEnum):
    """Where the product runs; production refuses demo secrets and weak keys."""

    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


class Settings(BaseSettings):
    """Every setting; each is read from `ENKAT_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="ENKAT_", frozen=True, extra="ignore")

    environment: Environment = Field(Environment.PRODUCTION, description="production, demo or test")
    data_dir: Path = Field(Path("var"), description="folder for the SQLite file, letter files, uploads and backups")
    database_url: str = Field("", description="SQLAlchemy address; empty = SQLite file enkat.sqlite in the data folder")
    secrets_dir: Path | None = Field(None, description="folder of secret files; empty = secrets/ in the data folder")
    city_name: str = Field("Staden", description="the city's name, shown on every page")
    public_url: str = Field("http://127.0.0.1:8000", description="address that letters and QR codes carry")
    https: bool = Field(
        default=False, description="pages are served over https: cookies get the __Host- prefix, HSTS is sent"
    )
    trusted_proxies: int = Field(0, ge=0, description="how many proxies in front set X-Forwarded-For and -Proto")
    scrypt_log2_n: int = Field(MINIMUM_PRODUCTION_LOG2_N, ge=10, le=20, description="cost of trying a code")
    scrypt_parallel: int = Field(4, ge=1, description="how many codes are tried at once; more get a polite 503")
    session_idle_minutes: int = Field(60, ge=5, description="a staff login ends after so long without a page")
    session_absolute_hours: int = Field(10, ge=1, description="a staff login ends after so long in any case")
    smtp_host: str = Field("", description="mail server; empty = messages are written as files")
    smtp_port: int = Field(25, description="port of the mail server")
    smtp_starttls: bool = Field(default=False, description="use STARTTLS with the mail server")
    smtp_user: str = Field("", description="user at the mail server; its password is the secret smtp_password")
    login_service_file: Path | None = Field(
        None, description="TOML file about the city's login service (OpenID Connect); empty = passwords only"
    )
    mail_from: str = Field("enkat@localhost", description="sender of messages to staff")
    mail_to_clients_from: str = Field("", description="sender of e-mail to those asked; empty = as mail to staff")
    bounce_dir: Path | None = Field(
        None, description="folder or Maildir in which mail to clients that came back lies; empty = not read"
    )
    sms_url: str = Field("", description="https address of the SMS gateway; empty = no SMS (files in demo and test)")
    sms_sender: str = Field("", max_length=15, description="sender of SMS: at most 11 letters and digits, or a number")
    sms_format: Literal["json", "form"] = Field("json", description="how the gateway wants its fields: json or form")
    sms_fields: dict[str, str] = Field(
        {"to": "to", "text": "message", "sender": "from", "reference": "reference"},
        description="the gateway's names of our fields to, text, sender and reference; one left out is not sent",
    )
    sms_extra: dict[str, str] = Field({}, description="further fields that every SMS carries, as the gateway has them")
    sms_authorization: str = Field(
        "Bearer {token}", description="the Authorization header; {token} is the secret sms_token"
    )
    sms_receipt: str = Field("id", description="where the answer has the receipt, as a dotted path: messages.0.id")
    sms_echo: str = Field("", description="where the answer repeats our reference, as a dotted path; empty = nowhere")
    sms_accepted: dict[str, str] = Field(
        {}, description="what the answer must say for an SMS to count as taken: dotted path → text"
    )
    sms_timeout_seconds: int = Field(20, ge=1, le=60, description="how long the gateway may take to answer")
    contact_email: str = Field("", description="where reports from the fault form are sent")
    concern_routine: str = Field(
        "Är någon i fara: ring 112. Annars: berätta för personen att du för oron vidare, skriv kort nedan och fråga "
        "din arbetsledare samma dag.",
        description="what whoever asks or keys does when an answer worries; shown with the form for it",
    )
    letter_days: int = Field(14, ge=1, description="letter files are erased after so many days")
    upload_megabytes: int = Field(20, ge=1, description="largest file that may be uploaded")
    tick_in_serve: bool = Field(default=True, description="`enkat serve` runs waiting jobs in a thread of its own")

    @property
    def resolved_database_url(self) -> str:
        """The database's address."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'enkat.sqlite').resolve()}"

    @property
    def resolved_secrets_dir(self) -> Path:
        """The folder of secret files."""
        return self.secrets_dir or self.data_dir / "secrets"

    @property
    def letters_dir(self) -> Path:
        """The folder of letter files, outside the database and its backups."""
        return self.data_dir / "letters"

    @property
    def reports_dir(self) -> Path:
        """The folder of unit reports that wait to be fetched."""
        return self.data_dir / "reports"

    @property
    def backups_dir(self) -> Path:
        """The folder that backups are written to."""
        return self.data_dir / "backups"


class MissingSecretError(RuntimeError):
    """A secret is not there."""


class WeakSecretError(RuntimeError):
    """A secret that must not be used here."""


class Secrets:
    """Secrets by name: `ENKAT_SECRET_<NAME>` (hex) or a file of mode 0600 in the secrets folder.

    Names in use: `session` (cookies and CSRF), `totp` (wraps second factors), `throttle` (hashes addresses),
    `round_<id>` (salts the codes of one round), `smtp_password` and `sms_token` (read by `text`).
    """

    FIXED = ("session", "totp", "throttle")

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.resolved_secrets_dir
        self._environment = settings.environment

    def _path(self, name: str) -> Path:
        return self._folder / name

    def exists(self, name: str) -> bool:
        """Whether the secret is there."""
        return f"ENKAT_SECRET_{name.upper()}" in os.environ or self._path(name).is_file()

    def get(self, name: str) -> bytes:
        """Return the secret's bytes.

        Raises
        ------
        MissingSecretError
            If it is not there.
        WeakSecretError
            If it is a demo secret in production, or shorter than 32 bytes.
        """
        text = os.environ.get(f"ENKAT_SECRET_{name.upper()}")
        if text is None:
            try:
                text = self._path(name).read_text(encoding="ascii").strip()
            except FileNotFoundError:
                raise MissingSecretError(
                    f"Hemligheten {name!r} saknas i {self._folder}. Kör `enkat secrets init`, eller återställ den."
                ) from None
        if text.startswith(DEMO_MARK):
            if self._environment is Environment.PRODUCTION:
                raise WeakSecretError(
                    f"Hemligheten {name!r} är gjord för demo. Ta bort den och kör `enkat secrets init`."
                )
            text = text.removeprefix(DEMO_MARK)
        value = bytes.fromhex(text)
        if len(value) < SECRET_BYTES:
            raise WeakSecretError(f"Hemligheten {name!r} är för kort. Gör en ny med `enkat secrets init`.")
        return value

    def text(self, name: str) -> str:
        """Return a secret that somebody else chose (a mail server's password) as it was written; empty if missing."""
        kept = os.environ.get(f"ENKAT_SECRET_{name.upper()}")
        if kept is not None:
            return kept
        return self._path(name).read_text(encoding="utf-8").strip() if self._path(name).is_file() else ""

    def create(self, name: str) -> bytes:
        """Make the secret as a file that only its owner reads, unless it is there; return its bytes."""
        if not self.exists(name):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            mark = "" if self._environment is Environment.PRODUCTION else DEMO_MARK
            descriptor = os.open(self._path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(mark + secrets.token_hex(SECRET_BYTES))
        return self.get(name)

    def remove(self, name: str) -> None:
        """Remove the secret's file, if it is there."""
        self._path(name).unlink(missing_ok=True)
