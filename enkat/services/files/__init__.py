"""Files that people hand in, read as rows of text: type by content, encoding and separator detected, limits kept."""
