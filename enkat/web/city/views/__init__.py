"""Views of city staff, one module per noun; each is imported here so that its routes exist."""

from enkat.web.city.views import login as login
from enkat.web.city.views import start as start
