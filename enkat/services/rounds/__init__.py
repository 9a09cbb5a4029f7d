"""Rounds of the survey: planned, drawn from the register, opened, corrected while open, closed."""
