"""Pages for those who answer: code, questions, review, thanks, information. Reaches no statistics and no accounts."""

from enkat.web.respondent import views as views
from enkat.web.respondent.blueprint import blueprint as blueprint
