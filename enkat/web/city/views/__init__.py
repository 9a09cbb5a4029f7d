"""Views of city staff, one module per noun; each is imported here so that its routes exist."""

from enkat.web.city.views import login as login
from enkat.web.city.views import results as results
from enkat.web.city.views import results_files as results_files
from enkat.web.city.views import start as start
