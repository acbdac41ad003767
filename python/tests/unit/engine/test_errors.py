"""Every error is one sentence and keeps its type through pickling, so that it crosses out of a worker."""

import pickle

import pytest

import ancestral as anc


@pytest.mark.parametrize(
    ("error", "base"),
    [(anc.ConfigError, ValueError), (anc.DisjointnessError, RuntimeError), (anc.EngineError, RuntimeError)],
)
def test_keeps_type_and_sentence(error: type[Exception], base: type[Exception]) -> None:
    again = pickle.loads(pickle.dumps(error("n_nodes = 0: must be more.")))
    assert type(again) is error
    assert isinstance(again, base)
    assert again.args == ("n_nodes = 0: must be more.",)
