"""Views of city staff, one module per noun; each is imported here so that its routes exist."""

from enkat.web.city.views import counting as counting
from enkat.web.city.views import free_texts as free_texts
from enkat.web.city.views import imports as imports
from enkat.web.city.views import login as login
from enkat.web.city.views import register as register
from enkat.web.city.views import results as results
from enkat.web.city.views import results_files as results_files
from enkat.web.city.views import start as start
from enkat.web.city.views import units as units
