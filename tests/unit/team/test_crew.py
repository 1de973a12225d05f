"""The crew: tasks handed out once, lost ones given to another, what is done remembered."""

from __future__ import annotations

import itertools
import os
import pickle
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catchlight.errors import PictureError
from catchlight.team.crew import places
from catchlight.team.crew.foreman import Foreman, HandLost
from catchlight.team.crew.journal import Journal
from catchlight.team.crew.noted import do_all
from catchlight.team.crew.processes import hire_processes
from catchlight.team.crew.task import Outcome, Task, ask
from catchlight.team.people.gather import gather_people


class Drawn:
    """A hand that does as it is told."""

    def __init__(
        self, name: str, log: list[tuple[str, str]], dies_of: tuple[str, ...] = ()
    ) -> None:
        self.name, self.log, self.dies_of = name, log, dies_of
        self.ended: list[bool] = []
        self.count = itertools.count()

    def give(self, task: Task) -> Any:
        self.log.append((self.name, task.person))
        return (self, task, next(self.count))

    def take(self, handle: Any) -> tuple[bytes | None, str, float, float]:
        task = handle[1]
        if task.person in self.dies_of:
            raise HandLost("ended")
        held = 5000.0 if task.person == "large" else 10.0
        if task.person == "faceless":
            return None, "no face", 0.1, held
        return pickle.dumps({"person": task.person}), "", 0.1, held

    def end(self, *, at_once: bool) -> None:
        self.ended.append(at_once)


def tasks(*people: str) -> Iterator[Task]:
    return (ask("survey", person, {"photos": [], "name": person}) for person in people)


def first(handles: list[Any]) -> list[Any]:
    return handles[:1]


def test_every_task_is_done_once() -> None:
    log: list[tuple[str, str]] = []
    crew = Foreman([Drawn("a", log), Drawn("b", log)], first)
    found = list(crew.work(tasks("1", "2", "3", "faceless")))
    assert sorted(o.task.person for o in found) == ["1", "2", "3", "faceless"]
    assert sorted(p for _, p in log) == ["1", "2", "3", "faceless"]
    assert [o.reason for o in found if o.result is None] == ["no face"]


def test_a_lost_task_goes_to_another_hand_once() -> None:
    log: list[tuple[str, str]] = []
    crew = Foreman([Drawn("a", log, ("1",)), Drawn("b", log)], first)
    found = {o.task.person: o for o in crew.work(tasks("1", "2", "3"))}
    assert [who for who, person in log if person == "1"] == ["a", "b"]
    assert found["1"].result is not None
    assert found["1"].tries == 2


def test_what_kills_two_workers_is_set_aside_with_its_reason() -> None:
    log: list[tuple[str, str]] = []
    hands = [Drawn("a", log, ("bad",)), Drawn("b", log, ("bad",))]
    found = {o.task.person: o for o in Foreman(hands, first).work(tasks("bad", "1", "2"))}
    assert found["bad"].result is None
    assert "twice" in found["bad"].reason
    assert found["1"].result and found["2"].result
    assert sum(person == "bad" for _, person in log) == 2
    assert hands[0].ended == hands[1].ended == [True]


def test_a_worker_that_grew_is_replaced() -> None:
    hand = Drawn("a", [])
    list(Foreman([hand], first, most_mb=1300).work(tasks("large", "1")))
    assert hand.ended == [False]


def test_photos_are_read_only_when_somebody_is_free() -> None:
    read: list[str] = []

    def lazily() -> Iterator[Task]:
        for task in tasks("1", "2", "3", "4", "5"):
            read.append(task.person)
            yield task

    working = Foreman([Drawn("a", []), Drawn("b", [])], first).work(lazily())
    next(working)
    assert len(read) <= 3
    hands_before = list(read)
    working.close()
    assert read == hands_before


