"""The ballot box as functions: codes, derived keys, padding, sealing, key shares and kept classes.

PURE: imports the crypto libraries and instruments; neither Flask nor SQLAlchemy. Nothing here stores anything.
"""
