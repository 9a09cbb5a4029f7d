"""Views of openers and keyers, one module per task; each is imported here so that its routes exist."""

from enkat.web.paper.views import batches as batches
from enkat.web.paper.views import keying as keying
from enkat.web.paper.views import opening as opening
