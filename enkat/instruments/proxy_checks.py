"""What is asked of whoever answers for somebody else: an own view beside the person's, and questions to relatives."""

from collections.abc import Collection, Mapping, Sequence

from enkat.instruments.condition_checks import Place, named_questions
from enkat.instruments.definition import HeaderDefinition, ProxyViewsDefinition, QuestionDefinition
from enkat.instruments.faults import FaultLog
from enkat.instruments.question import own_view_id
from enkat.instruments.scale_checks import repeated
from enkat.instruments.text_checks import MAX_HINT, check_text
from enkat.instruments.wording import Face

MOST_PROXY_QUESTIONS = 6
"""More questions of their own would make answering for somebody else the longer way."""


def is_for_proxies(question: QuestionDefinition | None) -> bool:
    """Whether a question is put to proxies only."""
    return question is not None and question.asked_of == "proxy"


def check_core_is_for_everyone(question: QuestionDefinition, log: FaultLog) -> None:
    """Note a core question that is not put to everyone."""
    if is_for_proxies(question):
        log.add("En kärnfråga ställs till alla. Ta bort asked_of.")


def check_proxy_questions(
    header: HeaderDefinition | None,
    places: Sequence[Place],
    own: Mapping[str, QuestionDefinition],
    log: FaultLog,
    *,
    is_supplement: bool,
) -> None:
    """Note everything that is wrong with what one file asks proxies."""
    asked = [name for name, question in own.items() if is_for_proxies(question)]
    if len(asked) > MOST_PROXY_QUESTIONS:
        log.add(f"{len(asked)} frågor till den som svarar åt någon är för många. Ha högst {MOST_PROXY_QUESTIONS}.")
    for name in asked:
        _check_question(own[name], log.about(name), is_supplement=is_supplement)
    for place in places:
        rests_on = named_questions(place.when) if place.when is not None else set()
        if place.id not in asked and rests_on & set(asked):
            log.about(place.id).add("Villkoret gäller en fråga som bara ställs till den som svarar åt någon.")
    if header is not None and header.proxy_views is not None:
        if is_supplement:
            log.add("proxy_views hör inte hemma i tilläggsfrågor. Ta bort den.")
        _check_views(header, header.proxy_views, places, asked, log)


def _check_question(question: QuestionDefinition, log: FaultLog, *, is_supplement: bool) -> None:
    if is_supplement:
        log.add("Frågor till den som svarar åt någon skrivs i enkäten, inte bland tilläggsfrågorna.")
    if question.kind == "text":
        log.add("En fråga till den som svarar åt någon har fasta svar. Fri text ställs till alla.")
    if question.easy or question.proxy or question.interviewer:
        log.add("Frågan ställs bara till den som svarar åt någon. Skriv den i text, och ta bort de andra.")


def _check_views(
    header: HeaderDefinition,
    views: ProxyViewsDefinition,
    places: Sequence[Place],
    asked: Collection[str],
    log: FaultLog,
) -> None:
    if Face.PROXY not in header.faces:
        log.add("proxy_views kräver att faces har proxy.")
    if not views.questions:
        log.add("proxy_views.questions är tom. Skriv vilka frågor som besvaras två gånger.")
    for twice in repeated(views.questions):
        log.add(f"proxy_views nämner {twice} två gånger.")
    _check_named(views, {place.id: place.kind for place in places}, asked, log)
    for lang in header.languages:
        if lang not in views.text:
            log.add(f"Texten proxy_views.text.{lang} saknas, men språket är utlovat.")
    for lang, text in views.text.items():
        check_text(text, f"proxy_views.text.{lang}", MAX_HINT, log)


def _check_named(views: ProxyViewsDefinition, kinds: Mapping[str, str], asked: Collection[str], log: FaultLog) -> None:
    for name in views.questions:
        if name not in kinds:
            log.add(f"proxy_views nämner {name}, som inte finns i enkäten.")
        elif kinds[name] != "choice" or name in asked:
            log.add(f"proxy_views nämner {name}. Bara valfrågor till alla kan besvaras två gånger.")
        if own_view_id(name) in kinds:
            log.add(f"Frågans id {own_view_id(name)} behövs för den egna bilden av {name}. Byt id på frågan.")
