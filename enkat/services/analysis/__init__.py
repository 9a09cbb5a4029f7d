"""`enkat analyse`: the statistics of the house on any file, told by a specification; no database and no settings."""
