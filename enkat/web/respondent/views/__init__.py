"""Views of respondents, one module per step."""
