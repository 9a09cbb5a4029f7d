"""What a request may use beside the database session: settings, secrets and the clock of the running app."""

from typing import cast

from flask import current_app
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.services.accounts.login_service import LoginService, read_login_service
from enkat.settings import Secrets, Settings
from enkat.web.extensions import db


def settings() -> Settings:
    """Return the app's settings."""
    return cast("Settings", current_app.extensions["enkat.settings"])


def secrets() -> Secrets:
    """Return the app's secrets."""
    return cast("Secrets", current_app.extensions["enkat.secrets"])


def clock() -> Clock:
    """Return the app's clock."""
    return cast("Clock", current_app.extensions["enkat.clock"])


def login_service() -> LoginService | None:
    """Return the city's own login service; None where people log in by password only."""
    path = settings().login_service_file
    return read_login_service(path) if path is not None else None


def session() -> Session:
    """Return the request's database session."""
    return db.session()
