"""Views of providers, one module per noun; each is imported here so that its routes exist."""

from enkat.web.provider.views import people as people
from enkat.web.provider.views import results as results
from enkat.web.provider.views import start as start
