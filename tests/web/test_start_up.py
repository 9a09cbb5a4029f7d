"""Starting: production refuses secrets that anybody could know, and says which."""

import pytest

from enkat.settings import Environment, MissingSecretError, Secrets, Settings, WeakSecretError
from enkat.web.app import create_app

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("name", Secrets.FIXED)
def test_production_refuses_a_secret_of_the_demo(app_settings: Settings, name: str) -> None:
    production = app_settings.model_copy(update={"environment": Environment.PRODUCTION})
    folder = production.resolved_secrets_dir
    for other in Secrets.FIXED:
        (folder / other).unlink()
        if other != name:
            Secrets(production).create(other)
    Secrets(app_settings).create(name)
    with pytest.raises(WeakSecretError, match=name):
        create_app(production)


@pytest.mark.parametrize("name", Secrets.FIXED)
def test_nothing_starts_without_its_secrets(app_settings: Settings, name: str) -> None:
    (app_settings.resolved_secrets_dir / name).unlink()
    with pytest.raises(MissingSecretError, match=name):
        create_app(app_settings)


def test_a_short_secret_is_refused(app_settings: Settings) -> None:
    (app_settings.resolved_secrets_dir / "session").write_text("abcd", encoding="ascii")
    with pytest.raises(WeakSecretError, match="kort"):
        create_app(app_settings)
