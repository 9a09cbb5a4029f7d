"""A respondent's whole journey in the full app loads no statistics: a worker that serves them stays small."""

import json
import subprocess
import sys

from sqlalchemy.orm import Session

from enkat.records.rounds import SurveyRound
from enkat.settings import Settings
from tests.clocks import FixedClock
from tests.factories.ballots import SECRET, add_round
from tests.house.sources import ROOT

HEAVY = ("scipy.special", "scipy.stats", "pandas")

JOURNEY = """
import json, os, re, sys
from datetime import datetime
from enkat.settings import Settings
from enkat.web.app import create_app

short_name, code, moment = sys.argv[1:]
client = create_app(Settings(), lambda: datetime.fromisoformat(moment)).test_client()
field = re.compile(r'<input type="hidden" name="(\\w+)" value="([^"]*)"')

def post(path, **fields):
    page = client.get(path)
    found = dict(field.findall(page.text.partition("<main")[2]))
    return client.post(path, data={**found, **fields}, follow_redirects=True)

start = f"/o/{short_name}"
post(start, code=code)
post(f"{start}/vem", who="self")
post(f"{start}/fraga/feels_safe", answer="5")
sent = post(f"{start}/granska")
print(json.dumps([sent.request.path, sorted(sys.modules)]))
"""


def test_a_respondents_journey_loads_no_statistics(session: Session, clock: FixedClock, app_settings: Settings) -> None:
    made = add_round(session, clock, (6,), real_codes=True)
    short_name = session.get_one(SurveyRound, made.round_id).short_name
    environment = {
        "ENKAT_ENVIRONMENT": "test",
        "ENKAT_DATA_DIR": str(app_settings.data_dir),
        "ENKAT_DATABASE_URL": app_settings.database_url,
        "ENKAT_SCRYPT_LOG2_N": "10",
        f"ENKAT_SECRET_ROUND_{made.round_id}": SECRET.hex(),
    }
    command = [sys.executable, "-c", JOURNEY, short_name, made.codes[0], clock.now.isoformat()]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    path, modules = json.loads(done.stdout.splitlines()[-1])
    assert path.endswith("/tack")
    assert [name for name in HEAVY if name in modules] == []
