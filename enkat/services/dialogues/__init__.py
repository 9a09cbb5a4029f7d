"""Records of dialogue: kept without names, changed with history, removed with confirmation, taken out as a file."""
