"""The tiny Markdown that staff may write: paragraphs, lists, bold and italics. Anything else stays text."""

from markdown_it import MarkdownIt
from markupsafe import Markup

_WRITER = MarkdownIt("zero", {"html": False, "linkify": False, "breaks": True}).enable(
    ["list", "emphasis", "newline", "escape"]
)


def markdown(text: str) -> Markup:
    """Return a text as HTML; the writer escapes everything that it does not know."""
    return Markup(_WRITER.render(text))  # noqa: S704 - HTML is off, so nothing of the text's own comes through
