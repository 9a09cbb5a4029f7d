"""Pages for those who give the care: their units, results and people. Never who has answered.

May import services and web.shared; no other audience.
"""

from enkat.web.provider import views as views
from enkat.web.provider.blueprint import blueprint as blueprint
