"""Measures of how good a predicted graph is. A[i, j] == 1 means i -> j, everywhere; only pairs of different nodes count.

Graphs and scores are [n, n], as tensors of any dtype and device, arrays, SciPy's sparse matrices, lists, tables of pandas or
polars, or graphs of networkx, whose nodes are called 0, 1, ..., or the same in the truth and the guess. With [B, n, n] of
both, each function gives an array [B]. Without pairs (no node or one) a distance is 0, `f1` is 1, and `auroc` and
`average_precision` are NaN.

`auroc` and `average_precision` need scikit-learn, `sid` and `aid` need gadjid: both come with the extra `eval`.
"""

from ._analysis.rank_correlations import RankCorrelation as RankCorrelation
from ._evaluation.acyclicity import acyclic_guess as acyclic_guess
from ._evaluation.acyclicity import share_acyclic as share_acyclic
from ._evaluation.adjustments import AdjustmentDistance as AdjustmentDistance
from ._evaluation.adjustments import aid as aid
from ._evaluation.adjustments import expected_aid as expected_aid
from ._evaluation.adjustments import expected_sid as expected_sid
from ._evaluation.adjustments import sid as sid
from ._evaluation.bootstrap import Estimate as Estimate
from ._evaluation.evaluating import evaluate as evaluate
from ._evaluation.expectations import expected_f1 as expected_f1
from ._evaluation.expectations import expected_shd as expected_shd
from ._evaluation.expectations import log_probability as log_probability
from ._evaluation.graph_distances import cpdag_shd as cpdag_shd
from ._evaluation.graph_distances import f1 as f1
from ._evaluation.graph_distances import shd as shd
from ._evaluation.plots import ood_correlation as ood_correlation
from ._evaluation.plots import ood_curve as ood_curve
from ._evaluation.plots import precision_recall_curve as precision_recall_curve
from ._evaluation.plots import reliability_diagram as reliability_diagram
from ._evaluation.rankings import auroc as auroc
from ._evaluation.rankings import average_precision as average_precision
from ._evaluation.reliability import Reliability as Reliability
from ._evaluation.reliability import brier as brier
from ._evaluation.reliability import reliability as reliability
from ._evaluation.results import Evaluation as Evaluation
from ._evaluation.results import FamilyResult as FamilyResult
from ._evaluation.results import NetworkResult as NetworkResult
