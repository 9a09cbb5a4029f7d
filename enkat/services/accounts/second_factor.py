"""The second factor: time-based one-time codes, and printed recovery codes that work once."""

import base64
import hashlib
import hmac
import re
import secrets as tokens

import pyotp
import segno
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.accounts import Account, RecoveryCode
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import Fault
from enkat.settings import Secrets

STEP_SECONDS = 30
ALLOWED_STEPS = (-1, 0, 1)
RECOVERY_CODES = 10
_RECOVERY_BYTES = 15
_NONCE_BYTES = 12


def _associated(account_id: int) -> bytes:
    return f"totp:{account_id}".encode()


def _wrap(secrets: Secrets, account_id: int, secret: str) -> bytes:
    nonce = tokens.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(secrets.get("totp")).encrypt(nonce, secret.encode(), _associated(account_id))


def _unwrap(secrets: Secrets, account: Account) -> str:
    wrapped = account.totp_wrapped
    if wrapped is None:
        raise Fault("Kontot har ingen app för engångskoder. Koppla en app först.")
    try:
        plain = AESGCM(secrets.get("totp")).decrypt(
            wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], _associated(account.id)
        )
    except InvalidTag:
        raise Fault(
            "Kopplingen till din app går inte att läsa. Använd en reservkod, eller be en administratör om hjälp."
        ) from None
    return plain.decode()


def begin_setup(session: Session, secrets: Secrets, account: Account) -> str:
    """Return the account's unconfirmed secret (base32), making it at the first call."""
    if account.totp_confirmed:
        raise Fault("Kontot har redan en app för engångskoder.")
    if account.totp_wrapped is None:
        with writing(session):
            account.totp_wrapped = _wrap(secrets, account.id, pyotp.random_base32())
    return _unwrap(secrets, account)


def address_for_app(secret: str, account: Account, issuer: str) -> str:
    """Return the `otpauth:` address that an app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=issuer)


def as_picture(address: str) -> str:
    """Return the address as a QR picture, in a form that an `img` element takes."""
    picture: str = segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="#fff")
    return picture


def _right_step(secret: str, typed: str, moment: float) -> int | None:
    """Return the time step whose code was typed, or None."""
    digits = re.sub(r"\D", "", typed)
    totp = pyotp.TOTP(secret)
    now = int(moment) // STEP_SECONDS
    for offset in ALLOWED_STEPS:
        if hmac.compare_digest(totp.generate_otp(now + offset), digits):
            return now + offset
    return None


def check_code(session: Session, clock: Clock, secrets: Secrets, account: Account, typed: str) -> bool:
    """Whether the typed code is right now and was not used before; a right one is used up."""
    step = _right_step(_unwrap(secrets, account), typed, clock().timestamp())
    if step is None:
        return False
    unused = or_(Account.totp_last_step.is_(None), Account.totp_last_step < step)
    with writing(session):
        done = session.execute(update(Account).where(Account.id == account.id, unused).values(totp_last_step=step))
    return isinstance(done, CursorResult) and done.rowcount == 1


def confirm(session: Session, clock: Clock, secrets: Secrets, account: Account, typed: str) -> list[str]:
    """Confirm the app by its first code and return the recovery codes, to be shown once.

    Raises
    ------
    Fault
        If the code is wrong.
    """
    if not check_code(session, clock, secrets, account, typed):
        raise Fault(
            "Koden stämmer inte. Vänta tills appen visar en ny kod och skriv den. Kontrollera också telefonens klocka.",
            "code",
        )
    with writing(session):
        account.totp_confirmed = True
        codes = _renew(session, account)
        record(session, clock, account_id=account.id, action="second_factor.added", subject=f"account:{account.id}")
    return codes


def _digest(typed: str) -> bytes:
    letters = re.sub(r"[^A-Z2-7]", "", typed.upper())
    return hashlib.sha256(letters.encode()).digest()


def _renew(session: Session, account: Account) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = []
    for _ in range(RECOVERY_CODES):
        letters = base64.b32encode(tokens.token_bytes(_RECOVERY_BYTES)).decode()
        codes.append("-".join(letters[at : at + 4] for at in range(0, len(letters), 4)))
    session.add_all(RecoveryCode(digest=_digest(code), account_id=account.id) for code in codes)
    return codes


def renew_recovery_codes(session: Session, clock: Clock, account: Account) -> list[str]:
    """Replace the account's recovery codes and return the new ones, to be shown once."""
    with writing(session):
        codes = _renew(session, account)
        record(session, clock, account_id=account.id, action="recovery_codes.renewed", subject=f"account:{account.id}")
    return codes


def use_recovery_code(session: Session, account: Account, typed: str) -> bool:
    """Whether the typed recovery code belongs to the account; a right one is used up."""
    mine = (RecoveryCode.digest == _digest(typed)) & (RecoveryCode.account_id == account.id)
    with writing(session):
        done = session.execute(delete(RecoveryCode).where(mine))
    return isinstance(done, CursorResult) and done.rowcount == 1


def recovery_codes_left(session: Session, account_id: int) -> int:
    """Return how many recovery codes an account has left."""
    query = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.account_id == account_id)
    return session.scalar(query) or 0
