"""Views of city staff, one module per noun; each is imported here so that its routes exist."""
