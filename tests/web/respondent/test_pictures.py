"""Pictures on wish, and the files that a city puts beside a question: fetched only when somebody asks for them."""

import gzip
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from enkat import paths
from enkat.instruments.loading import load_catalogue
from enkat.instruments.vocabulary import PICTURES, ServiceType
from enkat.settings import Secrets, Settings
from enkat.web.shared import assets
from tests.clocks import FixedClock
from tests.factories.respondents import to_first_question
from tests.factories.rounds import SmallRound, small_round
from tests.factories.walking import Walker

pytestmark = pytest.mark.one_database
GZIP = {"Accept-Encoding": "gzip"}
MEDIA = """[question.media]
picture = "bemotande.svg"
sound = { sv = "bemotande.mp3" }
film = { sv = "bemotande.mp4" }
[question.easy]
sv = "Hur är personalen mot dig?\""""


def test_the_set_holds_what_scales_and_services_name() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (assets.FOLDER / "pictures.svg").read_text(encoding="utf-8")))
    services = {service.value for service in ServiceType}
    assert drawn - services == PICTURES
    scales = load_catalogue(paths.surveys()).scales.values()
    assert all(option.picture in PICTURES for scale in scales for option in scale.options)


def test_pictures_are_chosen_on_any_page_and_remembered(app: Flask, opened: SmallRound) -> None:
    walker = to_first_question(Walker(app.test_client()), opened)
    assert 'class="picture"' not in walker.response.text
    chosen = dict(list(walker.choices().items())[:1])
    walker.press("Med bilder", {"answer": next(iter(chosen.values()))})
    assert walker.response.text.count("#face-") == 5
    assert "checked" in walker.response.text
    walker.press("Nästa")
    assert walker.response.text.count("#amount-") == 5
    walker.press("Utan bilder")
    assert 'class="picture"' not in walker.response.text


def test_a_page_with_pictures_is_light(app: Flask, opened: SmallRound) -> None:
    client = FlaskClient(app, app.response_class)
    client.set_cookie("enkat_pictures", "with")
    client.post(f"/o/{opened.short_name}", data={"code": opened.codes[0], "csrf_token": _token(client, opened)})
    page = client.get(f"/o/{opened.short_name}/fraga/feels_safe", headers=GZIP)
    html = gzip.decompress(page.data).decode()
    addresses = {address.partition("#")[0] for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', html)}
    assert len(addresses) == 3
    parts = [client.get(address, headers=GZIP) for address in addresses]
    assert len(page.data) < 6 * 1024
    assert len(page.data) + sum(len(part.data) for part in parts) < 14 * 1024


def _token(client: FlaskClient, opened: SmallRound) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(f"/o/{opened.short_name}").text)
    assert found is not None
    return found[1]


@pytest.fixture
def with_media(
    session: Session, clock: FixedClock, app_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SmallRound]:
    """A round whose first question has a picture, a sound and a film in Swedish."""
    surveys = tmp_path / "surveys"
    shutil.copytree(paths.surveys(), surveys)
    questions = surveys / "core" / "questions.toml"
    text = questions.read_text(encoding="utf-8")
    questions.write_text(text.replace('[question.easy]\nsv = "Hur är personalen mot dig?"', MEDIA, 1), encoding="utf-8")
    for name in ("bemotande.svg", "bemotande.mp3", "bemotande.mp4"):
        (surveys / "core" / name).write_bytes(b"0123456789")
    monkeypatch.setenv("ENKAT_SURVEYS_DIR", str(surveys))
    monkeypatch.setattr("tests.factories.rounds.catalogue", lambda: load_catalogue(surveys))
    promised = ["sv", "en"]
    yield small_round(session, clock, app_settings, Secrets(app_settings), languages=promised)
    session.rollback()


def test_sound_and_film_cost_nothing_until_they_are_asked_for(app: Flask, with_media: SmallRound) -> None:
    walker = to_first_question(Walker(app.test_client()), with_media)
    html = walker.response.text
    address = f"/o/{with_media.short_name}/fil/staff_treatment"
    assert f'<audio controls preload="none" src="{address}/sound"' in html
    assert f'<video controls preload="none" src="{address}/film"' in html
    assert f'<a href="{address}/sound">Lyssna på frågan</a>' in html
    assert f"{address}/picture" not in html
    sound = walker.client.get(f"{address}/sound", headers={"Range": "bytes=2-4"}, buffered=True)
    assert (sound.status_code, sound.data, sound.mimetype) == (206, b"234", "audio/mpeg")
    assert "media-src 'self'" in sound.headers["Content-Security-Policy"]
    walker.press("Med bilder")
    assert f'<img src="{address}/picture" alt="">' in walker.response.text
    picture = walker.client.get(f"{address}/picture", buffered=True)
    assert (picture.mimetype, picture.data) == ("image/svg+xml", b"0123456789")


def test_a_file_of_another_language_is_not_offered(app: Flask, with_media: SmallRound) -> None:
    walker = to_first_question(Walker(app.test_client()), with_media).press("English")
    assert "<audio" not in walker.response.text
    address = f"/o/{with_media.short_name}/fil/staff_treatment"
    assert walker.client.get(f"{address}/sound").status_code == 404
    assert walker.client.get(f"{address}/x").status_code == 404


def test_a_stranger_gets_no_file(app: Flask, with_media: SmallRound) -> None:
    found = app.test_client().get(f"/o/{with_media.short_name}/fil/staff_treatment/sound")
    assert (found.status_code, found.location) == (303, f"/o/{with_media.short_name}?kvar=1")
