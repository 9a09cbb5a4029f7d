"""Asking by telephone and at home: bookings, call lists, the interview itself, and what interviewers have done.

The interview goes through the same codes, drafts and box as every answer. Whoever asks sees no earlier answers.
"""
