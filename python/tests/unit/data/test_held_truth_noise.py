"""truth_noise of a design on a task under do, whose held nodes read noise again where a regime gives them a mechanism."""

import pytest
import torch

import ancestral as anc


@pytest.mark.parametrize("kind", ["linear", "mlp"])
@pytest.mark.parametrize("noise", ["fresh", "shared"])
@pytest.mark.parametrize("order", ["by_regime", "interleaved", "shuffled"])
def test_it_is_what_the_new_mechanism_of_a_held_node_reads(kind: str, noise: str, order: str) -> None:
    whole = anc.SCMFamily(4, sparsity_param=1.2, mechanism_factory=kind, standardization="none").sample_task(3)
    changed = anc.Interventions(n_samples=61, regimes=4, allocation="every_node", kind="mechanism", noise=noise, order=order)
    design = anc.Design(n_samples=20, interventions=changed, outputs=["truth_noise"])
    data = whole.do({2: 1.0, 0: 2.0}).run(design, draw=0)
    # The rows of a regime have the noise that they have without do, whose nodes are all regimes' targets in the same order.
    natural = whole.run(design, draw=0)["truth_noise"]
    hit = data["intervened"]
    assert (hit[:, [0, 2]].sum(0) >= 15).all()
    for node in (0, 2):
        assert data["truth_noise"][hit[:, node], node].equal(natural[hit[:, node], node])
        assert data["truth_noise"][~hit[:, node], node].eq(0).all()  # A constant reads none.
        if kind == "linear":  # Without parents: the noise, scaled.
            x, read = data["X"][hit[:, node], node], data["truth_noise"][hit[:, node], node]
            torch.testing.assert_close(x, read * (x[0] / read[0]))
