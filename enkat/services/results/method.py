"""What a reader must know to use the figures: period, method, thresholds, marks and every question's words."""

from collections.abc import Iterator, Mapping, Sequence

from enkat.documents.numbers import decimal
from enkat.documents.tables import Cell, Column, Sheet
from enkat.records.releases import ReleaseLevel
from enkat.records.rounds import Design
from enkat.services.results.computing import Breakdown
from enkat.services.results.figures import View
from enkat.services.results.levels import MARK_EXPLANATIONS, MARK_TEXTS, threshold_of
from enkat.services.results.notes import notes_of
from enkat.services.results.reading import AskedQuestion
from enkat.services.results.searching import Searched
from enkat.services.results.sentences import spread_only
from enkat.services.rounds.release_plans import protection_of
from enkat.statistics.calibration import FEWEST
from enkat.statistics.estimates import response_rate

LEVEL_TEXTS: Mapping[ReleaseLevel, str] = {
    ReleaseLevel.ANALYST: "Analytiker. Alla siffror utan spärr. Filen omfattas av sekretess och får inte spridas.",
    ReleaseLevel.INTERNAL: "Internt. Siffror för små grupper är dolda. För stadens och utförarnas eget arbete.",
    ReleaseLevel.PUBLIC: "Öppet för alla. Siffror för små grupper är dolda.",
}
ENOUGH_FOR_ALPHA = 30
"""Complete answers under which alpha says too little."""
NOT_COVERED = "Intervallen gäller slumpen. De säger inget om ifall de som inte svarade tycker annorlunda."
"""Stands beside intervals everywhere."""
METHOD: Mapping[str, str] = {
    "Brukare (N)": (
        "Antal brukare i registret på referensdagen som frågan gäller. De som har visat sig inte höra dit är "
        "borträknade."
    ),
    "Svarsfrekvens": "Svarande delat med (tillfrågade minus ej längre brukare).",
    "Andel positiva": (
        "Andel som valde ett positivt svar, av dem som svarade på frågan. ”Vet inte” och obesvarat räknas inte med. "
        "Andelen ”vet inte” redovisas för sig."
    ),
    "Intervall för en enhet": (
        "Exakt intervall (hypergeometriskt, 95 %) räknat i hela brukare. Bland enhetens brukare är minst och högst så "
        "många positiva som siffrorna säger, om de som svarade är som ett slumpmässigt urval av enheten. Där någon "
        "kan ha svarat ”vet inte” och alla inte har svarat flyttas gränserna en brukare utåt."
    ),
    "Stadsdelar, regiformer och staden": (
        "Varje enhets svar vägs upp till enhetens brukare (N/r). Vikterna kalibreras sedan så att de också stämmer med "
        "brukarnas kön och ålder i hela staden. En vikt ligger mellan 0,3 och 3 gånger N/r. Intervallet är Wilsons med "
        "effektivt antal svar, t-fördelning och ändlighetskorrektion, och variansen är residualernas. En stadsdel med "
        "en enda enhet visar enhetens intervall."
    ),
    "Utan ombud": (
        "Svar där någon annan har svarat åt brukaren är borttagna. Vikterna är desamma. Där ombuden i en enhet är för "
        "få för att hållas isär ingår enheten inte."
    ),
    "Kvinnor och män": (
        "Kön enligt registret. Svar som har slagits ihop över kön, för att ingen ska kännas igen, ingår inte."
    ),
    "Vad intervallen inte säger": (
        f"{NOT_COVERED} Läs dem tillsammans med svarsfrekvensen. De är inte gjorda för att rangordna enheter."
    ),
    "Omgången före": (
        "Visas bara där frågan går att jämföra. Enheter som har slagits ihop jämförs med sina föregångare, vägda efter "
        "antal brukare. Uppgifter från äldre undersökningar utan känt antal svar visas utan intervall."
    ),
    "Förändring i ord": (
        "”Högre” eller ”lägre” står bara där skillnaden är säker: intervallet för skillnaden (MOVER, utan "
        "ändlighetskorrektion) täcker inte 0, p-värdet efter Benjamini–Hochberg över alla visade enheter och "
        "kärnfrågor är under 5 procent, och skillnaden är minst 5 procentenheter. En delad enhet jämförs som en "
        "helhet. Enheter som har fått en annan regiform är märkta."
    ),
}


