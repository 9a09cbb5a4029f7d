"""What respondents read: present in every promised language and face, short, easy and free from markup."""

import re
from collections.abc import Mapping, Sequence

from enkat.instruments.definition import OptionDefinition, QuestionDefinition
from enkat.instruments.faults import FaultLog
from enkat.instruments.readability import lix, sentences, words
from enkat.instruments.wording import SOURCE_LANGUAGE, Face
from enkat.languages import LANGUAGES

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,39}")
MAX_QUESTION = 160
MAX_HINT = 200
MAX_LABEL = 40
MAX_POSITIVE = 120
MAX_LABEL_WORDS = 4
MAX_EASY_WORDS = 12
MAX_SENTENCE_WORDS = 20
MAX_LIX = 30
MAX_LIX_ONE = 50
WARN_LIX_ONE = 42
LONGER = 1.8
LONGER_AT_LEAST = 80
"""A translation may be longer than the Swedish; beyond this it is told of."""
NUMBER = "{n}"
"""Where a number stands in the words for results."""
ENOUGH_TEXTS = 5
"""Fewer texts than this are too few words for an index."""

_MARKUP = re.compile(r"<[a-zA-Z/!]|&[a-z]+;|\*\*|\]\(")
_DRAFT = re.compile(r"\b(?:todo|tbd|xxx+|lorem|fixme)\b|\?\?\?", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"[{}\[\]]|%\(|%s")
_FACE_KEYS = ((Face.PLAIN, "text"), (Face.EASY, "easy"), (Face.PROXY, "proxy"), (Face.INTERVIEWER, "interviewer"))


def texts_of(question: QuestionDefinition) -> dict[Face, Mapping[str, str]]:
    """Return the wording by face."""
    return {
        Face.PLAIN: question.text,
        Face.EASY: question.easy,
        Face.PROXY: question.proxy,
        Face.INTERVIEWER: question.interviewer,
    }


def check_question_texts(
    question: QuestionDefinition, languages: Sequence[str], faces: Sequence[Face], log: FaultLog
) -> None:
    """Note what is missing or wrong in the wording of one question."""
    texts = texts_of(question)
    for face, key in _FACE_KEYS:
        if face in faces:
            _check_promised(texts[face], key, languages, log)
        for lang, text in texts[face].items():
            where = f"{key}.{lang}"
            check_text(text, where, MAX_QUESTION, log)
            if lang in LANGUAGES:
                _check_asking(text, where, question.kind == "choice", log)
                _warn_of_length(text, where, face, lang, log)
            else:
                log.add(f"Språket ”{lang}” i {key} är okänt. Kända språk: {', '.join(LANGUAGES)}.")
    _check_swedish(texts, log)
    _check_between_languages(question, log)
    for lang, text in question.hint.items():
        _check_hint(text, f"hint.{lang}", log)
    if question.hint:
        _check_promised(question.hint, "hint", languages, log)
    _check_positive(question, log)


def _check_positive(question: QuestionDefinition, log: FaultLog) -> None:
    """Note faults in what is said about results: one place for the number, and Swedish where there is anything."""
    if question.positive and question.kind == "text":
        log.add("En textfråga har inga positiva svar. Ta bort positive.")
    if question.positive and SOURCE_LANGUAGE not in question.positive:
        log.add("Texten positive.sv saknas. Skriv den, eller ta bort positive.")
    for lang, text in question.positive.items():
        if lang not in LANGUAGES:
            log.add(f"Språket ”{lang}” i positive är okänt. Kända språk: {', '.join(LANGUAGES)}.")
        _check_positive_text(text, f"positive.{lang}", log)


def _check_positive_text(text: str, where: str, log: FaultLog) -> None:
    if text.count(NUMBER) != 1:
        log.add(f"Texten {where} ska ha {NUMBER} en gång, där antalet ska stå: ”känner sig {NUMBER} trygga”.")
    check_text(text.replace(NUMBER, "38"), where, MAX_POSITIVE, log)
    if text.rstrip().endswith((".", "?", "!", "؟")):
        log.add(f"Texten {where} är en del av en mening. Ta bort skiljetecknet i slutet.")


def _check_hint(text: str, where: str, log: FaultLog) -> None:
    check_text(text, where, MAX_HINT, log)
    _warn_of_sentences(text, where, MAX_SENTENCE_WORDS, log)


def check_translated(question: QuestionDefinition, key: str, text: str, log: FaultLog) -> None:
    """Note what is wrong with one text of a question that a file of a further language gives."""
    if key == "positive":
        _check_positive_text(text, key, log)
        return
    if key == "hint":
        _check_hint(text, key, log)
        return
    face = next(face for face, name in _FACE_KEYS if name == key)
    check_text(text, key, MAX_QUESTION, log)
    _check_asking(text, key, question.kind == "choice", log)
    swedish = texts_of(question)[face][SOURCE_LANGUAGE]
    if text == swedish:
        log.add(f"Texten {key} är inte översatt: den är lika med den svenska.")
    _warn_of_length(text, key, face, "", log)
    if len(text) > max(LONGER_AT_LEAST, LONGER * len(swedish)):
        log.advise(f"Texten {key} är mycket längre än den svenska. Se om den kan kortas.")


def _warn_of_length(text: str, where: str, face: Face, lang: str, log: FaultLog) -> None:
    """Warn of what is a fault only in Swedish: other languages divide words in other ways."""
    if face is Face.EASY and lang != SOURCE_LANGUAGE:
        _warn_of_sentences(text, where, MAX_EASY_WORDS, log)
    value = lix([text])
    if lang == SOURCE_LANGUAGE and WARN_LIX_ONE < value <= MAX_LIX_ONE:
        log.advise(f"Texten {where} är ganska svår att läsa (LIX {value:.0f}). Se om den går att skriva lättare.")


