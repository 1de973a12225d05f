"""The house: rooms come and go with the memory, errors are explained, nobody's secrets told."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from catchlight.errors import FaceError, PictureTooLarge
from catchlight.web.calls import Call, Refused, Shelf, Stored
from catchlight.web.limits import Limits
from catchlight.web.rooms import tasks
from catchlight.web.rooms.house import House
from catchlight.web.visits import Visit

SECRET = "/store/x/u0.jpg"


def house(**limits: Any) -> tuple[House, list[Any]]:
    told: list[Any] = []
    pipe: Any = SimpleNamespace(send=told.append)
    return House(pipe, SimpleNamespace(value=0), Limits(**limits)), told


def call(visit: str = "v", task: str = "do", number: int = 1, **given: Any) -> Call:
    shelf = Shelf(visit, (Stored("p1", SECRET, "Me at home.jpg"),), "p1")
    return Call(number, task, shelf, given)


@pytest.fixture
def do(monkeypatch: pytest.MonkeyPatch) -> Any:
    def use(work: Any) -> None:
        monkeypatch.setattr(tasks, "TASKS", {"do": work})

    return use


def test_a_room_is_kept_for_who_comes_again_while_there_is_memory(do: Any) -> None:
    do(lambda room, _clock: id(room))
    roomy, _ = house(worker_mb=1e6)
    first = roomy.answer(call("a")).value
    roomy.answer(call("b"))
    assert roomy.answer(call("a")).value == first
    assert list(roomy.rooms) == ["b", "a"]
    narrow, _ = house(worker_mb=1.0)
    for visit in "abc":
        narrow.answer(call(visit))
    assert list(narrow.rooms) == ["c"]
    narrow.forget("c")
    assert not narrow.rooms


def test_stages_are_told_and_what_nobody_waits_for_ends(do: Any) -> None:
    def work(_room: Any, clock: Any) -> str:
        clock("first", lambda: setattr(place.stopped, "value", 7))
        return str(clock("second", lambda: "never"))

    do(work)
    place, told = house()
    answer = place.answer(call(number=7))
    assert answer.problem is not None
    assert answer.problem[0] == "stopped"
    assert [(n, stage) for n, stage, _ in told] == [(7, "do"), (7, "first")]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (FaceError("u0.jpg: no face"), ("face", "Me at home.jpg: no face")),
        (PictureTooLarge("u0.jpg is large"), ("too-large", "Me at home.jpg is large")),
        (Refused("model", "missing"), ("model", "missing")),
    ],
)
def test_errors_are_explained_in_the_owners_words(
    do: Any, error: Exception, expected: tuple[str, str]
) -> None:
    def work(_room: Any, _clock: Any) -> None:
        raise error

    do(work)
    answer = house()[0].answer(call())
    assert answer.problem == expected
    assert not answer.trace


def test_of_a_fault_only_the_place_is_noted(do: Any) -> None:
    def work(_room: Any, _clock: Any) -> None:
        raise ValueError(SECRET)

    do(work)
    answer = house()[0].answer(call())
    assert answer.problem is not None
    assert answer.problem[0] == "fault"
    assert "ValueError" in answer.trace
    assert "test_house.py" in answer.trace
    assert "store" not in answer.trace + answer.problem[1]
    assert "Me at" not in answer.trace + answer.problem[1]


def test_a_visit_does_not_remember_without_end() -> None:
    visit = Visit("v", None, Shelf("v"))  # type: ignore[arg-type]
    for i in range(500):
        visit.remember(str(i), {})
        visit.remember_frame(str(i), {})
    assert len(visit.looks.kept) == len(visit.frames.kept) == 64
