"""Tasks in the formats of other trainers and tools, written and read; each says where its layout comes from."""

from ._formats.tabular_prior import TabularPrior as TabularPrior
from ._formats.tabular_file import TabularFile as TabularFile
from ._formats.tabular_file import write_tabular as write_tabular
