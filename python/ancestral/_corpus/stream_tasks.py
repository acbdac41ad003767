"""The tasks of a corpus in the place of those that its stream would draw."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from os import PathLike
from typing import TypeAlias

import torch
from torch import Tensor

from .._data.batches.given_rows import design_of_kinds
from .._data.batches.stacked import Stacked
from .._data.sets.task_stores import FileStore
from .._data.stream.iterable_dataset import MetaIterableDataset
from .._engine.errors import ConfigError
from .._engine.memory import empty
from .dataset import CorpusDataset

GivenCorpus: TypeAlias = CorpusDataset | str | PathLike[str] | None


class StreamTasks:
    """The first tasks of a stream, read from the files of its corpus. It pickles as the corpus does."""

    def __init__(self, corpus: CorpusDataset) -> None:
        self._corpus = corpus

    def __len__(self) -> int:
        return len(self._corpus)

    def stacked(self, numbers: Sequence[int], *, shared: bool | None) -> Stacked:
        """Tasks by their numbers, with all arrays; `shared` is that of `empty`."""
        parts = [store.take(torch.tensor(rows, device="cpu"), shared=shared) for store, rows in self._places(numbers)]
        if len(parts) == 1:
            return parts[0]
        names = parts[0].arrays
        return parts[0]._replace(arrays={name: torch.cat([part.arrays[name] for part in parts]) for name in names})

    def hashes(self, numbers: Sequence[int]) -> Tensor:
        """Of their graphs, uint8 [B, 32]."""
        found = [store.read("hashes", rows, empty(len(rows), 32, dtype=torch.uint8)) for store, rows in self._places(numbers)]
        return torch.cat(found)

    def _places(self, numbers: Sequence[int]) -> Iterator[tuple[FileStore, list[int]]]:
        """Each file with the rows of it, in the order of the numbers."""
        size: int = self._corpus.description["tasks_per_shard"]
        for shard, group in groupby(numbers, lambda number: number // size):
            yield self._corpus._store(shard), [number % size for number in group]  # pyright: ignore[reportPrivateUsage]


def opened(corpus: GivenCorpus) -> CorpusDataset | None:
    """The dataset of a folder. ConfigError where that holds no complete corpus."""
    return corpus if corpus is None or isinstance(corpus, CorpusDataset) else CorpusDataset(corpus)


def read_from(corpus: CorpusDataset | None, stream: MetaIterableDataset) -> None:
    """Lets a stream read its first tasks from a corpus, if there is one. ConfigError unless that holds them."""
    if corpus is None:
        return
    given, reserved = corpus.description["reserved"], stream.reserved
    theirs = None if given is None else (given["level"], set(given["hashes"]))
    wrong = ""
    # A stream without graphs shows nothing of what a corpus tells of its nodes.
    told = stream.design or design_of_kinds(stream.family, stream.n_samples)
    if corpus.fingerprint != stream.family.fingerprint(told):
        wrong = "is of another family or design than train"
    elif corpus.n_samples != stream.n_samples:
        wrong = f"has tasks of {corpus.n_samples} rows, and n_samples is {stream.n_samples}"
    elif corpus.base_seed != stream.base_seed:
        wrong = f"has base_seed {corpus.base_seed}, and the stream {stream.base_seed}"
    elif theirs != (None if reserved is None else (reserved.level, set(reserved))):
        wrong = "keeps clear of other graphs than those of the fixed sets"
    if wrong:
        raise ConfigError(
            f"corpus = {str(corpus.folder)!r}: {wrong}: must be written by write_corpus with the module's train_family, "
            "base_seed, n_samples or design and, after setup(), `reserved`."
        )
    stream._stored = StreamTasks(corpus)  # pyright: ignore[reportPrivateUsage]
