"""The prose of a page: its sentences as a reader meets them, for tests of how hard they are to read."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

_LEAF_OF = {"p", "li", "h1", "h2", "dt", "dd", "label", "legend"}


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def blocks(html: str) -> Iterator[str]:
    """Yield the text of every innermost block of the page, menus and links in lists included."""
    root = html5lib.HTMLParser(namespaceHTMLElements=False).parse(html)
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag not in _LEAF_OF:
            continue
        if any(inner.tag in _LEAF_OF for inner in element.iter() if inner is not element):
            continue
        text = _text(element)
        if text:
            yield text
