"""Tasks in the formats of other trainers and tools, written and read; each says where its layout comes from."""

from ._formats.avici import from_avici as from_avici
from ._formats.avici import to_avici as to_avici
from ._formats.bcnp import BCNPDataset as BCNPDataset
from ._formats.bcnp import write_bcnp as write_bcnp
from ._formats.causalfm import to_causalfm as to_causalfm
from ._formats.causalfm import write_causalfm as write_causalfm
from ._formats.dcdi import read_dcdi as read_dcdi
from ._formats.dcdi import write_dcdi as write_dcdi
from ._formats.do_pfn import to_do_pfn as to_do_pfn
from ._formats.graphs import from_networkx as from_networkx
from ._formats.graphs import read_graphml as read_graphml
from ._formats.graphs import to_dot as to_dot
from ._formats.graphs import to_networkx as to_networkx
from ._formats.graphs import write_dot as write_dot
from ._formats.graphs import write_graphml as write_graphml
from ._formats.observed import SACHS_EDGES as SACHS_EDGES
from ._formats.observed import read_observed as read_observed
from ._formats.observed import read_sachs as read_sachs
from ._formats.tables import Tables as Tables
from ._formats.tables import from_pandas as from_pandas
from ._formats.tables import read_csv as read_csv
from ._formats.tables import to_pandas as to_pandas
from ._formats.tables import write_csv as write_csv
from ._formats.tabular_file import TabularFile as TabularFile
from ._formats.tabular_file import write_tabular as write_tabular
from ._formats.tabular_prior import TabularPrior as TabularPrior
