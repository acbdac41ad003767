"""Summaries of families and of data sets, distances between them, their sortability, pictures and reports."""

from ._analysis.design_distances import design_distance as design_distance
from ._analysis.design_summaries import DesignSummary as DesignSummary
from ._analysis.design_summaries import design_summary as design_summary
from ._analysis.distances import Distance as Distance
from ._analysis.distances import DistanceReport as DistanceReport
from ._analysis.distances import EdgeDivergence as EdgeDivergence
from ._analysis.distances import distance as distance
from ._analysis.laws import Law as Law
from ._analysis.logs import log_figures as log_figures
from ._analysis.logs import metrics as metrics
from ._analysis.plots import adjacency_grid as adjacency_grid
from ._analysis.plots import degree_histogram as degree_histogram
from ._analysis.plots import distance_matrix as distance_matrix
from ._analysis.plots import overlays as overlays
from ._analysis.plots import sortability_ladder as sortability_ladder
from ._analysis.plots import spectra as spectra
from ._analysis.reports import report as report
from ._analysis.sortabilities import Sortability as Sortability
from ._analysis.sortabilities import sortability as sortability
from ._analysis.summaries import Summary as Summary
from ._analysis.summaries import summary as summary
