"""Forms of those who ask."""
