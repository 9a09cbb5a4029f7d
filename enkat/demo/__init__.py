"""The simulated city, made through the real services."""
