"""Work that is noted: what is done already is not done again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from catchlight.team.crew.foreman import Foreman
from catchlight.team.crew.journal import Journal
from catchlight.team.crew.task import Outcome, Task

#: Told of a stage, how many of its tasks are done, and of how many.
Tell = Callable[[str, int, int], None]


def do_all(
    tasks: Iterable[Task],
    crew: Foreman,
    journal: Journal,
    stage: str,
    count: int,
    tell: Tell,
    finish: Callable[[Outcome], Outcome] = lambda outcome: outcome,
) -> Iterator[Outcome]:
    """Do what is not done yet and note it; yields every outcome, known ones as they are met.

    ``finish`` has an outcome delivered before it is noted.
    """
    known: list[Outcome] = []
    done = 0
    tell(stage, 0, count)
    for outcome in crew.work(journal.left(tasks, known)):
        finished = finish(outcome)
        journal.note(finished)
        done += 1
        tell(stage, done + len(known), count)
        yield finished
        while known:
            done += 1
            yield known.pop()
    yield from known
    tell(stage, count, count)
