"""Use cases, one verb per file under its noun: `<noun>/<verb>.py`. Functions that take session and clock.

Imports records, documents, delivery and the pure packages; never Flask or WTForms.
"""
