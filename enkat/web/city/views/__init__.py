"""Views of city staff, one module per noun; each is imported here so that its routes exist."""

from enkat.web.city.views import accounts as accounts
from enkat.web.city.views import audit as audit
from enkat.web.city.views import counting as counting
from enkat.web.city.views import external_series as external_series
from enkat.web.city.views import extract as extract
from enkat.web.city.views import free_texts as free_texts
from enkat.web.city.views import imports as imports
from enkat.web.city.views import instruments as instruments
from enkat.web.city.views import jobs as jobs
from enkat.web.city.views import letters as letters
from enkat.web.city.views import login as login
from enkat.web.city.views import own_account as own_account
from enkat.web.city.views import register as register
from enkat.web.city.views import results as results
from enkat.web.city.views import results_files as results_files
from enkat.web.city.views import results_reports as results_reports
from enkat.web.city.views import retention as retention
from enkat.web.city.views import round_field_work as round_field_work
from enkat.web.city.views import round_plan as round_plan
from enkat.web.city.views import round_what_if as round_what_if
from enkat.web.city.views import rounds as rounds
from enkat.web.city.views import settings as settings
from enkat.web.city.views import start as start
from enkat.web.city.views import targets as targets
from enkat.web.city.views import units as units
