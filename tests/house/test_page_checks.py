"""The page checker finds each fault, and lets a sound page through."""

import pytest

from tests.page_checks import faults

SOUND = (
    '<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Sida</title></head><body><main><h1>Sida</h1>'
    '<form method="post"><input type="hidden" name="csrf_token" value="x"><label for="a">Namn</label>'
    '<input id="a" name="a"><button>Skicka</button></form></main></body></html>'
)


def test_a_sound_page_has_no_faults() -> None:
    assert faults(SOUND) == []


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        (' lang="sv"', "", "no lang"),
        ("<title>Sida</title>", "<title></title>", "title"),
        ("<h1>Sida</h1>", "", "h1"),
        ("<h1>Sida</h1>", "<h1>A</h1><h1>B</h1>", "h1"),
        ("<main>", "<div>", ""),
        ('<label for="a">Namn</label>', "", "has no label"),
        ('for="a"', 'for="b"', "points at nothing"),
        ("<button>Skicka</button>", '<button id="a">Skicka</button>', "stands 2 times"),
        ("<button>Skicka</button>", "<button></button>", "no text"),
        ("</main>", "<script>alert(1)</script></main>", "script"),
        ("<h1>", '<h1 style="color:red">', "style"),
        ("<button>", '<button onclick="x()">', "onclick"),
        ('<input type="hidden" name="csrf_token" value="x">', "", "CSRF"),
        ("</main>", '<img src="a.png"></main>', "no alt"),
        ("</h1>", "", ""),
    ],
)
def test_each_fault_is_found(good: str, bad: str, said: str) -> None:
    found = faults(SOUND.replace(good, bad))
    assert any(said in fault for fault in found)
