"""What a scale must fulfil: unique stable codes, a rule of what is positive and of what leaves the denominator."""

from collections import Counter
from collections.abc import Iterable, Sequence

from enkat.instruments.definition import OptionDefinition, ScaleDefinition
from enkat.instruments.faults import FaultLog
from enkat.instruments.text_checks import IDENTIFIER, check_label
from enkat.instruments.vocabulary import PICTURES

MAX_CODE = 99
MAX_OPTIONS = 10
MIN_BASE_OPTIONS = 2


def repeated(values: Iterable[object]) -> list[str]:
    """Return the values that occur more than once, as text, in order."""
    return [str(value) for value, count in Counter(values).items() if count > 1]


def check_scale(scale: ScaleDefinition, languages: Sequence[str], log: FaultLog) -> None:
    """Note everything that is wrong with one scale."""
    name = f"Skalan {scale.id}: "
    if not IDENTIFIER.fullmatch(scale.id):
        log.add(f"{name}id ska bestå av små bokstäver a–z, siffror och understreck och börja med en bokstav.")
    if scale.version < 1:
        log.add(f"{name}version ska vara 1 eller högre.")
    _check_options(scale, name, log)
    _check_codes(scale, name, log)
    _check_rules(scale, name, log)
    for option in scale.option:
        check_label(option, languages, f"{name}svaret {option.id}", log)
        if option.picture is not None and option.picture not in PICTURES:
            known = ", ".join(sorted(PICTURES))
            log.add(f"{name}svaret {option.id}: bilden {option.picture} finns inte. Välj bland {known}.")
    for lang in languages:
        for label in repeated(option.text[lang] for option in scale.option if lang in option.text):
            log.add(f"{name}två svar heter ”{label}” på {lang}. Ge dem olika namn.")


def _check_options(scale: ScaleDefinition, name: str, log: FaultLog) -> None:
    for option_id in repeated(option.id for option in scale.option):
        log.add(f"{name}svaret {option_id} står två gånger.")
    for missing in repeated(option.missing for option in scale.option if option.missing):
        log.add(f"{name}två svar betyder {missing}. Behåll ett av dem.")
    if len(scale.option) > MAX_OPTIONS:
        log.add(f"{name}{len(scale.option)} svar är för många. Ha högst {MAX_OPTIONS}.")
    in_base = [option for option in scale.option if option.id not in scale.leaves_base]
    if len(in_base) < MIN_BASE_OPTIONS:
        log.add(f"{name}minst två svar måste räknas med i nämnaren.")
    for option in scale.option:
        if not IDENTIFIER.fullmatch(option.id):
            log.add(f"{name}svaret ”{option.id}”: id ska bestå av små bokstäver a–z, siffror och understreck.")


def _check_codes(scale: ScaleDefinition, name: str, log: FaultLog) -> None:
    for option in scale.option:
        if option.code is None and option.missing is None:
            log.add(f"{name}svaret {option.id} saknar code. Ge det ett eget tal.")
        elif option.code is not None and option.missing is not None:
            log.add(f"{name}svaret {option.id} har både code och missing. Behåll en av dem.")
        elif option.code is not None and not 1 <= option.code <= MAX_CODE:
            log.add(f"{name}svaret {option.id} har koden {option.code}. Koden ska vara 1–{MAX_CODE}.")
    codes = [option.code for option in scale.option if option.code is not None]
    for code in repeated(codes):
        log.add(f"{name}koden {code} används av två svar.")


def _check_rules(scale: ScaleDefinition, name: str, log: FaultLog) -> None:
    known = {option.id for option in scale.option}
    in_base = known - set(scale.leaves_base)
    if not scale.positive:
        log.add(f"{name}positive är tom. Skriv vilka svar som räknas som positiva.")
    for key, listed in (("positive", scale.positive), ("leaves_base", scale.leaves_base)):
        for option_id in listed:
            if option_id not in known:
                log.add(f"{name}{key} nämner svaret {option_id}, som inte finns i skalan.")
        for option_id in repeated(listed):
            log.add(f"{name}{key} nämner svaret {option_id} två gånger.")
    for option_id in sorted(set(scale.positive) & set(scale.leaves_base)):
        log.add(f"{name}svaret {option_id} kan inte både vara positivt och lämna nämnaren.")
    if in_base and in_base <= set(scale.positive):
        log.add(f"{name}alla svar räknas som positiva. Något svar måste vara annat än positivt.")
    for option in scale.option:
        if option.missing and option.id not in scale.leaves_base:
            log.add(f"{name}svaret {option.id} är inget ställningstagande. Skriv det i leaves_base.")


def check_code_meanings(scales: Sequence[ScaleDefinition], log: FaultLog) -> None:
    """Note codes that stand for different answers, and answers with different codes, over versions of one scale."""
    for scale_ref in repeated(f"{scale.id}@{scale.version}" for scale in scales):
        log.add(f"Skalan {scale_ref} står två gånger. Ge den nya en ny version.")
    for newer in scales:
        for older in scales:
            if older.id == newer.id and older.version < newer.version:
                _compare_versions(older, newer, log)


def _compare_versions(older: ScaleDefinition, newer: ScaleDefinition, log: FaultLog) -> None:
    name = f"Skalan {newer.id} version {newer.version}: "
    meaning = _coded(older.option)
    for option in newer.option:
        if option.code is None:
            continue
        before = meaning.get(option.code)
        if before is not None and before != option.id:
            log.add(f"{name}koden {option.code} betydde {before} i version {older.version}. En kod byter inte mening.")
        elif before is None and option.id in meaning.values():
            log.add(f"{name}svaret {option.id} hade en annan kod i version {older.version}. Behåll koden.")


def _coded(options: Sequence[OptionDefinition]) -> dict[int, str]:
    return {option.code: option.id for option in options if option.code is not None}
