"""Everything that a surveys directory defines, compiled."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from enkat.instruments.instrument import Instrument
from enkat.instruments.question import Question
from enkat.instruments.scale import Scale
from enkat.instruments.vocabulary import ServiceType


@dataclass(frozen=True)
class Catalogue:
    """The definitions of a city.

    Attributes
    ----------
    core
        Newest version of every core question, by id.
    scales
        Newest version of every shared scale, by id.
    supplements
        Supplementary questions by the id of their file.
    translated
        Languages that have a file of their own beside the definitions.
    histories
        Version records in words, by `core:<question id>`, instrument id, supplement id or `language:<code>`.
    """

    core: Mapping[str, Question]
    scales: Mapping[str, Scale]
    instruments: Mapping[str, Instrument]
    supplements: Mapping[str, tuple[Question, ...]]
    translated: tuple[str, ...] = ()
    supplement_titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    histories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def for_service(self, service: ServiceType) -> Instrument | None:
        """Return the instrument about a service, if there is one."""
        return next((found for found in self.instruments.values() if found.service == service), None)
