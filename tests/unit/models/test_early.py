"""Models opened ahead: in the background, once, and never in a process of one thread."""

import threading

import pytest

from catchlight.models import early


def open_and_wait(monkeypatch: pytest.MonkeyPatch, threads: int, *, fine: bool = False) -> list:
    opened: list[str] = []
    monkeypatch.setattr(early, "count_threads", lambda: threads)
    monkeypatch.setattr(early, "is_present", lambda name: name != "face_likeness")
    monkeypatch.setattr(early, "open_model", opened.append)
    before = set(threading.enumerate())
    early.open_early(fine=fine)
    for thread in set(threading.enumerate()) - before:
        thread.join()
    return opened


def test_what_lies_in_the_cache_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_and_wait(monkeypatch, 2) == ["salient_small"]
    assert open_and_wait(monkeypatch, 2, fine=True) == ["salient_small", "salient_large"]


def test_one_thread_opens_nothing_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_and_wait(monkeypatch, 1) == []
