"""What can be wrong with a file of answers or with what is asked of it, in a form that a caller can put into words."""

from enum import StrEnum


class FaultKind(StrEnum):
    """What is wrong; the caller's sentence hangs on it."""

    LENGTH = "length"
    MISSING = "missing"
    WEIGHT = "weight"
    FPC = "fpc"
    FPC_VARIES = "fpc varies"
    SAMPLE_ABOVE_POPULATION = "sample above population"
    NOT_NESTED = "not nested"
    LONELY = "lonely"
    EMPTY_DOMAIN = "empty domain"
    UNKNOWN_LEVEL = "unknown level"
    MARGIN = "margin"
    NOT_CONVERGED = "not converged"
    BOUND = "bound"
    SINGULAR = "singular"
    ARGUMENT = "argument"


class MicrodataError(ValueError):
    """A file or a request that cannot be estimated from.

    Attributes
    ----------
    kind : FaultKind
        What is wrong.
    column : str
        The argument that holds the fault ("weights", "strata", "fpc", a margin's name …); "" where there is none.
    row : int or None
        The first row concerned, counted from 0.
    level : object
        The stratum, cell, domain or auxiliary variable concerned; None where there is none.
    value : float or None
        The number at fault.
    """

    def __init__(
        self,
        kind: FaultKind,
        message: str,
        *,
        column: str = "",
        row: int | None = None,
        level: object = None,
        value: float | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.column = column
        self.row = row
        self.level = level
        self.value = value
