"""The quality declaration of a round, under the headings of the Swedish official statistics' quality concept.

Everything is written from the round's own data: what nobody has stated is said to be missing, never invented.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from enkat.documents.numbers import decimal, percent, whole
from enkat.records.rounds import Design
from enkat.services.results.computing import Breakdown
from enkat.services.results.figures import View
from enkat.services.results.method import NOT_COVERED, threshold
from enkat.services.results.quality import Quality, largest_move
from enkat.services.results.reading import AskedQuestion
from enkat.services.rounds.planning import next_due_year

STATED = "Uppgift saknas i omgångens plan."
GOOD_R = 0.9
"""From here up readiness to answer differs little."""
TYPICAL = 0.85
"""Share that the largest bias is told for."""


@dataclass(frozen=True)
class Section:
    """A heading of the declaration with its parts: (subheading, text)."""

    heading: str
    parts: Sequence[tuple[str, str]]


def declaration(view: View, quality: Quality) -> list[Section]:
    """Return the five components of quality, and general facts."""
    return [
        Section("Relevans", list(_relevance(view))),
        Section("Tillförlitlighet", list(_accuracy(view, quality))),
        Section("Aktualitet och punktlighet", list(_timeliness(view, quality))),
        Section("Tillgänglighet och tydlighet", list(_accessibility(view))),
        Section("Jämförbarhet och samanvändbarhet", list(_comparability(view))),
        Section("Allmänna uppgifter", list(_general(view))),
    ]


def declaration_rows(view: View, quality: Quality) -> list[tuple[str, str]]:
    """Return the declaration as rows of "Läs mig"."""
    return [
        (f"Kvalitet, {section.heading.lower()}: {heading.lower()}", text)
        for section in declaration(view, quality)
        for heading, text in section.parts
    ]


def _relevance(view: View) -> Iterator[tuple[str, str]]:
    survey_round = view.survey_round
    services = sorted({service.label for asked in view.questions for service in asked.services})
    yield (
        "Ändamål och informationsbehov",
        (
            "Undersökningen visar hur brukarna upplever sin hjälp, per enhet. Den används för att utveckla "
            "verksamheten, följa upp mål och jämföra över tid."
        ),
    )
    ages = _ages(survey_round.minimum_age, survey_round.maximum_age)
    alarm = "" if survey_round.include_only_alarm else " De som bara har trygghetslarm frågas inte."
    yield (
        "Population",
        f"Brukare med {', '.join(services)} på referensdagen {survey_round.reference_date.isoformat()}{ages}.{alarm}",
    )
    core = sum(asked.question.core for asked in view.questions)
    yield (
        "Innehåll",
        (
            f"{core} kärnfrågor, som är desamma mellan omgångar, och {len(view.questions) - core} tilläggsfrågor. "
            f"Måttet är andelen som valde ett positivt svar. Frågorna gäller {_criteria(view.questions)}."
        ),
    )


def _ages(lowest: int | None, highest: int | None) -> str:
    if lowest is None and highest is None:
        return ""
    if highest is None:
        return f", {lowest} år eller äldre"
    return f", {lowest or 0}–{highest} år"


def _criteria(questions: Sequence[AskedQuestion]) -> str:
    found = sorted({criterion for asked in questions for criterion in asked.question.criteria})
    return ", ".join(found) or "hjälpen i stort"


def _accuracy(view: View, quality: Quality) -> Iterator[tuple[str, str]]:
    yield (
        "Totalt",
        (
            f"Den största osäkerheten är bortfallet. {NOT_COVERED} Enhetens intervall är exakt om de som svarade är "
            "som ett slumpmässigt urval av enhetens brukare."
        ),
    )
    yield ("Urval", _sampling(view))
    yield ("Ramtäckning", _coverage(quality))
    yield ("Mätning", _measurement(view, quality))
    yield ("Bortfall", _nonresponse(quality))
    yield ("Bearbetning", _processing(quality))
    yield ("Modellantaganden", _models(quality))


def _sampling(view: View) -> str:
    sampled = sum(unit.sampled for unit in view.results.counted.units)
    if view.survey_round.design is Design.SAMPLE and sampled:
        return f"Ett slumpmässigt urval i {sampled} enheter, alla brukare i de andra. Urvalet går att dra om likadant."
    return "Inget urval: alla brukare i ramen tillfrågades."


def _coverage(quality: Quality) -> str:
    reasons = ", ".join(f"{word} {whole(n)}" for word, n in quality.outside_words)
    over = quality.over_coverage
    found = "Ingen övertäckning har upptäckts." if not reasons else f"Övertäckning {percent(over or 0, 1)}: {reasons}."
    return f"{found} De är borträknade. Brukare som tillkom efter referensdagen ingår inte och räknas inte."


def _measurement(view: View, quality: Quality) -> str:
    answers = sum(quality.modes.values())
    ways = ", ".join(f"{mode.label} {percent(n / answers)}" for mode, n in quality.modes.items()) if answers else ""
    parts = [f"Svarssätt: {ways}." if ways else "Hur svaren kom är inte kvar att redovisa."]
    if Breakdown.WITHOUT_PROXIES in view.results.layers and quality.moves:
        gap = decimal(100 * largest_move(quality, without_proxies=True))
        parts.append(f"Utan ombudens svar skulle ingen siffra för staden flytta sig mer än {gap} procentenheter.")
    shown = [figure for at in range(len(view.questions)) if (figure := view.figure(0, at)).shown]
    if shown:
        blank, unsure = max(figure.blank for figure in shown), max(figure.does_not_know for figure in shown)
        parts.append(f"Som mest är {percent(blank)} obesvarat på en fråga, och {percent(unsure)} svarar ”vet inte”.")
    return " ".join(parts)


def _nonresponse(quality: Quality) -> str:
    total, found = quality.total, quality.representativity
    if not quality.sized:
        return "Ingen vet hur många som kunde svara. Därför finns ingen svarsfrekvens."
    if not total.asked:
        return "Ingen är tillfrågad."
    parts = [f"Svarsfrekvens {percent(total.rate, 1)}: {whole(total.answered)} av {whole(total.asked)} tillfrågade."]
    groups = [f"{one.label} {percent(one.rate)}" for one in (*quality.sexes, *quality.ages) if one.asked]
    if groups:
        parts.append(f"Efter kön och ålder: {', '.join(groups)}.")
    word = "liknar de tillfrågade väl" if found.r >= GOOD_R else "skiljer sig från de tillfrågade"
    parts.append(
        f"R-indikator {decimal(found.r, 2)} (1 är bäst): i enhet, kön och ålder {word}. Den säger inget om skillnader "
        f"som registret inte ser. Hänger svarsvilja och åsikt ihop helt blir en andel på {percent(TYPICAL)} skev med "
        f"högst {decimal(100 * found.largest_bias(TYPICAL))} procentenheter av de skillnaderna."
    )
    if quality.moves:
        gap = decimal(100 * largest_move(quality, without_proxies=False))
        parts.append(f"Kalibreringen efter kön och ålder flyttar stadens siffror med högst {gap} procentenheter.")
    return " ".join(parts)


def _processing(quality: Quality) -> str:
    parts = ["Svaren räknades en gång, förseglade och utan namn. Ett svar per person: det första som kom."]
    if quality.counted is not None:
        counted = quality.counted
        parts.append(f"{counted.unreadable} svar gick inte att läsa och {counted.not_kept} var för få för att sparas.")
    return " ".join(parts)


def _models(quality: Quality) -> str:
    text = "Inom en enhet antas de som svarade vara som ett slumpmässigt urval. Inga svar fylls i med modeller."
    weights = quality.weights
    if weights is None or not weights.respondents:
        return text
    return (
        f"{text} Vikterna för stadsdelar, regiformer och staden är kalibrerade: de är "
        f"{decimal(weights.lowest_factor, 2)}–{decimal(weights.highest_factor, 2)} gånger N/r. "
        f"{percent(weights.held, 1)} av svaren har en vikt som hålls vid en gräns. Olika vikter gör variansen högst "
        f"{decimal(weights.deff, 2)} gånger så stor (Kish)."
    )


def _timeliness(view: View, quality: Quality) -> Iterator[tuple[str, str]]:
    survey_round = view.survey_round
    if quality.counted is None:
        yield ("Framställningstid", "När svaren räknades är inte kvar att redovisa.")
    else:
        days = (quality.counted.written_on - survey_round.closes_on).days
        counted = quality.counted.written_on.isoformat()
        yield ("Framställningstid", f"Svaren räknades {counted}, {max(days, 0)} dagar efter sista svarsdagen.")
    due = next_due_year(survey_round)
    yield ("Frekvens", f"Vart {survey_round.interval_years}:e år. Nästa omgång väntas {due}.")
    month = survey_round.results_month
    yield ("Punktlighet", f"Resultatet utlovades till {month}." if month else STATED)


def _accessibility(view: View) -> Iterator[tuple[str, str]]:
    yield (
        "Tillgång",
        (
            "Resultatet finns som sidor, arbetsbok, CSV, JSON och SPSS, och som en sida per enhet att ge tillbaka till "
            f"dem som svarade. Siffror visas när minst {threshold(view)} har svarat."
        ),
    )
    yield ("Ytterligare statistik", "Stadens analytiker kan göra fler uppdelningar om de ryms i utlämnandeplanen.")
    yield (
        "Dokumentation",
        "Frågornas ord, svarens betydelse och varje formel står i bladet Läs mig och i metodbeskrivningen.",
    )


def _comparability(view: View) -> Iterator[tuple[str, str]]:
    yield ("Över tid", _over_time(view))
    yield (
        "Mellan grupper",
        (
            "Enheter rangordnas inte. De har olika brukare, och intervallen är ofta större än skillnaderna. Skillnader "
            "mellan regiformer är inte rensade från skillnader i ålder, kön och hälsa."
        ),
    )
    yield (
        "Samanvändbarhet",
        "Nationella undersökningar står som egna serier och räknas aldrig ihop med den här: frågor och tid skiljer.",
    )
    yield (
        "Numerisk överensstämmelse",
        "Stadens siffra är en vägd summa av enheternas. Avrundade siffror behöver inte summera till 100 procent.",
    )


def _over_time(view: View) -> str:
    if view.earlier is None:
        return "Det finns ingen tidigare omgång att jämföra med."
    questions = zip(view.questions, view.earlier.comparable, strict=True)
    differing = [f"{asked.question.id}: {kind.label}" for asked, kind in questions if kind and kind.value != "same"]
    told = f" Skillnader: {'; '.join(differing)}." if differing else " Alla frågor som ställdes båda gångerna är lika."
    reasons = " ".join(f"{bridge.question_id}: {bridge.reason}" for bridge in view.survey_round.bridges)
    return f"Jämförs med {view.earlier.title}.{told}{' Skäl: ' + reasons if reasons else ''}"


def _general(view: View) -> Iterator[tuple[str, str]]:
    survey_round = view.survey_round
    yield ("Ansvarig", survey_round.responsible_board or STATED)
    yield ("Ramens källa", survey_round.frame_source or STATED)
    yield ("Diarienummer", survey_round.registry_number or STATED)
    yield ("Kontakt", survey_round.phone or STATED)
    yield ("Personuppgifter", survey_round.dpo_contact or STATED)
