"""Our app as gunicorn serves it, with the settings of the environment."""

from enkat.web.app import create_app

app = create_app()
