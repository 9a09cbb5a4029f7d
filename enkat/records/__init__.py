"""What is kept: typed SQLAlchemy models and named queries, one aggregate per file, and `writing(session)`.

Imports SQLAlchemy and the pure packages; never Flask, services or web.
"""
