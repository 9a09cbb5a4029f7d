"""What whoever asks reads out beside the questions: who answers, and how to ask again without leading."""

from enkat.ballots.vocabulary import Helper, Respondent
from enkat.instruments.question import Question
from enkat.instruments.scale import Scale
from enkat.instruments.vocabulary import ServiceType
from enkat.services.ballots import who_words
from enkat.web.shared.languages import gettext as _

_TWO_OR_THREE = 3


def about(service: ServiceType, unit_name: str) -> str:
    """Return the sentence that says what the questions are about; no name of a person."""
    return who_words.about(_, service, unit_name)


def who_answers() -> list[tuple[str, str]]:
    """Return the choices of who answers, as whoever asks sees them."""
    return [
        (Respondent.SELF.value, _("Personen svarar själv")),
        (Respondent.SELF_HELPED.value, _("Personen svarar själv, och någon mer hjälper till")),
        (Respondent.PROXY.value, _("Någon annan svarar åt personen")),
    ]


def helpers(service: ServiceType) -> list[tuple[str, str]]:
    """Return the choices of who helps or answers; whoever asks is told apart by the way the answer came."""
    found = who_words.helpers(_, service)
    return [(helper.value, text) for helper, text in found.items() if helper is not Helper.ASSISTANT]


def probe(question: Question, *, presumed: bool) -> str:
    """Return what may be said when somebody hesitates: never a word about what others answer or what is good.

    Parameters
    ----------
    presumed
        Whether a proxy is asked for the person's view.
    """
    if question.scale is None:
        return str(_("Är det något mer du vill säga?"))
    if presumed:
        return str(_("Hur tror du att personen själv skulle svara?"))
    if _few(question.scale):
        return str(_("Det finns inget rätt eller fel. Skulle du säga ja eller nej?"))
    return str(_("Det finns inget rätt eller fel. Vilket av svaren ligger närmast?"))


def _few(scale: Scale) -> bool:
    return sum(option.missing is None for option in scale.options) < _TWO_OR_THREE


def read_again(text: str, labels: list[str]) -> str:
    """Return the question with its answers in one sentence, to be read out again."""
    return str(_("Läs en gång till: %(question)s Svaren är: %(answers)s.", question=text, answers=", ".join(labels)))
