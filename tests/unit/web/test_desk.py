"""The desk: fair turns, what is refused, what is superseded, and workers that do not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any

import pytest

from catchlight.web.calls import Answer, Call, Shelf
from catchlight.web.desk import Desk
from catchlight.web.limits import Limits
from catchlight.web.problems import Problem


class FakeSeat:
    """A seat whose worker answers when it is told to."""

    pid = 1

    def __init__(self) -> None:
        self.given: list[tuple[Call, Future[Answer]]] = []
        self.ended = 0

    def give(self, _work: Any, call: Call) -> Future[Answer]:
        future: Future[Answer] = Future()
        if isinstance(call, Call):
            self.given.append((call, future))
        return future

    def end(self, *, at_once: bool) -> None:
        self.ended += 1

    def say_death(self) -> str:
        return "ended"


def with_desk(
    test: Callable[[Desk, list[FakeSeat]], Coroutine[Any, Any, None]],
    *,
    workers: int = 1,
    limits: Limits | None = None,
) -> None:
    async def run() -> None:
        desk = Desk(workers, 1, limits or Limits())
        seats = [FakeSeat() for _ in desk.places]
        for place, seat in zip(desk.places, seats, strict=True):
            place.seat = seat  # type: ignore[assignment]
        await desk.open(warm=False)
        try:
            await test(desk, seats)
        finally:
            await desk.close()

    asyncio.run(asyncio.wait_for(run(), 15))


async def until(happened: Callable[[], object]) -> None:
    for _ in range(2000):
        if happened():
            return
        await asyncio.sleep(0.002)
    raise AssertionError("it never happened")


def ask(desk: Desk, visit: str, task: str = "measure", **how: Any) -> asyncio.Task[Any]:
    return asyncio.create_task(desk.ask(Shelf(visit), task, {}, **how))


async def answer_all(seat: FakeSeat, count: int) -> list[str]:
    """Answer calls one after the other; whose they were."""
    order = []
    for at in range(count):
        await until(lambda at=at: len(seat.given) > at)
        call, future = seat.given[at]
        order.append(call.shelf.visit)
        future.set_result(Answer(call.number))
    return order


def test_each_visitor_in_turn() -> None:
    async def test(desk: Desk, seats: list[FakeSeat]) -> None:
        greedy = [ask(desk, "a") for _ in range(5)]
        await until(lambda: seats[0].given)
        modest = [ask(desk, "b"), ask(desk, "c")]
        await asyncio.sleep(0)
        order = await answer_all(seats[0], 7)
        assert order[0] == "a"
        assert set(order[1:4]) == {"a", "b", "c"}
        assert order[4:] == ["a", "a", "a"]
        await asyncio.gather(*greedy, *modest)

    with_desk(test)


def test_visitors_keep_to_their_worker_and_are_shared_out() -> None:
    async def test(desk: Desk, seats: list[FakeSeat]) -> None:
        for _ in range(2):
            tasks = [ask(desk, v) for v in "abcd"]
            for seat in seats:
                await answer_all_new(seat, 2)
            await asyncio.gather(*tasks)
        homes = [{call.shelf.visit for call, _ in seat.given} for seat in seats]
        assert [len(h) for h in homes] == [2, 2]
        assert not homes[0] & homes[1]

    async def answer_all_new(seat: FakeSeat, count: int) -> None:
        for _ in range(count):
            await until(lambda: any(not f.done() for _, f in seat.given))
            for call, future in seat.given:
                if not future.done():
                    future.set_result(Answer(call.number))

    with_desk(test, workers=2)


def test_who_asks_too_much_is_asked_to_wait() -> None:
    async def test(desk: Desk, seats: list[FakeSeat]) -> None:
        mine = [ask(desk, "a")]
        await until(lambda: seats[0].given)
        mine += [ask(desk, "a") for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Problem) as refused:  # three of mine wait
            await desk.ask(Shelf("a"), "measure", {})
        assert refused.value.code == "busy"
        assert int(refused.value.headers["Retry-After"]) > 0
        other = [ask(desk, v) for v in "bc"]
        await asyncio.sleep(0)
        with pytest.raises(Problem):  # five wait in all
            await desk.ask(Shelf("d"), "measure", {})
        await answer_all(seats[0], 6)
        await asyncio.gather(*mine, *other)

    with_desk(test, limits=Limits(waiting=5, each_waiting=3))


def test_a_newer_one_supersedes_and_who_is_gone_is_not_answered() -> None:
    async def test(desk: Desk, seats: list[FakeSeat]) -> None:
        running = ask(desk, "a", newest=True)
        await until(lambda: seats[0].given)
        waiting = ask(desk, "a", newest=True)
        await asyncio.sleep(0)
        other = ask(desk, "a", "plan")
        newest = ask(desk, "a", newest=True)
        for old in (running, waiting):
            with pytest.raises(Problem) as problem:
                await old
            assert problem.value.code == "superseded"
        other.cancel()
        await asyncio.sleep(0)
        await answer_all(seats[0], 2)
        assert await newest
        assert [call.task for call, _ in seats[0].given] == ["measure", "measure"]
        assert not desk.places[0].waiting

    with_desk(test)


def test_a_worker_that_does_not_answer_is_replaced() -> None:
    async def test(desk: Desk, seats: list[FakeSeat]) -> None:
        for _ in range(2):
            with pytest.raises(Problem) as problem:
                await desk.ask(Shelf("a"), "plan", {})
            assert problem.value.code == "slow"
        assert seats[0].ended == 2
        with pytest.raises(Problem) as problem:
            await desk.ask(Shelf("a"), "plan", {})
        assert problem.value.code == "worker"
        assert len(seats[0].given) == 2  # it was not even tried
        fine = ask(desk, "b")
        await until(lambda: len(seats[0].given) == 3)
        seats[0].given[2][1].set_result(Answer(7))
        assert await fine == 7

    with_desk(test, limits=Limits(call_s=0.4))


def test_a_worker_that_holds_too_much_is_replaced_after_its_answer() -> None:
    async def test(desk: Desk, seats: list[FakeSeat]) -> None:
        task = ask(desk, "a")
        await until(lambda: seats[0].given)
        seats[0].given[0][1].set_result(Answer(7, held_mb=9999.0))
        assert await task == 7
        await until(lambda: seats[0].ended == 1)

    with_desk(test)


def test_the_forgotten_are_not_answered() -> None:
    async def test(desk: Desk, seats: list[FakeSeat]) -> None:
        tasks = [ask(desk, "a"), ask(desk, "a")]
        await until(lambda: seats[0].given)
        desk.forget("a")
        for task in tasks:
            with pytest.raises(Problem) as problem:
                await task
            assert problem.value.code == "missing"

    with_desk(test)


def test_an_answer_that_comes_as_it_closes_keeps_nobody_waiting() -> None:
    # Met in a browser's tests: asyncio's wait_for hands out what came in the same turn as the
    # cancelling, which is forgotten, and the service never ended.
    async def test(desk: Desk, seats: list[FakeSeat]) -> None:
        asked = ask(desk, "a")
        await until(lambda: seats[0].given)
        await asyncio.sleep(0.01)
        call, future = seats[0].given[0]
        future.set_result(Answer(call.number))
        closing = asyncio.create_task(desk.close())
        await asyncio.wait({closing}, timeout=3)
        ended = closing.done()
        asked.cancel()
        assert ended

    with_desk(test)
