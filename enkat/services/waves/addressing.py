"""Which way a wave takes to a person: the own wish, where there is an address for it and a code to send."""

import re

from enkat.records.clients import ContactChannel
from enkat.records.invitations import CodeKind
from enkat.records.waves import WaveChannel, WaveKind
from enkat.settings import Environment, Settings

CODE_KINDS = {WaveKind.INVITATION: CodeKind.LETTER, WaveKind.REMINDER: CodeKind.REMINDER}
"""As what the codes of a wave are kept."""
COUNTRY = "+46"
_MOBILE = re.compile(r"\+467[02369]\d{7}")
_FOREIGN = re.compile(r"\+(?!46)[1-9]\d{7,14}")
_EMAIL = re.compile(r"[!-~]+@[!-~]+\.[!-~]+")


def mobile_number(phone: str | None) -> str | None:
    """Return a Swedish mobile or a foreign number as +46701234567; None for others: a fixed line reads no SMS."""
    digits = re.sub(r"[^\d+]", "", phone or "")
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif digits.startswith("0"):
        digits = COUNTRY + digits[1:]
    if digits.startswith(COUNTRY + "0"):  # written +46 (0)70
        digits = COUNTRY + digits[len(COUNTRY) + 1 :]
    return digits if _MOBILE.fullmatch(digits) or _FOREIGN.fullmatch(digits) else None


def email_address(email: str | None) -> str | None:
    """Return an e-mail address that mail servers take; None without one."""
    return email if email and _EMAIL.fullmatch(email) else None


def address_for(channel: ContactChannel, phone: str | None, email: str | None) -> str | None:
    """Return where a message of a channel goes; None where the person has no such address."""
    return mobile_number(phone) if channel is ContactChannel.SMS else email_address(email)


def way_to(
    wave: WaveChannel,
    wish: ContactChannel,
    phone: str | None,
    email: str | None,
    *,
    may_message: bool,
) -> ContactChannel | None:
    """Return how a wave reaches a person, or None where it does not.

    Parameters
    ----------
    may_message
        Whether e-mail and SMS can say what this wave has to say; if not, only letters can.
    """
    reached = ContactChannel.LETTER
    if may_message and wish is not ContactChannel.LETTER and address_for(wish, phone, email):
        reached = wish
    if wave is WaveChannel.WISH:
        return reached
    if wave is WaveChannel.LETTER:
        return ContactChannel.LETTER
    return reached if reached.value == wave.value else None


def may_message(kind: WaveKind, *, codes_in_messages: bool) -> bool:
    """Whether e-mail and SMS make sense: an invitation without a code would lead nowhere."""
    return codes_in_messages or kind is WaveKind.REMINDER


def missing_channel(settings: Settings, channel: ContactChannel) -> str | None:
    """Return what to do before messages of a channel can leave the house; None where they can."""
    if settings.environment is not Environment.PRODUCTION:
        return None
    if channel is ContactChannel.EMAIL and not settings.smtp_host:
        return "Ingen mejlserver är inställd (ENKAT_SMTP_HOST). Be den som sköter driften."
    if channel is ContactChannel.SMS and not settings.sms_url:
        return "Ingen sms-tjänst är inställd (ENKAT_SMS_URL). Be den som sköter driften."
    return None
