"""Letters with codes: ordered, made by a job outside the database, reissued when a printer fails, erased."""
