"""Questionnaires in the envelope: the letter's code on every page, tagged, large where asked."""

import io
import re
import subprocess
import zipfile
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from enkat.ballots.codes import read_code
from enkat.records.invitations import CodeKind, InvitationCode
from enkat.records.letters import LetterFormat, QuestionnaireKind
from enkat.records.rounds import SurveyRound
from enkat.records.writing import writing
from enkat.services.faults import Fault
from enkat.services.letters.reissuing import reissue_batch
from enkat.services.questionnaires.enclosing import proof_sheet
from enkat.services.questionnaires.routing_words import paper_order
from enkat.settings import Settings
from tests.clocks import FixedClock
from tests.factories.letters import World, open_world
from tests.factories.rounds import HOME, catalogue

CODE = re.compile(r"\d{4} \d{4} \d{4} \d{4}")


@pytest.fixture
def world(session: Session, sessions: sessionmaker[Session], clock: FixedClock, app_settings: Settings) -> World:
    return open_world(session, sessions, clock, app_settings)


def _pages(made: bytes, tmp_path: Path) -> list[str]:
    path = tmp_path / "made.pdf"
    path.write_bytes(made)
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    return done.stdout.split("\f")[:-1]


def _first_pdf(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(archive.namelist()[0])


def _sizes(made: bytes) -> set[float]:
    """Return the sizes of text in a PDF's page contents, artifacts such as the page mark left out."""
    sizes: set[float] = set()
    with pikepdf.open(io.BytesIO(made)) as pdf:
        for page in pdf.pages:
            artifact = 0
            for step in pikepdf.parse_content_stream(page):
                operands, name = step.operands, str(step.operator)
                if name in {"BMC", "BDC"}:
                    artifact += 1 if artifact or str(operands[0]) == "/Artifact" else 0
                elif name == "EMC":
                    artifact -= 1 if artifact else 0
                elif name == "Tf" and not artifact:
                    sizes.add(round(float(operands[1]), 1))
    return sizes


def test_the_code_of_the_letter_stands_on_every_page_of_its_form(world: World, tmp_path: Path) -> None:
    batch, path = world.made(LetterFormat.PDF, questionnaire=QuestionnaireKind.A4)
    pages = _pages(_first_pdf(path), tmp_path)
    codes = [CODE.findall(page) for page in pages]
    letters = [number for number, page in enumerate(pages) if "Så hanterar vi dina uppgifter" in page]
    assert len(letters) == batch.letters
    live = world.session.scalars(select(InvitationCode)).all()
    assert len(live) == batch.letters, "one code for the letter and its form"
    for back, following in zip(letters, [*(number - 1 for number in letters[1:]), len(pages)], strict=True):
        own = set(codes[back])
        form = [page for page in range(back + 1, following) if codes[page]]
        assert len(own) == 1
        assert form
        assert all(set(codes[page]) == own for page in form)
        marks = [re.search(r"Blad (\d+) av (\d+), sida (\d+)", pages[page]) for page in form]
        assert [int(mark[3]) for mark in marks] == list(range(1, len(form) + 1))
        assert {int(mark[2]) for mark in marks} == {(len(form) + 1) // 2}
        assert world.holder_of(read_code(own.pop())) is not None
        assert (back + 1) % 2 == 0, "a form begins on a sheet of its own"


def test_a_form_is_tagged_and_asks_all_questions_in_order(world: World, tmp_path: Path) -> None:
    round_ = world.session.get_one(SurveyRound, world.round_id)
    instrument = catalogue().instruments["hemtjanst"]
    made = proof_sheet(world.settings, round_, instrument, service=HOME, kind=QuestionnaireKind.A4, lang="sv")
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang).lower().startswith("sv")
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
    text = " ".join(" ".join(_pages(made, tmp_path)).split())
    places = [
        text.index(f"{number}. {question.text('sv')}") for number, question in enumerate(paper_order(instrument), 1)
    ]
    assert text.index("A. Vem svarar på frågorna?") < text.index("B. Vem hjälper till?") < places[0]
    assert places == sorted(places)
    assert "Den som skriver in svaret ser ditt papper och koden, men inte ditt namn." in text
    assert "Svarspost 1" in text
    assert "Jag svarar själv → Gå till fråga 1" in text


@pytest.mark.parametrize(("kind", "least"), [(QuestionnaireKind.LARGE, 18.0), (QuestionnaireKind.LARGE_EASY, 18.0)])
def test_large_print_has_no_text_under_18_points(world: World, kind: QuestionnaireKind, least: float) -> None:
    round_ = world.session.get_one(SurveyRound, world.round_id)
    made = proof_sheet(world.settings, round_, catalogue().instruments["hemtjanst"], service=HOME, kind=kind, lang="sv")
    digits_of_keys = {13.5}
    assert min(_sizes(made) - digits_of_keys) >= least


def test_a_form_needs_an_address_to_come_back_to_and_a_face_that_the_round_has(world: World) -> None:
    with writing(world.session):
        world.session.get_one(SurveyRound, world.round_id).return_address = " "
    with pytest.raises(Fault, match="Svarsadressen"):
        world.order(LetterFormat.PDF, questionnaire=QuestionnaireKind.A4)
    with writing(world.session):
        round_ = world.session.get_one(SurveyRound, world.round_id)
        round_.return_address, round_.faces = "Nämnden", ["plain"]
    with pytest.raises(Fault, match="lättlästa"):
        world.order(LetterFormat.PDF, questionnaire=QuestionnaireKind.LARGE_EASY)
    with pytest.raises(Fault, match="PDF"):
        world.order(LetterFormat.PRINT_SHOP, questionnaire=QuestionnaireKind.A4)


def test_a_batch_made_again_holds_forms_again(world: World) -> None:
    batch, _path = world.made(LetterFormat.PDF, questionnaire=QuestionnaireKind.LARGE, kind=CodeKind.REMINDER)
    again = reissue_batch(world.session, world.clock, world.settings, batch.id, account_id=None)
    assert again.questionnaire is QuestionnaireKind.LARGE


@pytest.mark.one_database
@pytest.mark.parametrize("lang", ["sv", "en", "fi", "ar"])
@pytest.mark.parametrize("kind", list(QuestionnaireKind))
def test_every_form_can_be_made_in_every_language_of_the_interface(
    world: World, tmp_path: Path, kind: QuestionnaireKind, lang: str
) -> None:
    with writing(world.session):
        round_ = world.session.get_one(SurveyRound, world.round_id)
        round_.languages = ["sv", "en", "fi", "ar"]
    for instrument in catalogue().instruments.values():
        made = proof_sheet(world.settings, round_, instrument, service=instrument.service, kind=kind, lang=lang)
        with pikepdf.open(io.BytesIO(made)) as pdf:
            assert str(pdf.Root.Lang).lower().startswith(lang), instrument.id
            assert len(pdf.pages) >= 3
