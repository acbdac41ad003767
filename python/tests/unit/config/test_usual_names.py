"""A graph, mechanism or noise by the name of another tool or a paper is answered with ours."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import ancestral as anc
from interrupts import PATIENCE

TOOL = Path(__file__).parents[4] / ".build/release/ancestral"
GRAPHS = {
    "ER": "erdos_renyi",
    "er": "erdos_renyi",
    "Erdős-Rényi": "erdos_renyi",
    "gnp": "erdos_renyi",
    "SF": "scale_free",
    "BA": "scale_free",
    "barabasi_albert": "scale_free",
    "Scale-Free": "scale_free",
    "SBM": "stochastic_block",
    "StochasticBlockModel": "stochastic_block",
    "WS": "watts_strogatz",
    "small_world": "watts_strogatz",
    "RGG": "random_geometric",
    "backdoor": "back_door",
    "IV": "instrument",
    "latent-confounder": "hidden_confounder",
}
MECHANISMS = {"MLP": "mlp", "NN": "mlp", "GPCDE": "gpcde", "GP": "gp", "gaussian_process": "gp", "Linear": "linear"}
MECHANISMS |= {"poly": "polynomial", "sine": "periodic", "Random Forest": "tree", "CAM": "sigmoid_additive"}
NOISES = {"normal": "gaussian", "Gauss": "gaussian", "t": "student_t", "student-t": "student_t", "exp": "exponential"}


def refused(message: str) -> Any:
    return pytest.raises(anc.ConfigError, match=rf"\(did you mean {message}\?\)")


@pytest.mark.parametrize(
    ("word", "name"), [("noise", "noise_type"), ("mlp", "mlp_init"), ("standard", "standardization"), ("n_node", "n_nodes")]
)
def test_the_beginning_of_fields_means_the_shortest(word: str, name: str) -> None:
    with refused(name):
        anc.FamilyConfig.from_dict({word: 1})


@pytest.mark.parametrize(("word", "name"), GRAPHS.items())
def test_a_graph(word: str, name: str, tmp_path: Path) -> None:
    (tmp_path / "family.yaml").write_text(f"graph: {word}\n", encoding="utf-8")
    with refused(name):
        anc.FamilyConfig(graph=word)
    with refused(name):
        anc.SCMFamily(graph_generator=word)
    with refused(name):
        anc.SCMFamily.from_config(tmp_path / "family.yaml")


@pytest.mark.parametrize(("word", "name"), MECHANISMS.items())
def test_a_mechanism(word: str, name: str) -> None:
    with refused(name):
        anc.FamilyConfig(mechanism_proportions={word: 1})
    with refused(name):
        anc.SCMFamily(mechanism_factory=word)
    with refused(name):
        anc.SCMFamily.from_config({"mechanism_proportions": {"linear": 1, word: 1}})


@pytest.mark.parametrize(("word", "name"), NOISES.items())
def test_a_noise(word: str, name: str) -> None:
    with refused(name):
        anc.FamilyConfig(noise_type=word)
    with refused(name):
        anc.SCMFamily(noise_type=word)
    with refused(name):
        anc.SCMInstance.from_mechanisms([[0]], [lambda parents, noise: noise], noise_type=word)


FIELDS = {"noise": "noise_type", "graph_generator": "graph", "mechanisms": "mechanism_proportions", "num_nodes": "n_nodes"}
FIELDS |= {"expected_degree": "sparsity_param", "standardize": "standardization", "hidden_dim": "mlp_hidden"}


@pytest.mark.parametrize(("word", "name"), FIELDS.items())
def test_a_field(word: str, name: str) -> None:
    with refused(name):
        anc.FamilyConfig(**{word: 1})
    with refused(name):
        anc.FamilyConfig.from_dict({word: 1})


@pytest.mark.parametrize(("word", "name"), {"n_samples": "n_samples", "random_state": "seed"}.items())
def test_a_setting_of_the_data_set(word: str, name: str) -> None:
    with pytest.raises(
        anc.ConfigError, match=rf"^{word} = 9: is not a field of this configuration: {name} is told to the data set"
    ):
        anc.FamilyConfig.from_dict({word: 9})


def test_a_word_of_no_meaning_has_no_hint() -> None:
    with pytest.raises(anc.ConfigError, match=r"^graph = \"hypercube\": must be one of [a-z_, ]*\.$"):
        anc.FamilyConfig(graph="hypercube")


@pytest.mark.skipif(not TOOL.exists(), reason="the command line tool is not built")
def test_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "family.yaml").write_text("graph: ER\n")
    tool = shutil.which(str(TOOL))
    assert tool is not None
    done = subprocess.run([tool, "describe", str(tmp_path / "family.yaml")], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 2
    assert "did you mean erdos_renyi?" in done.stderr
