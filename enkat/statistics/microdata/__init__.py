"""A file of answers with its design: R's ``survey`` in NumPy, for any file and any design of one stage.

Say once what was asked of whom, then estimate; all domains and columns at once::

    design = SurveyDesign.of(strata=unit, fpc=clients)                 # weights N/r
    design = SurveyDesign.of(weights=w, strata=s, clusters=c, lonely=Lonely.ADJUST)
    design = rake(design, {"sex": sex, "age": age}, {"sex": {...}, "age": {...}})
    mean(design, answers, by={"district": district}).at(0, 0).estimate
    mean(design.domain(own_answer), answers)                           # a domain keeps weights and strata

Every verb takes ``(design, y, *, by=, names=, level=, df=)`` and returns `Estimates` (domains × columns), whose
elements are `Estimate` (estimate, se, lo, hi, n, N, df, method, reason). NaN in ``y`` is missing.

======================  ==========================================================================  ================
module                  verbs                                                                       R
======================  ==========================================================================  ================
``design``              `SurveyDesign.of`, ``.domain``, ``.uncorrected``, ``.degrees_of_freedom``   svydesign, degf
``means``               `mean`, `share`, `distribution`, `total`, `ratio_of`                        svymean, svytotal
``faults``              `MicrodataError` with kind, column, row, level, value
======================  ==========================================================================  ================

PURE, like the rest of statistics.
"""

from enkat.statistics.microdata.design import Lonely, SurveyDesign
from enkat.statistics.microdata.domains import Domains
from enkat.statistics.microdata.faults import FaultKind, MicrodataError
from enkat.statistics.microdata.means import distribution, mean, ratio_of, share, total
from enkat.statistics.microdata.results import Estimate, Estimates, Reason

__all__ = [
    "Domains",
    "Estimate",
    "Estimates",
    "FaultKind",
    "Lonely",
    "MicrodataError",
    "Reason",
    "SurveyDesign",
    "distribution",
    "mean",
    "ratio_of",
    "share",
    "total",
]
