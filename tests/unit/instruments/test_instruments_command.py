"""`enkat instruments` as it is typed."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from enkat.cli.instruments import instruments
from enkat.instruments.loading import load_catalogue
from enkat.instruments.snapshot import snapshot
from tests.factories.surveys import CORE, HOME, write_surveys


def run(*arguments: object) -> Result:
    return CliRunner().invoke(instruments, [str(argument) for argument in arguments])


def test_check_says_what_it_found(tmp_path: Path):
    done = run("check", write_surveys(tmp_path))
    assert done.exit_code == 0
    assert done.output == "Inga fel: 2 kärnfrågor, 2 skalor, 1 enkäter, 1 filer med tilläggsfrågor, 0 språkfiler.\n"


def test_check_ends_with_1_and_a_line_for_every_fault(tmp_path: Path):
    write_surveys(tmp_path, (HOME, "Får du mat av oss?", "Får du mat"), (CORE, 'scale = "freq"', 'scale = "x"'))
    done = run("check", tmp_path)
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "core/questions.toml: feels_safe: Skalan x finns inte.",
        "hemtjanst/instrument.toml: gets_food: Texten text.sv slutar inte med frågetecken.",
    ]
    assert done.stderr == "2 fel i 2 filer.\n"


def test_show_lists_and_shows(tmp_path: Path):
    write_surveys(tmp_path)
    assert "hemtjanst" in run("show", "--dir", tmp_path).output
    shown = run("show", "hemtjanst", "--dir", tmp_path, "--lang", "en", "--face", "easy").output
    assert "1. Are you safe?" in shown
    assert "   -3  Don't know  (utanför nämnaren)" in shown
    assert "   Visas om gets_food är 1." in shown


def test_show_marks_a_language_that_is_missing(tmp_path: Path):
    shown = run("show", "hemtjanst", "--dir", write_surveys(tmp_path), "--lang", "fi").output
    assert "1. Är du trygg med din hjälp?  [saknas, visar sv/vanlig text]" in shown


def test_show_of_an_unknown_instrument_names_the_known(tmp_path: Path):
    done = run("show", "hemvård", "--dir", write_surveys(tmp_path))
    assert done.exit_code == 1
    assert "Enkäten hemvård finns inte. Det finns: hemtjanst." in done.output


def test_diff_of_directories(tmp_path: Path):
    old = write_surveys(tmp_path / "old")
    new = write_surveys(tmp_path / "new", (CORE, "Lyssnar de på dig?", "Hör någon på dig?"))
    assert run("diff", old, old).output == "Inga skillnader i frågor eller svar.\n"
    assert run("diff", old, new).output == (
        "hemtjanst: Frågan is_heard har andra ord men samma version. "
        "Kärnfråga: rundan behöver en förklaring om jämförbarhet.\n"
    )


def test_diff_of_a_saved_instrument(tmp_path: Path):
    catalogue = load_catalogue(write_surveys(tmp_path / "surveys"))
    home = catalogue.instruments["hemtjanst"]
    old, new, broken = tmp_path / "old.json", tmp_path / "new.json", tmp_path / "broken.json"
    old.write_text(snapshot(home), encoding="utf-8")
    new.write_text(snapshot(home.with_supplements(catalogue.supplements["mat"])), encoding="utf-8")
    broken.write_text("{}", encoding="utf-8")
    assert run("diff", old, new).output == "hemtjanst: Frågan warm_food är ny.\n"
    assert "broken.json är ingen sparad enkät." in run("diff", old, broken).output


def test_schema_to_screen_and_to_files(tmp_path: Path):
    assert "instrument" in json.loads(run("schema").output)
    run("schema", "-o", tmp_path / "schemas")
    written = json.loads((tmp_path / "schemas" / "instrument.schema.json").read_text(encoding="utf-8"))
    assert written["title"] == "InstrumentFile"


def test_a_language_is_made_filled_and_told_of(tmp_path: Path):
    write_surveys(tmp_path)
    shown = run("language-template", "fi", "--dir", tmp_path)
    assert 'language = "fi"' in shown.output
    written = run("language-template", "fi", "--dir", tmp_path, "--write")
    assert written.output == f"{tmp_path / 'languages' / 'fi.toml'}\n"
    assert (tmp_path / "languages" / "fi.toml").read_text(encoding="utf-8") == shown.output
    assert "Varning: languages/fi.toml: 22 texter saknas i hemtjanst. Kör" in run("check", tmp_path).output
    told = run("languages", "--dir", tmp_path).output
    assert "Engelska (en), English\n  hemtjanst        komplett\n" in told
    assert "  mat              titeln saknas, vanlig text: 4 av 4 saknas, lättläst: 4 av 4 saknas" in told


def test_a_template_of_an_unknown_language_is_refused(tmp_path: Path):
    done = run("language-template", "xx", "--dir", write_surveys(tmp_path))
    assert (done.exit_code, "”xx” är inget språk att översätta till" in done.output) == (1, True)
