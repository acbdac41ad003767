"""What is in a family, how far families are apart, and whether data give the causal order away."""

from .distances import Distance as Distance
from .distances import DistanceReport as DistanceReport
from .distances import EdgeDivergence as EdgeDivergence
from .distances import distance as distance
from .logs import log_figures as log_figures
from .logs import metrics as metrics
from .plots import adjacency_grid as adjacency_grid
from .plots import degree_histogram as degree_histogram
from .plots import distance_matrix as distance_matrix
from .plots import sortability_ladder as sortability_ladder
from .plots import spectra as spectra
from .reports import report as report
from .sortabilities import Sortability as Sortability
from .sortabilities import sortability as sortability
from .summaries import Law as Law
from .summaries import Summary as Summary
from .summaries import summary as summary
