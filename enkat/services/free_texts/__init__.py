"""Free texts after the count: seen by a named reader first, masked, and only then by anybody else."""
