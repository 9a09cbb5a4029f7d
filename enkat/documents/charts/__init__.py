"""Charts as SVG from plain values: one file per kind, and `drawing` for what they share.

They carry presentation attributes only (a strict content policy forbids styles) and are the same in pages and in PDF.
Whoever places a chart puts the same numbers in a table beside it. What may not be shown stands as words, never as 0.
"""
