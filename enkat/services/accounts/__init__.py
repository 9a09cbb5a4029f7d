"""Accounts of staff: rights, sessions, passwords, second factors."""
