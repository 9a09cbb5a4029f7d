"""Design, tallies, estimates, intervals, weights, comparisons and disclosure control.

PURE: imports NumPy, SciPy (`scipy.special`, never `scipy.stats`) and instruments; neither Flask nor SQLAlchemy.
"""
