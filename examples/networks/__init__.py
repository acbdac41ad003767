"""Networks that read a data set and answer with a causal graph, each from its paper, and what trains them."""
