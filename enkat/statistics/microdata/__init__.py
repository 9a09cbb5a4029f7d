"""A file of answers with its design: R's ``survey`` in NumPy, for any file and any design of one stage.

Say once what was asked of whom, then estimate; all domains and columns at once::

    design = SurveyDesign.of(strata=unit, fpc=clients)                 # weights N/r
    design = SurveyDesign.of(weights=w, strata=s, clusters=c, lonely=Lonely.ADJUST)
    design = rake(design, [Margin({"sex": sex}, {"f": 390, "m": 250}), Margin({"age": age}, …)])
    mean(design, answers, by={"district": district}).at(0, 0).estimate
    mean(design.domain(own_answer), answers)                           # a domain keeps weights and strata

Verbs take ``(design, y, *, by=, names=, level=, df=)`` and return `Estimates` (domains × columns), whose elements are
`Estimate` (estimate, se, lo, hi, n, N, df, method, reason). NaN in ``y`` is missing. What changes weights takes a
design and returns another; the variance remembers how the weights came about.

======================  ==========================================================================  ================
module                  verbs                                                                       R
======================  ==========================================================================  ================
``design``              `SurveyDesign.of`, ``.domain``, ``.uncorrected``, ``.degrees_of_freedom``   svydesign, degf
``means``               `mean`, `share`, `distribution`, `total`, `ratio_of`                        svymean, svytotal
``quantiles``           `quantile`                                                                  svyquantile
``spread``              `variance`, `design_effect`                                                 svyvar, deff
``contrasts``           `contrast`, `difference`, `ratio_contrast`, `covariance`                    svycontrast
``independence``        `rao_scott`                                                                 svychisq
``scales``              `index_points`, `criterion_points`, `cronbach_alpha`                        svycralpha
``poststrata``          `Margin`, `poststratify`, `rake`                                            postStratify, rake
``calibration``         `calibrate` with `Distance`                                                 calibrate
``trimming``            `trim`, giving `Trimmed` with the trimmed share                             trimWeights
``standardising``       `standardise`                                                               svystandardize
``pooling``             `pool`                                                                      rbind
``faults``              `MicrodataError` with kind, column, row, level, value
======================  ==========================================================================  ================

PURE, like the rest of statistics.
"""

from enkat.statistics.microdata.calibration import Distance, calibrate
from enkat.statistics.microdata.contrasts import contrast, covariance, difference, ratio_contrast
from enkat.statistics.microdata.design import Lonely, SurveyDesign
from enkat.statistics.microdata.domains import Domains
from enkat.statistics.microdata.faults import FaultKind, MicrodataError
from enkat.statistics.microdata.independence import Outcome, rao_scott
from enkat.statistics.microdata.means import distribution, mean, ratio_of, share, total
from enkat.statistics.microdata.pooling import pool
from enkat.statistics.microdata.poststrata import Margin, poststratify, rake
from enkat.statistics.microdata.quantiles import quantile
from enkat.statistics.microdata.results import DegreesOfFreedom, Estimate, Estimates, Reason
from enkat.statistics.microdata.scales import criterion_points, cronbach_alpha, index_points
from enkat.statistics.microdata.spread import design_effect, variance
from enkat.statistics.microdata.standardising import standardise
from enkat.statistics.microdata.trimming import Trimmed, trim

__all__ = [
    "DegreesOfFreedom",
    "Distance",
    "Domains",
    "Estimate",
    "Estimates",
    "FaultKind",
    "Lonely",
    "Margin",
    "MicrodataError",
    "Outcome",
    "Reason",
    "SurveyDesign",
    "Trimmed",
    "calibrate",
    "contrast",
    "covariance",
    "criterion_points",
    "cronbach_alpha",
    "design_effect",
    "difference",
    "distribution",
    "index_points",
    "mean",
    "pool",
    "poststratify",
    "quantile",
    "rake",
    "rao_scott",
    "ratio_contrast",
    "ratio_of",
    "share",
    "standardise",
    "total",
    "trim",
    "variance",
]
