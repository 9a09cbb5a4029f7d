"""A file of interface texts that is wrong stops no page: the language or the text falls back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from enkat import catalogues
from enkat.catalogues import find, find_counted, formatting_locale, interface_coverage

HEAD = """msgid ""
msgstr ""
"Language: so\\n"
"Plural-Forms: nplurals=2; plural={plural};\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of catalogues; what was read before is forgotten."""
    monkeypatch.setenv("ENKAT_TRANSLATIONS_DIR", str(tmp_path))
    _forget()
    yield tmp_path
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    for cached in (
        catalogues.interface_languages,
        catalogues._messages,
        catalogues._rule,
        catalogues.interface_coverage,
    ):
        cached.cache_clear()


def write(folder: Path, texts: str, plural: str = "(n != 1)", lang: str = "so") -> None:
    file = folder / lang / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    file.write_text(HEAD.replace("{plural}", plural) + texts, encoding="utf-8")


def test_a_text_is_found_or_falls_back_along_the_table(folder: Path) -> None:
    write(folder, 'msgid "Nästa"\nmsgstr "Seuraava"\n', lang="fi")
    write(folder, 'msgid "Tillbaka"\nmsgstr "Takashiin"\n', lang="fit")
    assert find("Tillbaka", "fit") == ("Takashiin", "fit")
    assert find("Nästa", "fit") == ("Seuraava", "fi")
    assert find("Hjälp", "fit") == ("Hjälp", "sv")
    assert interface_coverage("fit") == (2, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        "Wac %(fone)s.",
        "Wac %(phone).",
        "Wac %s.",
        "Wac 100 % %(phone)s.",
        "Wac {phone} %(phone)s.",
    ],
)
def test_a_slip_in_a_gap_is_told_and_the_text_falls_back(
    folder: Path, caplog: pytest.LogCaptureFixture, wrong: str
) -> None:
    write(folder, f'msgid "Ring %(phone)s."\nmsgstr "{wrong}"\n\nmsgid "Nästa"\nmsgstr "Xiga"\n')
    assert find("Ring %(phone)s.", "so") == ("Ring %(phone)s.", "sv")
    assert find("Nästa", "so") == ("Xiga", "so")
    assert "a gap in 'Ring %(phone)s.' is not the source's" in caplog.text


@pytest.mark.parametrize("content", [b'msgid "N\xe4sta"\nmsgstr "Xiga"\n', b'msgid "a\nmsgstr \xff\xfe'])
def test_a_file_that_cannot_be_read_is_told_and_the_language_falls_back(
    folder: Path, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    write(folder, "")
    (folder / "so" / "LC_MESSAGES" / "messages.po").write_bytes(content)
    assert find("Nästa", "so") == ("Nästa", "sv")
    assert find("Nästa", "sv") == ("Nästa", "sv")


def test_a_plural_rule_that_is_no_rule_is_told(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    write(folder, 'msgid "Nästa"\nmsgstr "Xiga"\n', plural="__import__")
    assert find_counted("%(num)s dag", "%(num)s dagar", 2, "so") == ("%(num)s dagar", "sv")


def test_dates_are_those_of_the_language_or_its_fallback() -> None:
    assert [formatting_locale(lang) for lang in ("sv", "en", "fi", "fit", "rom", "ar")] == [
        "sv",
        "en_GB",
        "fi",
        "fi",
        "sv",
        "ar",
    ]
