"""A mixture of two families, of which one has tasks of different sizes."""

import ancestral as anc

SMALL = anc.FamilyConfig(n_nodes=3, sparsity_param=1.0, noise_type="laplace")
RANGE = anc.FamilyConfig(
    n_nodes=6,
    n_nodes_max=9,
    graph="scale_free",
    sparsity_param=1.2,
    mechanism_proportions={"mlp": 1.0, "gpcde": 3.0},
    gpcde_features=32,
)
MIXTURE = anc.MixtureConfig([SMALL, RANGE], weights=[1, 3])