def read_me(view: View) -> Sheet:
    """Return the sheet "Läs mig"."""
    columns = (Column("Rubrik", "heading", 34), Column("Text", "text", 110))
    return Sheet("Läs mig", columns, about_rows(view))


def about_rows(view: View) -> Iterator[Sequence[Cell]]:
    """Give headings and texts about the round, the method and the questions."""
    yield from _round_rows(view)
    yield from METHOD.items()
    yield from view.declaration
    yield from _weight_rows(view)
    yield ("Gränser", _thresholds(view))
    for title, found in view.alphas.items():
        if found.complete >= ENOUGH_FOR_ALPHA:
            words = f"Cronbachs alfa {decimal(found.alpha, 2)} för {found.items} kärnfrågor"
            yield (f"Samstämmighet: {title}", f"{words} ({found.complete} fullständiga svar).")
    for mark, text in MARK_EXPLANATIONS.items():
        yield (f"Märkning: {MARK_TEXTS[mark]}", text)
    for asked in view.questions:
        yield (f"Fråga: {asked.question.id}", wording(asked))


def about(view: View) -> dict[str, object]:
    """Return the same for JSON, with keys that programs can read."""
    survey_round = view.survey_round
    return {
        "round": survey_round.short_name,
        "title": survey_round.title,
        "reference_date": survey_round.reference_date.isoformat(),
        "opened_on": survey_round.opens_on.isoformat(),
        "closed_on": survey_round.closes_on.isoformat(),
        "level": view.marks.level.value,
        "threshold": threshold(view),
        "breakdowns": [breakdown.value for breakdown in view.results.layers],
        "protection": protection_of(survey_round.release_plan).value,
        "data_version": view.results.counted.version,
        "confidence_level": 0.95,
        "notes": [{"heading": str(heading), "text": str(text)} for heading, text in about_rows(view)],
    }


def threshold(view: View) -> int:
    """Return the fewest respondents of a shown cell at the view's level."""
    return threshold_of(view.results, view.marks.level)


def protection_words(searched: Searched | None) -> str:
    """Say how the groups were chosen that are hidden beside small ones; nothing that would sum what is hidden."""
    if searched is None:
        return "Är en grupp dold döljs också den minsta gruppen bredvid, så att ingen kan räkna ut den."
    words = (
        "Är en grupp dold döljs också andra bredvid, så att ingen kan räkna ut den. Vilka de är har sökts med "
        "heltalsprogrammering (MILP), så att så få svar som möjligt döljs. "
    )
    if searched.finished:
        return f"{words}Inget mönster som skyddar lika bra döljer färre svar."
    if not searched.beats_the_rule:
        words += "Den fann inget bättre än den enkla regeln, som därför används: den minsta gruppen bredvid döljs. "
    return (
        f"{words}Sökningen avbröts vid sin gräns på {decimal(searched.limit, 0)} sekunder. Mönstret döljer högst "
        f"{searched.gap_percent} procent fler svar än det minsta som skyddar lika bra."
    )


def wording(asked: AskedQuestion) -> str:
    """Return a question's words, its options and which of them are positive."""
    scale = asked.scale
    options = ", ".join(str(option.label("sv")) for option in scale.options)
    positive = ", ".join(str(scale.label(code, "sv")) for code in scale.codes if code in scale.positive)
    services = ", ".join(sorted(service.label for service in asked.services))
    counted = spread_only(asked) if asked.only_spread else f"Positiva: {positive}."
    return f"{asked.question.text('sv')} Svar: {options}. {counted} Ställdes till: {services}."