def _warn_of_sentences(text: str, where: str, most: int, log: FaultLog) -> None:
    for sentence in sentences(text):
        count = len(words(sentence))
        if count > most:
            log.advise(f"Texten {where} har en mening med {count} ord. Skriv helst högst {most}.")


def _check_promised(texts: Mapping[str, str], key: str, languages: Sequence[str], log: FaultLog) -> None:
    for lang in languages:
        if lang not in texts:
            log.add(f"Texten {key}.{lang} saknas, men den är utlovad.")


def check_text(text: str, where: str, longest: int, log: FaultLog) -> None:
    """Note faults that any text can have."""
    if not text.strip():
        log.add(f"Texten {where} är tom.")
        return
    if text != text.strip() or "  " in text or any(ord(sign) < ord(" ") for sign in text):
        log.add(f"Texten {where} har överflödiga mellanslag eller radbrytningar.")
    if len(text) > longest:
        log.add(f"Texten {where} har {len(text)} tecken. Den får ha högst {longest}.")
    if _MARKUP.search(text):
        log.add(f"Texten {where} innehåller kod för utseende. Skriv bara ren text.")
    elif _PLACEHOLDER.search(text):
        log.add(f"Texten {where} innehåller en lucka att fylla i. Skriv ut orden.")
    if _DRAFT.search(text):
        log.add(f"Texten {where} ser ut som ett utkast. Skriv den färdigt.")


def _check_asking(text: str, where: str, is_choice: bool, log: FaultLog) -> None:
    marks = sum(text.count(mark) for mark in "?؟;") if text else 0
    if is_choice and text.strip() and not text.rstrip().endswith(("?", "؟", "፧")):
        log.add(f"Texten {where} slutar inte med frågetecken.")
    if marks > 1:
        log.add(f"Texten {where} ställer mer än en fråga. Dela upp den.")
    for sentence in sentences(text):
        count = len(words(sentence))
        if count > MAX_SENTENCE_WORDS:
            log.add(f"Texten {where} har en mening med {count} ord. Skriv högst {MAX_SENTENCE_WORDS}.")


def _check_swedish(texts: Mapping[Face, Mapping[str, str]], log: FaultLog) -> None:
    plain = texts[Face.PLAIN].get(SOURCE_LANGUAGE, "")
    easy = texts[Face.EASY].get(SOURCE_LANGUAGE, "")
    proxy = texts[Face.PROXY].get(SOURCE_LANGUAGE, "")
    if len(words(easy)) > MAX_EASY_WORDS:
        log.add(f"Den lättlästa frågan har {len(words(easy))} ord. Skriv högst {MAX_EASY_WORDS}.")
    if easy and len(words(easy)) > len(words(plain)):
        log.add("Den lättlästa frågan är längre än den vanliga. Gör den kortare.")
    if proxy and proxy == plain and re.search(r"\b(?:du|dig|din|ditt|dina)\b", plain, re.IGNORECASE):
        log.add("Frågan till den som svarar åt någon är samma som den vanliga. Skriv om ”du” till den det gäller.")
    for key, text in (("text", plain), ("easy", easy), ("proxy", proxy)):
        value = lix([text])
        if value > MAX_LIX_ONE:
            log.add(f"Texten {key}.sv är svår att läsa (LIX {value:.0f}). Använd kortare ord.")


def _check_between_languages(question: QuestionDefinition, log: FaultLog) -> None:
    for key, texts in (("text", question.text), ("easy", question.easy), ("proxy", question.proxy)):
        swedish = texts.get(SOURCE_LANGUAGE)
        for lang, text in texts.items():
            if lang != SOURCE_LANGUAGE and swedish and text == swedish:
                log.add(f"Texten {key}.{lang} är inte översatt: den är lika med den svenska.")


def check_label(option: OptionDefinition, languages: Sequence[str], name: str, log: FaultLog) -> None:
    """Note what is missing or wrong in the label of one option."""
    for lang in languages:
        if lang not in option.text:
            log.add(f"{name} saknar text på {lang}, som är utlovat.")
    for key, texts in (("text", option.text), ("easy", option.easy), ("proxy", option.proxy)):
        for lang, text in texts.items():
            check_text(text, f"{key}.{lang} ({name})", MAX_LABEL, log)
            if lang == SOURCE_LANGUAGE and len(words(text)) > MAX_LABEL_WORDS:
                log.add(f"{name} har {len(words(text))} ord. Skriv högst {MAX_LABEL_WORDS}.")
            elif len(words(text)) > MAX_LABEL_WORDS:
                log.advise(f"{name} har {len(words(text))} ord på {lang}. Skriv helst högst {MAX_LABEL_WORDS}.")
            if lang not in LANGUAGES:
                log.add(f"{name}: språket ”{lang}” är okänt. Kända språk: {', '.join(LANGUAGES)}.")


def check_readability(texts: Mapping[Face, Sequence[str]], log: FaultLog) -> None:
    """Note faces whose Swedish texts together are too hard to read."""
    for face, face_texts in texts.items():
        value = lix(face_texts)
        if len(face_texts) >= ENOUGH_TEXTS and value > MAX_LIX:
            log.add(f"Frågorna ({face.label}) är svåra att läsa: LIX {value:.0f}. Gränsen är {MAX_LIX}.")
