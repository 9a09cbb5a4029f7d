"""Views of those who ask, one module per step; each is imported here so that its routes exist."""

from enkat.web.interviewer.views import calls as calls
from enkat.web.interviewer.views import concerns as concerns
from enkat.web.interviewer.views import interview as interview
from enkat.web.interviewer.views import wiping as wiping
