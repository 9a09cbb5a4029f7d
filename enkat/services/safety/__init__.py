"""Safety of the data: backup, restore, and the doctor that looks whether all is well."""
