"""Files that somebody else wrote are data: they are refused in a sentence, and never run."""

import json
import pickle
import struct
import time
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

import ancestral as anc
from ancestral._engine import _ffi

LAUGHS = "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefghijk", "bcdefghijkl", strict=True)
)
FAMILY = anc.SCMFamily(4, sparsity_param=1.0)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("laughs.yaml", "a: &a [x, x, x]\n" + LAUGHS, "with its aliases written out"),
        ("itself.yaml", "n_nodes: &a [*a]\n", "nested more than 64"),
        ("itself.yml", "&a\nn_nodes: 3\nmechanism_proportions: *a\n", "nested more than 64"),
        ("deep.yaml", "n_nodes: " + "[" * 5000 + "]" * 5000, "nested more than 64"),
        ("deep.json", '{"n_nodes": ' + "[" * 200_000 + "]" * 200_000 + "}", "nested more than 64"),
        ("deeper.json", '{"mixture": [{"family": ' * 300 + "{}" + "}]}" * 300, "nested more than 64"),
        ("object.yaml", "n_nodes: !!python/object/apply:os.system ['exit 1']\n", "could not determine a constructor"),
        ("name.yaml", "n_nodes: !!python/name:os.system\n", "could not determine a constructor"),
        ("target.yaml", "_target_: os.system\ncommand: exit 1\n", "_target_ = "),
        ("digits.yaml", "n_nodes: " + "9" * 5000, "digits"),
        ("digits.json", '{"n_nodes": ' + "9" * 5000 + "}", "digits"),
        ("date.yaml", "n_nodes: 2024-99-99\n", "month"),
        ("text.json", '{"n_nodes": "' + "x" * 1_000_000 + '"}', "must be an integer from 1"),
        ("number.json", '{"sparsity_param": 1e400}', "must be a finite number"),
        ("half.json", '{"graph": "\\ud800"}', "must be"),
    ],
)
def test_a_hostile_configuration_is_refused_in_a_sentence(name: str, text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(anc.ConfigError, match=says) as caught:
        anc.SCMFamily.from_config(path)
    assert len(str(caught.value)) < 1000


def test_aliases_that_stay_small_are_read(tmp_path: Path) -> None:
    path = tmp_path / "family.yaml"
    path.write_text("mixture:\n- family: &base {n_nodes: 4, sparsity_param: 1}\n- family: {<<: *base, noise_type: laplace}\n")
    assert anc.SCMFamily.from_config(path).max_nodes == 4


@pytest.mark.parametrize("opening", ["[", '{"a":', '{"n_nodes": ['])
@pytest.mark.parametrize("depth", [*range(508, 518), 100_000])
def test_open_lists_of_any_depth_don_t_end_the_process(
    opening: str, depth: int
) -> None:  # Foundation's decoder trapped at 513.
    with pytest.raises(anc.ConfigError, match="nested at most 64"):
        _ffi.family_create(opening * depth)


def test_a_hostile_registry_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hashes.json"
    for content in ("[" * 200_000, '{"format": 1, "level": "exact", "hashes": ' + "[" * 900 + "]" * 900 + "}", "\ufeff{}"):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(anc.ConfigError, match=r"hashes\.json"):
            anc.HashRegistry.load(path)


def cached(folder: Path) -> anc.MetaFixedDataset:
    return anc.MetaFixedDataset(FAMILY, n_tasks=5, n_samples=6, cache_dir=folder)


class Payload:
    def __reduce__(self) -> tuple[object, ...]:
        return (__import__("os")._exit, (7,))


def header(content: bytes, length: int | None = None) -> bytes:
    return struct.pack("<Q", len(content) if length is None else length) + content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 7,
        header(b"", 2**63),  # A header of eight exabytes.
        header(b"", 2**40),
        header(b"{}"),
        header(b"[" * 100_000),
        header(b'{"X":{"dtype":"F32","shape":[9223372036854775807,9],"data_offsets":[0,4]}}') + bytes(4),
        header(
            b'{"X":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"seeds":{"dtype":"U8","shape":[9],"data_offsets":[4,13]}}'
        )
        + bytes(13),
        header(b'{"X":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}') + bytes(8),
        pickle.dumps(Payload()),
        b"PK\x03\x04" + bytes(100),
    ],
)
def test_a_hostile_cache_is_refused(content: bytes, tmp_path: Path) -> None:
    cached(tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(content)
    with pytest.raises(anc.ConfigError, match=r"can't be read .*remove it"):
        cached(tmp_path)


def test_a_cache_that_is_cut_or_of_another_version_is_refused(tmp_path: Path) -> None:
    cached(tmp_path)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    for size in (1, 8, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        with pytest.raises(anc.ConfigError, match=r"can't be read .*remove it"):
            cached(tmp_path)
    metadata = {"format": "2", "fingerprint": FAMILY.fingerprint()}
    path.write_bytes(whole)
    tensors = load_file(path)
    save_file(tensors, path, metadata)
    with pytest.raises(anc.ConfigError, match="format 2: must be 1; remove it"):
        cached(tmp_path)
    others = {
        "X": [torch.zeros(5, 7, 4), tensors["X"].double(), tensors["X"][:4].contiguous()],
        "adjacency": [torch.zeros(5, 4), tensors["adjacency"].to(torch.uint8)],
        "node_counts": [torch.zeros(4, dtype=torch.int32), tensors["node_counts"].float()],
        "seeds": [tensors["seeds"].int(), torch.zeros(5, 9, dtype=torch.uint8)],
    }
    for name, wrong in others.items():
        for tensor in wrong:
            save_file({**tensors, name: tensor}, path, {**metadata, "format": "1"})
            with pytest.raises(anc.ConfigError, match=f"has {name} .* of shape .*: must be .*; remove it"):
                cached(tmp_path)
        save_file({key: value for key, value in tensors.items() if key != name}, path, {**metadata, "format": "1"})
        with pytest.raises(anc.ConfigError, match=f"can't be read .*{name}.*remove it"):
            cached(tmp_path)
    path.unlink()
    assert len(cached(tmp_path)) == 5


def test_a_flipped_byte_in_the_header_never_gives_other_tasks(tmp_path: Path) -> None:
    right = cached(tmp_path)[0]
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    size = 8 + int.from_bytes(whole[:8], "little")
    refused = 0
    for place in range(0, size, 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            task = cached(tmp_path)[0]
        except anc.ConfigError:
            refused += 1
            continue
        # In what only says where the tasks come from.
        assert task.X.equal(right.X)
        assert task.adjacency.equal(right.adjacency)
    assert refused > 20


def test_state_is_plain_data() -> None:
    stream = anc.MetaIterableDataset(FAMILY, n_samples=2, batch_size=3)
    iterator = iter(stream)
    next(iterator)
    state = iterator.state_dict()  # pyright: ignore[reportAttributeAccessIssue]
    assert json.loads(json.dumps(state)) == state


def test_of_several_faults_the_first_is_told_in_each_process(tmp_path: Path) -> None:
    tensors = {f"t{number:02}": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]} for number in range(40)}
    header = json.dumps(tensors).encode()
    (tmp_path / "set.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + bytes(8))
    (fault,) = anc.verify(tmp_path / "set.safetensors")
    assert 'tensor "t00" has data_offsets [0, 4]' in fault


@pytest.mark.parametrize("what", ["nodes", "parents"])
def test_a_network_of_very_many_names_is_refused_at_once(what: str, tmp_path: Path) -> None:
    names = [f"v{number}" for number in range(60_000)]
    law = {"parents": names, "coefficients": {"(Intercept)": [0], **{name: [1] for name in names}}, "variance": [1]}
    given = {"nodes": names, "cpds": dict.fromkeys(names, 0)} if what == "nodes" else {"nodes": ["a"], "cpds": {"a": law}}
    (tmp_path / "many.json").write_text(json.dumps(given), encoding="utf-8")
    start = time.process_time()
    with pytest.raises(anc.ConfigError):
        anc.network(tmp_path / "many.json")
    assert time.process_time() - start < 5  # It took over 20 where each name was looked for among all others.
