"""A call's thread that begins only when its caller has gone."""

import threading

import pytest

from ancestral._engine._ffi.calls import in_thread


def test_a_thread_that_comes_too_late_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    start = threading.Thread.start
    late: list[threading.Thread] = []
    done: list[str] = []

    def interrupted(thread: threading.Thread) -> None:
        late.append(thread)
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        in_thread(lambda: done.append("written"))
    start(late[0])
    late[0].join()
    assert not done


def test_the_work_of_a_thread_is_done_before_its_caller_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    start = threading.Thread.start
    begun, may_end = threading.Event(), threading.Event()
    done: list[str] = []

    def work() -> None:
        begun.set()
        may_end.wait(60)
        done.append("written")

    def interrupted(thread: threading.Thread) -> None:
        start(thread)
        assert begun.wait(60)
        start(threading.Timer(0.2, may_end.set))
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        in_thread(work)
    assert done == ["written"]
