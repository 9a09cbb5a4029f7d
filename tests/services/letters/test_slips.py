"""Loose codes on slips: as many as the unit hands out, each good for one answer, and no reminder of any."""

import io
import zipfile

import pikepdf
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from enkat.records.invitations import CodeKind, Invitation
from enkat.records.letters import LetterFormat, QuestionnaireKind
from enkat.records.waves import WaveChannel, WaveKind
from enkat.services.faults import Fault
from enkat.services.letters.wording import letter_common
from enkat.services.rounds.opening import open_round
from enkat.services.rounds.planning import Handout
from enkat.services.waves.planning import WavePlan, plan_wave
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.letters import World
from tests.factories.loose import own_survey, staff_plan
from tests.factories.rounds import catalogue, planned_round, small_register


@pytest.fixture
def world(session: Session, sessions: sessionmaker[Session], clock: FixedClock, app_settings: Settings) -> World:
    units = small_register(session).units
    secrets = Secrets(app_settings)
    handouts = {units["BJÖ"]: Handout(codes=10, people=9), units["GRA"]: Handout(codes=3)}
    round_ = planned_round(session, clock, **staff_plan(handouts=handouts))
    open_round(session, clock, app_settings, secrets, round_.id, None, catalogue())
    return World(session, sessions, clock, app_settings, secrets, round_.id)


def test_slips_are_tagged_pages_of_four_with_codes_that_work(world: World) -> None:
    batch, path = world.made(LetterFormat.PDF)
    assert batch.letters == 13
    with zipfile.ZipFile(path) as archive:
        (name,) = archive.namelist()
        made = archive.read(name)
    assert name.startswith("lappar-prov26-")
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert len(pdf.pages) == 4
        assert pdf.Root.MarkInfo.Marked
    with pytest.raises(Fault):
        world.order(LetterFormat.PDF)


def test_a_file_for_the_printer_names_nobody(world: World) -> None:
    _, path = world.made(LetterFormat.PRINT_SHOP)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 14
    assert lines[1].startswith(";;;;;Björken;Frågorna gäller ditt arbete i Björken.;")
    holder = world.holder_of(lines[1].split(";")[7])
    assert holder is not None
    assert holder.client_id is None


def test_nobody_is_reminded_of_a_loose_code(world: World) -> None:
    with pytest.raises(Fault, match="ingen påminnelse"):
        world.order(LetterFormat.PDF, kind=CodeKind.REMINDER)
    with pytest.raises(Fault, match="utan formulär"):
        world.order(LetterFormat.PDF, questionnaire=QuestionnaireKind.A4)
    wave = WavePlan(kind=WaveKind.REMINDER, channel=WaveChannel.LETTER, planned_on=world.clock().date())
    with pytest.raises(Fault, match="inga utskick"):
        plan_wave(world.session, world.clock, world.settings, world.round_id, wave, account_id=None)
    assert set(world.session.scalars(select(Invitation.client_id))) == {None}


def test_a_providers_own_survey_says_so_on_every_slip(session: Session, clock: FixedClock) -> None:
    round_ = own_survey(session, clock, small_register(session).units)
    common = letter_common(Settings(), round_, CodeKind.LETTER, clock().date())
    assert common["label"] == "Utförarens egen undersökning: Provkommunens hemtjänst"
    assert common["promise"][0] == "Provkommunens hemtjänst ansvarar. Det är inte stadens undersökning."
    assert "Ingen skriver upp vem som får vilken kod." in common["promise"]
