"""What is due for whoever is logged in."""
