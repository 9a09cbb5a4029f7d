"""Pages that are the same for everybody who gets them are made once; only the token against forged forms is each one's.

Nothing that somebody has written may stand in such a page or in its key.
"""

from collections.abc import Callable, Hashable

from flask import current_app, request

from enkat.web.respondent import layout
from enkat.web.shared import csrf

_MOST_PAGES = 2048
PAGES = "enkat.ready_pages"


def ready_page(key: tuple[Hashable, ...], make: Callable[[], str]) -> str:
    """Return a page of this address, made by `make` the first time in this process.

    Parameters
    ----------
    key
        All that the page depends on beside its address, the round, the language and the face.
    """
    pages: dict[tuple[Hashable, ...], str] = current_app.extensions.setdefault(PAGES, {})
    whole = (request.script_root, request.path, layout.frame(), *key)
    page = pages.get(whole)
    if page is None:
        with csrf.token_left_open():
            page = make()
        if len(pages) >= _MOST_PAGES:
            pages.clear()
        pages[whole] = page
    return page.replace(csrf.OPEN_TOKEN, csrf.token())
