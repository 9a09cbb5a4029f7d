"""Pages of those who ask by telephone or at home: call lists and the interview. They show no answer that was given."""

from enkat.web.interviewer import views as views
from enkat.web.interviewer.blueprint import blueprint as blueprint