def test_the_journal_goes_on_where_it_was(tmp_path: Path) -> None:
    log: list[tuple[str, str]] = []
    told: list[tuple[str, int, int]] = []

    def tell(*said: Any) -> None:
        told.append(said)

    with Journal(tmp_path) as journal:
        working = do_all(
            tasks("1", "2", "3"), Foreman([Drawn("a", log)], first), journal, "x", 3, tell
        )
        next(working)
        next(working)
        working.close()  # the run is stopped
    with Journal(tmp_path) as journal:
        found = list(
            do_all(tasks("1", "2", "3"), Foreman([Drawn("a", log)], first), journal, "x", 3, tell)
        )
        noted = [journal.look_up(task) for task in tasks("1", "2", "3")]
    assert all(outcome is not None and outcome.result for outcome in noted)
    assert sorted(o.task.person for o in found) == ["1", "2", "3"]
    assert [o.read()["person"] for o in found] == [o.task.person for o in found]
    # The one that was in the middle is done again, those that were noted are not.
    assert sorted(p for _, p in log) in (["1", "2", "3"], ["1", "2", "3", "3"])
    assert told[-1] == ("x", 3, 3)


def test_a_result_that_was_tidied_away_is_made_again(tmp_path: Path) -> None:
    (task,) = tasks("1")
    with Journal(tmp_path) as journal:
        journal.note(Outcome(task, b"result"))
        assert journal.look_up(task) is not None
        next((tmp_path / "results").rglob("*.bin")).unlink()
        assert journal.look_up(task) is None


def test_a_crash_between_the_file_and_its_line_costs_that_task_alone(tmp_path: Path) -> None:
    one, two = tasks("1", "2")
    child = os.fork() if hasattr(os, "fork") else None
    if child is None:
        pytest.skip("no fork here")
    if child == 0:
        with Journal(tmp_path) as journal:
            journal.note(Outcome(one, b"one"))
            journal._base.execute("begin immediate")
            journal._place(two.key).write_bytes(b"half")
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    with Journal(tmp_path) as journal:
        found = journal.look_up(one)
        assert found is not None
        assert found.result == b"one"
        assert journal.look_up(two) is None
        journal.note(Outcome(two, b"two"))
        again = journal.look_up(two)
        assert again is not None
        assert again.result == b"two"


def test_the_same_work_has_the_same_key_and_other_work_another() -> None:
    given = {"photos": [("a", b"1")], "face": None, "max_megapixels": 120.0}
    first_key = ask("survey", "ann", given).key
    assert ask("survey", "ann", dict(reversed(given.items()))).key == first_key
    for change in ({"face": 1}, {"photos": [("a", b"2")]}, {"photos": [("a", b"1"), ("b", b"")]}):
        assert ask("survey", "ann", {**given, **change}).key != first_key
    assert ask("master", "ann", given).key != first_key


def test_real_processes_answer_and_say_what_is_wrong() -> None:
    crew = hire_processes(1)
    given = {"photos": [("a.jpg", b"no picture")], "face": None, "max_megapixels": 120.0}
    try:
        (found,) = crew.work([ask("survey", "ann", given)])
    finally:
        crew.end(at_once=True)
    assert found.read()["best"] is None
    assert "a.jpg" in found.read()["failed"][0]
    assert found.held_mb > 1


def test_files_anywhere(tmp_path: Path) -> None:
    pytest.importorskip("fsspec", reason="the extra `team` is not installed")
    for folder in (str(tmp_path / "x"), "memory://team"):
        place = places.join(folder, "sub", "a.bin")
        places.write(b"one", place, force=True)
        places.write(b"two", place, force=True)
        assert places.read(place) == b"two"
        assert places.exists(place)
        assert not places.exists(places.join(folder, "b.bin"))
        with pytest.raises(PictureError):
            places.read(places.join(folder, "b.bin"))
    assert places.list_files("memory://team/sub") == ["memory://team/sub/a.bin"]
    (person,) = gather_people("memory://team/sub")
    assert (person.name, person.photos) == ("a", ("memory://team/sub/a.bin",))
    places.write(b"name,files\nAnn,sub/a.bin", "memory://team/list.csv", force=True)
    (ann,) = gather_people("memory://team/list.csv")
    assert places.read(ann.photos[0]) == b"two"
