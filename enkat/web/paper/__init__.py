"""Pages for questionnaires that come back on paper: the opening desk and the keying. Never a name, never the register.

May import services and web.shared; no other audience.
"""

from enkat.web.paper import views as views
from enkat.web.paper.blueprint import blueprint as blueprint
