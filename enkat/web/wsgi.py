"""Entry for servers that import an app: `gunicorn enkat.web.wsgi:app`."""

from enkat.web.app import create_app

app = create_app()
