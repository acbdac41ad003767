"""Seeds: which numbers are seeds, and the streams that the engine derives from them (numerics 1.3)."""

from typing import Any

import numpy as np
import pytest
import torch

import ancestral as anc
from ancestral._engine import _ffi
from ancestral._engine.checks import check_seed, seeds_from_tensor, seeds_to_tensor


@pytest.mark.parametrize(
    "seed", [-1, True, False, 1.0, "7", None, np.float64(3), torch.tensor(3.0), torch.tensor([3]), np.int64(-5), b"1"]
)
def test_refuses_what_is_no_seed(seed: Any) -> None:
    with pytest.raises(anc.ConfigError, match=r"^seed = .* must be"):
        anc.SCMFamily(3, sparsity_param=1.0).sample_task(seed)


def test_takes_every_whole_number_modulo_64_bits() -> None:
    assert check_seed(0) == 0
    assert check_seed(2**64 + 5) == 5
    assert check_seed(np.uint64(2**64 - 1)) == 2**64 - 1
    assert anc.SCMFamily(5).sample_task(2**64 + 9).sample(2).equal(anc.SCMFamily(5).sample_task(9).sample(2))


def test_zero_is_a_seed_of_its_own() -> None:
    family = anc.SCMFamily(10)
    assert family.sample_task(0).sample(5).equal(family.sample_task(0).sample(5))
    assert not family.sample_task(0).sample(5).equal(family.sample_task(1).sample(5))


def test_travels_through_int64_and_back() -> None:
    seeds = [0, 1, 2**63 - 1, 2**63, 2**64 - 1]
    assert seeds_from_tensor(seeds_to_tensor(seeds)) == seeds


def test_stream_seeds_are_the_specified() -> None:
    def stream(base: int, offset: int) -> list[int]:
        return seeds_from_tensor(_ffi.stream_seeds(base, offset, -1, 0, 3))

    assert stream(0, 0) == [0xD8CD638CAF23E049, 0x89CF5C60A4DC2331, 0x08B4E950702F761C]
    assert stream(0, 7) == [0x8EC965ECC9FE7817, 0x9A299E53EAAC46CC, 0x9F5C2953CD1B8E4F]
    assert stream(42, 0) == [0x36DB7EC4AD9060DA, 0xE3272B66C8883967, 0x9C81C820E1BBFF43]
    assert seeds_from_tensor(_ffi.stream_seeds(0, 0, -1, 2, 1)) == [0x08B4E950702F761C]


def test_fixed_and_retry_seeds_are_the_specified() -> None:
    assert seeds_from_tensor(_ffi.fixed_seeds(42, 2)) == [0x35C9A3386AB7F269, 0xA09B6DA95D20E7F4]
    assert _ffi.retry_seed(0xD8CD638CAF23E049, 1) == 0x573FD89D9E25472E
    assert _ffi.retry_seed(0xD8CD638CAF23E049, 2) == 0x0D491D453B2CE846


def test_epochs_and_the_elastic_order_have_seeds_of_their_own() -> None:
    kinds = [(-1, -1), (0, -1), (1, -1), (-1, 0), (-1, 1), (0, 0)]
    seeds = [seed for offset, epoch in kinds for seed in seeds_from_tensor(_ffi.stream_seeds(3, offset, epoch, 0, 50))]
    assert len(set(seeds)) == len(seeds)
