"""Senders: how a message leaves the house (SMTP, file). Knows no records and no Flask."""
