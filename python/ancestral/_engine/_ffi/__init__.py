"""The C line (`ancestral.h`), function by function: the only ctypes of the package.

Every function checks the memory that it hands over, makes its call, and turns a failing status into one of our
exceptions with the engine's own sentence. Seeds travel as int64 tensors that hold the bits of unsigned 64-bit numbers;
see `checks.py`.
"""

from .about import limits as limits
from .about import meant_name as meant_name
from .about import measures as measures
from .about import presets as presets
from .about import schema as schema
from .about import version as version
from .calls import Stopped as Stopped
from .designs import design_admits as design_admits
from .designs import design_create as design_create
from .designs import design_describe as design_describe
from .designs import design_distance as design_distance
from .designs import design_schema as design_schema
from .designs import design_summary as design_summary
from .designs import experiments_fill as experiments_fill
from .designs import instance_run as instance_run
from .families import family_components as family_components
from .families import family_config as family_config
from .families import family_create as family_create
from .families import family_fingerprint as family_fingerprint
from .families import network_probabilities as network_probabilities
from .families import network_read as network_read
from .files import run_read as run_read
from .files import set_plan as set_plan
from .files import tensors_read as tensors_read
from .files import verify as verify
from .graphs import LEVELS as LEVELS
from .graphs import graph_cpdag as graph_cpdag
from .graphs import graph_cpdag_of_targets as graph_cpdag_of_targets
from .graphs import graph_hash as graph_hash
from .graphs import graph_order as graph_order
from .graphs import reserved_create as reserved_create
from .graphs import reserved_mass as reserved_mass
from .handles import Handle as Handle
from .handles import integers as integers
from .instances import instance_adjacency as instance_adjacency
from .instances import instance_create as instance_create
from .instances import instance_describe as instance_describe
from .instances import instance_do as instance_do
from .instances import instance_parameters as instance_parameters
from .instances import instance_sample as instance_sample
from .samples import sample_add as sample_add
from .samples import sample_create as sample_create
from .samples import sample_distance as sample_distance
from .samples import sample_draw as sample_draw
from .samples import sample_summary as sample_summary
from .samples import sortability as sortability
from .samples import spectra as spectra
from .samples import standardize as standardize
from .seeds import analysis_seeds as analysis_seeds
from .seeds import fixed_seeds as fixed_seeds
from .seeds import retry_seed as retry_seed
from .seeds import stream_seeds as stream_seeds
from .signatures import ABI_VERSION as ABI_VERSION
from .tasks import noise_fill as noise_fill
from .tasks import tasks_fill as tasks_fill
