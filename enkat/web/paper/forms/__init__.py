"""Forms of openers and keyers."""
