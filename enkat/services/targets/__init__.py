"""Targets on core questions and on the response rate: set per year, judged against what was counted.

Services: may import records, the pure packages and other services; never web.
"""
