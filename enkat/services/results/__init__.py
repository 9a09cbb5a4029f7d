"""Results of counted rounds: figures for units, districts and the city, what may be shown to whom, and exports.

Imports records, statistics and documents. The only rooms that read the answer tables are here and where they are
written (`services/ballots`).
"""
