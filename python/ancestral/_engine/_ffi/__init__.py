"""The C line (`ancestral.h`), function by function: the only ctypes of the package.

Every function checks the memory that it hands over, makes its call, and turns a failing status into one of our
exceptions with the engine's own sentence. Seeds travel as int64 tensors that hold the bits of unsigned 64-bit numbers;
see `checks.py`.
"""

from .calls import Stopped as Stopped
from .designs import design_admits as design_admits
from .designs import design_create as design_create
from .designs import design_describe as design_describe
from .designs import design_schema as design_schema
from .designs import experiments_fill as experiments_fill
from .designs import instance_run as instance_run
from .families import family_components as family_components
from .families import family_config as family_config
from .families import family_create as family_create
from .families import family_fingerprint as family_fingerprint
from .families import family_max_nodes as family_max_nodes
from .families import fixed_seeds as fixed_seeds
from .families import presets as presets
from .families import retry_seed as retry_seed
from .families import schema as schema
from .families import stream_seeds as stream_seeds
from .families import version as version
from .graphs import LEVELS as LEVELS
from .graphs import graph_count as graph_count
from .graphs import graph_cpdag as graph_cpdag
from .graphs import graph_cpdag_of_targets as graph_cpdag_of_targets
from .graphs import graph_hash as graph_hash
from .graphs import graph_order as graph_order
from .graphs import reserved_create as reserved_create
from .handles import Handle as Handle
from .handles import integers as integers
from .instances import instance_adjacency as instance_adjacency
from .instances import instance_create as instance_create
from .instances import instance_do as instance_do
from .instances import instance_mechanisms as instance_mechanisms
from .instances import instance_node_count as instance_node_count
from .instances import instance_order as instance_order
from .instances import instance_parameters as instance_parameters
from .instances import instance_sample as instance_sample
from .samples import measures as measures
from .samples import sample_add as sample_add
from .samples import sample_create as sample_create
from .samples import sample_distance as sample_distance
from .samples import sample_draw as sample_draw
from .samples import sample_summary as sample_summary
from .samples import sortability as sortability
from .samples import verify as verify
from .signatures import ABI_VERSION as ABI_VERSION
from .tasks import noise_fill as noise_fill
from .tasks import tasks_fill as tasks_fill
