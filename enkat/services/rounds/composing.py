"""The instruments of a round: the catalogue's, with the round's supplementary questions beside the locked core."""

from collections.abc import Iterator

from enkat.instruments.catalogue import Catalogue
from enkat.instruments.instrument import Instrument
from enkat.instruments.question import Question
from enkat.instruments.vocabulary import ServiceType
from enkat.instruments.wording import Face
from enkat.languages import LANGUAGES
from enkat.records.round_kinds import RoundKind
from enkat.records.rounds import RoundInstrument, SurveyRound
from enkat.services.faults import Fault

FOR_ONE = "/"
"""`maltider` goes to every instrument of the round, `hemtjanst/maltider` to one."""


def _supplements(catalogue: Catalogue, round_: SurveyRound, instrument_id: str) -> list[Question]:
    questions: list[Question] = []
    for name in round_.supplements:
        only, _, file_id = name.rpartition(FOR_ONE)
        if only and only != instrument_id:
            continue
        if file_id not in catalogue.supplements:
            raise Fault(f"Tilläggsfrågorna {file_id} finns inte. Välj bland dem som finns.", "supplements")
        questions += catalogue.supplements[file_id]
    return questions


def possible_instruments(catalogue: Catalogue, kind: RoundKind, *, loose: bool) -> dict[ServiceType, list[Instrument]]:
    """Return the instruments that a kind of round can ask about each service; services without any are left out."""
    found = {}
    for service in ServiceType:
        if service not in kind.rules.services or (loose and kind is RoundKind.RELATIVES and service != kind.value):
            continue
        about = ServiceType.RELATIVES if kind is RoundKind.RELATIVES else service
        listed = [one for one in catalogue.instruments.values() if one.service is about]
        if listed:
            found[service] = listed
    return found


def compose(catalogue: Catalogue, round_: SurveyRound, row: RoundInstrument) -> Instrument:
    """Return the instrument that the round asks about a service.

    Raises
    ------
    Fault
        If the instrument or a supplement does not exist, or a supplement does not fit.
    """
    instrument = catalogue.instruments.get(row.instrument_id)
    if instrument is None:
        raise Fault(f"Enkäten {row.instrument_id} finns inte. Välj en enkät för {row.service.label}.", "instruments")
    try:
        return instrument.with_supplements(_supplements(catalogue, round_, instrument.id))
    except ValueError as error:
        raise Fault(str(error), "supplements") from error


def _missing_wordings(round_: SurveyRound, instrument: Instrument) -> Iterator[str]:
    seen = set()
    for missing in instrument.missing_wordings(round_.languages, [Face(face) for face in round_.faces]):
        if not missing.question.core and missing.face is not Face.PLAIN:
            continue  # other faces are promised for the core; a supplement falls back visibly
        lang = LANGUAGES[missing.lang].swedish_name
        what = (
            f"svaret {missing.option} i frågan"
            if missing.option
            else "raden under frågan"
            if missing.hint
            else "frågan"
        )
        sentence = f"{instrument.id}: {what} {missing.question.id} saknar {missing.face.label} på {lang}."
        if sentence not in seen:
            seen.add(sentence)
            yield sentence + " Lägg till texten, eller ta bort det som omgången lovar."


def compose_all(catalogue: Catalogue, round_: SurveyRound) -> tuple[dict[ServiceType, Instrument], list[str]]:
    """Return the round's instruments by service, and Swedish sentences about all that is wrong with them."""
    instruments: dict[ServiceType, Instrument] = {}
    sentences: list[str] = []
    for row in round_.instruments:
        try:
            instrument = compose(catalogue, round_, row)
        except Fault as fault:
            sentences.append(fault.sentence)
            continue
        about = ServiceType.RELATIVES if round_.kind is RoundKind.RELATIVES else row.service
        if instrument.service not in {None, about}:
            sentences.append(f"Enkäten {instrument.id} handlar inte om {about.label}. Välj en enkät som gör det.")
        instruments[row.service] = instrument
        sentences += _missing_wordings(round_, instrument)
    return instruments, sentences
