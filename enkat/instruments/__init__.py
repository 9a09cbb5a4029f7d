"""What is asked, as data: questions, scales, instruments, their routing, checks and comparability between rounds.

PURE: imports the standard library and pydantic only; neither Flask nor SQLAlchemy, neither records nor settings.
"""