def _round_rows(view: View) -> Iterator[tuple[str, str]]:
    survey_round, results = view.survey_round, view.results
    yield ("Omgång", f"{survey_round.title} ({survey_round.short_name})")
    yield from (("Observera", note) for note in notes_of(view))
    yield ("Nivå", LEVEL_TEXTS[view.marks.level])
    yield ("Svarstid", f"{survey_round.opens_on.isoformat()} till {survey_round.closes_on.isoformat()}")
    yield ("Referensdag", survey_round.reference_date.isoformat())
    if survey_round.practice:
        yield ("Övning", "Det här är en övningsomgång. Siffrorna är inte på riktigt.")
    if survey_round.responsible_board:
        yield ("Ansvarig nämnd", survey_round.responsible_board)
    if survey_round.registry_number:
        yield ("Diarienummer", survey_round.registry_number)
    yield ("Vilka som har frågats", _who(view))
    everybody = results.counted
    sent, invited, gone = (int(a.sum()) for a in (everybody.sent, everybody.invited, everybody.ineligible))
    rate = float(response_rate(sent, invited, gone))
    asked = f" av {invited - gone} tillfrågade: {decimal(100 * rate)} %" if view.results.sized.all() else ""
    yield ("Svar", f"{sent} svar{asked}.")
    yield from _beside(view)
    yield ("Dataversion", everybody.version)


def _who(view: View) -> str:
    if view.survey_round.loose_codes:
        return "De som fick en av koderna som delades ut i enheten."
    sampled = sum(unit.sampled for unit in view.results.counted.units)
    if view.survey_round.design is Design.SAMPLE and sampled:
        return f"Ett slumpmässigt urval i {sampled} enheter, alla brukare i övriga enheter."
    return "Alla brukare (totalundersökning)."


def _weight_rows(view: View) -> Iterator[tuple[str, str]]:
    """Say which cells of sex and age the weights were calibrated to, and how far they moved from N/r."""
    parts = view.results.layers[Breakdown.ALL].weighting.parts
    for part in parts:
        asked = view.questions[int(part.questions[0])]
        services = ", ".join(sorted(service.label for service in asked.services))
        heading = "Vikter" if len(parts) == 1 else f"Vikter: {services}"
        made = part.calibration
        if made.is_neutral:
            few = f"färre än {2 * FEWEST} svar, eller alltför olika stora vikter"
            yield (heading, f"Inte kalibrerade efter kön och ålder ({few}). Varje svar vägs med N/r.")
            continue
        low, high = (decimal(float(value), 2) for value in (made.factor.min(), made.factor.max()))
        groups = f"i {len(part.cells)} grupper med minst {made.fewest} svar: {' | '.join(part.cells)}"
        spread = f"Vikterna är {low}–{high} gånger N/r."
        yield (heading, f"Kalibrerade efter enhet och efter kön och ålder, {groups}. {spread}")


def _beside(view: View) -> Iterator[tuple[str, str]]:
    """Say how many answers were given with the provider's staff; they are outside every figure."""
    staff = int(view.results.with_staff.respondents.max(initial=0))
    if staff >= threshold(view):
        yield (
            "Svar med hjälp av utförarens personal",
            f"{staff} svar. De ingår inte i någon annan siffra. Andel positiva i de svaren: {_staff_shares(view)}.",
        )


def _staff_shares(view: View) -> str:
    sums = view.results.with_staff
    fewest = threshold(view)
    parts = [
        f"{asked.question.id} {decimal(100 * positive / answered, 0)} %"
        for asked, answered, positive in zip(
            view.questions, sums.answered[0].tolist(), sums.positive[0].tolist(), strict=True
        )
        if answered >= fewest and positive > 1
    ]
    return ", ".join(parts) or "visas inte"


def _thresholds(view: View) -> str:
    if view.marks.level is ReleaseLevel.ANALYST:
        return "Ingen gräns på den här nivån."
    breakdowns = ", ".join(b.label for b in view.results.layers if b is not Breakdown.ALL)
    return (
        f"Siffror visas när minst {threshold(view)} har svarat på frågan i gruppen. "
        f"{protection_words(view.marks.searched)} Kärnfrågorna visas alla eller inga, och kvinnor och "
        f"män visas båda eller ingen. Uppdelningar som bestämdes före räkningen: {breakdowns or 'inga'}."
    )
