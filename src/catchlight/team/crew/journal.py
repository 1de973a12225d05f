"""The journal: what is done, in SQLite, so that a run that was killed goes on where it was.

A result is written to a file first, whole or not at all, then its line is committed: a crash
between the two costs that one task, and no line ever names a file that is not there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

from catchlight.team.crew.task import Outcome, Task

_TABLE = """
create table if not exists done (
  key text primary key, kind text not null, person text not null, reason text not null,
  has_result integer not null, seconds real not null, held_mb real not null, tries integer not null
)
"""


class Journal:
    """What is done.

    Parameters
    ----------
    folder : Path
        Where it lies, with the results beside it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "results").mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(folder / "journal.sqlite")
        # What is committed survives the power going, not only the program.
        self._base.execute("pragma journal_mode=wal")
        self._base.execute("pragma synchronous=full")
        self._base.execute(_TABLE)
        self._base.commit()

    def __enter__(self) -> Journal:
        """Return the journal."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        """Close it; all that was noted stays."""
        self._base.close()

    def look_up(self, task: Task) -> Outcome | None:
        """What is known of a task: its result, or why it has none; None where it is to be done."""
        row = self._base.execute(
            "select reason, has_result, seconds, held_mb, tries from done where key = ?",
            (task.key,),
        ).fetchone()
        if row is None:
            return None
        reason, has_result, seconds, held, tries = row
        result = None
        if has_result:
            try:
                result = self._place(task.key).read_bytes()
            except OSError:  # somebody tidied up: it is done again
                return None
        return Outcome(task, result, reason, seconds, held, tries)

    def note(self, outcome: Outcome) -> None:
        """Note that a task is done."""
        from catchlight.images import write_atomically

        key = outcome.task.key
        if outcome.result is not None:
            write_atomically(outcome.result, self._place(key), force=True)
        row = (
            key, outcome.task.kind, outcome.task.person, outcome.reason,
            outcome.result is not None, outcome.seconds, outcome.held_mb, outcome.tries,
        )  # fmt: skip
        with self._base:
            self._base.execute("insert or replace into done values (?,?,?,?,?,?,?,?)", row)

    def left(self, tasks: Iterable[Task], known: list[Outcome]) -> Iterator[Task]:
        """Yield the tasks that are to be done; the outcomes of all others go to ``known``."""
        for task in tasks:
            found = self.look_up(task)
            if found is None:
                yield task
            else:
                known.append(found)

    def _place(self, key: str) -> Path:
        # In a hundredth of the files: whoever writes looks over the folder first.
        folder = self._folder / "results" / key[:2]
        folder.mkdir(exist_ok=True)
        return folder / f"{key}.bin"
