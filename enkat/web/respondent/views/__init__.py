"""Views of respondents, one module per step; each is imported here so that its routes exist."""

from enkat.web.respondent.views import code as code
from enkat.web.respondent.views import complaints as complaints
from enkat.web.respondent.views import fault_form as fault_form
from enkat.web.respondent.views import information as information
from enkat.web.respondent.views import media as media
from enkat.web.respondent.views import question as question
from enkat.web.respondent.views import received as received
from enkat.web.respondent.views import reminders as reminders
from enkat.web.respondent.views import review as review
from enkat.web.respondent.views import start as start
from enkat.web.respondent.views import switch as switch
from enkat.web.respondent.views import who as who
