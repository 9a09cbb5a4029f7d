"""Pages for city staff: register, rounds, letters, count, results, accounts."""

from enkat.web.city import views as views
from enkat.web.city.blueprint import blueprint as blueprint
