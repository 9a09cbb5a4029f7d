"""The frame of a respondent's page: language, face, the round's name, the phone that helps."""

from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from flask import g, render_template, request, url_for
from markupsafe import Markup

from enkat.catalogues import interface_languages
from enkat.languages import LANGUAGES, SOURCE_LANGUAGE, Language
from enkat.web import context
from enkat.web.respondent import preferences
from enkat.web.respondent.facts import RoundFacts
from enkat.web.shared import answer_cookie, languages
from enkat.web.shared.languages import gettext as _


@dataclass(frozen=True)
class Frame:
    """What the layout shows around a page."""

    language: Language
    easy: bool
    pictures: bool
    city_name: str
    round: RoundFacts | None

    @property
    def other_languages(self) -> list[Language]:
        """The languages that the page can be changed to, each to be named in its own words."""
        offered = self.round.languages if self.round else interface_languages()
        return [one for code, one in LANGUAGES.items() if code in offered and one != self.language]

    @property
    def switches(self) -> list[tuple[str, str, str]]:
        """The buttons that change how questions are shown: field, value and text."""
        found: list[tuple[str, str, str]] = []
        if self.round is None or "easy" in self.round.faces:
            found.append(
                (preferences.FACE_CHOICE, "plain", _("Vanlig text"))
                if self.easy
                else (preferences.FACE_CHOICE, "easy", _("Lättläst"))
            )
        found.append(
            (preferences.PICTURES_CHOICE, preferences.WITHOUT, _("Utan bilder"))
            if self.pictures
            else (preferences.PICTURES_CHOICE, preferences.WITH, _("Med bilder"))
        )
        return found

    @property
    def phone_round(self) -> RoundFacts | None:
        """The round whose phone helps: the page's own, or the only open one."""
        return self.round or g.get("help_round")

    @property
    def back_to_questions(self) -> str | None:
        """The address where answering goes on, for pages beside the questions; None without a code."""
        held = answer_cookie.read()
        if self.round is None or held is None or held.round_id != self.round.id:
            return None
        return url_for("respondent.about", short_name=self.round.short_name)

    def link(self, endpoint: str) -> str:
        """Return the address of an information page, within the round where there is one."""
        return url_for(f"respondent.{endpoint}", short_name=self.round.short_name if self.round else None)

    def asset(self, filename: str) -> str:
        """Return the address of a static file."""
        return url_for("static", filename=filename)

    def picture(self, name: str | None) -> str:
        """Return the address of a picture of the house's set; empty where none is wanted or there is none."""
        return f"{self.asset('pictures.svg')}#{name}" if self.pictures and name else ""

    def part(self, name: str, switch_form: str = "") -> Markup:
        """Return a part of the layout that many pages share."""
        return _part(name, request.script_root, self, self.phone_round, switch_form)


@lru_cache(maxsize=512)
def _part(name: str, _script_root: str, page: Frame, helper: RoundFacts | None, switch_form: str) -> Markup:
    template = f"shared/respondent_{name}.html"
    return Markup(render_template(template, page=page, helper=helper, switch_form=switch_form))  # noqa: S704 - escaped


def frame() -> Frame:
    """Return the frame of the page that is being made."""
    if "respondent_frame" not in g:
        g.respondent_frame = Frame(
            languages.page_language(),
            preferences.face() == "easy",
            preferences.pictures(),
            context.settings().city_name,
            g.get("round_facts"),
        )
    return cast("Frame", g.respondent_frame)


def here() -> str:
    """Return the path of this page, to come back to after a change of language."""
    return request.path


def unbroken(number: str) -> Markup:
    """Return a telephone number that stays on one line and reads from left to right, its hyphen included."""
    return Markup('<bdi class="whole" dir="ltr">{}</bdi>').format(number)


def in_swedish(text: str) -> Markup | str:
    """Return what the city has written, marked as Swedish on pages in other languages."""
    return text if languages.selected_language() == SOURCE_LANGUAGE else languages.in_language(text, SOURCE_LANGUAGE)
