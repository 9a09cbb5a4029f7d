"""Comparisons that do not cry wolf: unit against rest, group against group, round against round.

Never with finite population correction: people read a comparison as one of ways of working, not of last spring's
clients. A word needs three things: an interval without 0, a p-value that stands after correction for everything that
was compared, and a difference large enough to matter.
"""
