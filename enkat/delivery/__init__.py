"""Senders of messages: an interface, and one way each. Knows no records.

May import settings, paths, clock and languages.
"""
