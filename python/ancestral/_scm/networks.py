"""Known Bayesian networks from files, as families."""

import os

from .._config.network import NetworkConfig
from .family import SCMFamily


def network(path: str | os.PathLike[str]) -> SCMFamily:
    """The family of a known network from its file: every task has its graph and its published laws, and rows of its own.

        family = anc.network("asia.bif.gz")
        family.config.names                     # ["asia", "tub", "smoke", ...]: node j is names[j]
        task = family.sample_task(7)
        task.sample(1000)                       # float32 [1000, 8]: numbers of states, from 0

    `path` ends with .bif, the Interchange Format for Bayesian networks, or .json, bnlearn's form of a linear-Gaussian network
    or a configuration with "network"; either may be packed, as .bif.gz. `family.config` is a `NetworkConfig`, which has the
    names, the states and exact laws under interventions. The family goes wherever families go: streams, fixed sets, mixtures,
    designs. Since all its tasks have one graph, a stream that must keep clear of it has nothing left to draw.

    Raises ConfigError, in one sentence with the line or the member, for what the file has wrong: unknown parents and states,
    rows that are missing, come twice or don't sum to 1, and a graph with a cycle, whose variables are named.
    """
    return SCMFamily.from_config(NetworkConfig.from_file(path))
