"""ANCESTRAL_KERNELS, by which a level of the engine's kernels is forced: the same bits, or a sentence."""

import os
import subprocess
import sys

import pytest

CODE = """
import ancestral as anc
try:
    family = anc.SCMFamily(n_nodes=5, mechanism_proportions={"linear": 1, "mlp": 1, "gpcde": 1})
    print(sum(hash(family.sample_task(seed).sample(40).numpy().tobytes()) for seed in range(3)))
except anc.ConfigError as error:
    print(error)
"""


def printed(level: str) -> str:
    environment = {**os.environ, "ANCESTRAL_KERNELS": level, "PYTHONHASHSEED": "0"}
    done = subprocess.run([sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.slow
def test_a_level_of_kernels_can_be_forced_and_has_the_same_bits() -> None:
    chosen = printed("")
    assert chosen.lstrip("-").isdigit()
    assert printed("baseline") == chosen


def test_a_level_that_is_none_is_refused_in_a_sentence() -> None:
    assert printed("v5").startswith("ANCESTRAL_KERNELS = v5: must be one of baseline")
