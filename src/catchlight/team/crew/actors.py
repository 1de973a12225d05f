"""Hands on other machines: actors of Ray, each with its models open.

Photos and results travel as bytes through Ray's object store: no disk is shared. The journal, the
outputs and the key that signs stay with the driver. Needs the extra ``team``.
"""

from __future__ import annotations

from typing import Any

from catchlight.errors import CrewError
from catchlight.studio.machine import HEAP_WORDS
from catchlight.team.crew.foreman import MOST_MB, Foreman, HandLost
from catchlight.team.crew.task import Task, do

_THREADS = (
    "CATCHLIGHT_THREADS OMP_NUM_THREADS OPENBLAS_NUM_THREADS MKL_NUM_THREADS VECLIB_MAXIMUM_THREADS"
)


class _Worker:
    """What lives on the other machine."""

    def do(self, kind: str, payload: bytes) -> tuple[bytes | None, str, float, float]:
        """Do a task."""
        return do(kind, payload)

    def say_process(self) -> int:
        """The process it lives in, for whoever wants to see what happens if it dies."""
        import os

        return os.getpid()


class _Actor:
    """A worker as an actor; a new one is called for when the last is gone."""

    def __init__(self, kind: Any) -> None:
        self._kind = kind
        self._actor: Any = None

    def give(self, task: Task) -> Any:
        if self._actor is None:
            self._actor = self._kind.remote()
        return self._actor.do.remote(task.kind, task.payload)

    def take(self, handle: Any) -> tuple[bytes | None, str, float, float]:
        import ray

        try:
            found: tuple[bytes | None, str, float, float] = ray.get(handle)
        except ray.exceptions.RayError as error:
            raise HandLost(f"was lost ({type(error).__name__})") from None
        return found

    def end(self, *, at_once: bool) -> None:
        import ray

        if self._actor is not None:
            actor, self._actor = self._actor, None
            ray.kill(actor)


def hire_actors(
    workers: int | None, *, address: str | None = None, most_mb: float = MOST_MB
) -> Foreman:
    """A crew of actors: of a cluster where an address is given, else of a Ray started here.

    Parameters
    ----------
    workers : int or None
        None: one for each core that the cluster has.
    address : str, optional
        Of a cluster that runs, such as ``auto`` or ``ray://head:10001``.
    most_mb : float

    Raises
    ------
    CrewError
        Ray is not installed, or no cluster answers.
    """
    try:
        import ray
    except ModuleNotFoundError:
        raise CrewError("--ray needs Ray: pip install 'catchlight[team]'.") from None
    if not ray.is_initialized():
        # No dashboard and no usage report: nothing is told to anybody.
        import os

        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        own: dict[str, Any] = {"include_dashboard": False, "num_cpus": workers}
        try:
            ray.init(address=address, log_to_driver=False, **({} if address else own))
        except Exception as error:
            raise CrewError(f"no Ray at {address or 'this computer'}: {error}") from None
    resources: Any = ray.cluster_resources  # it has no types
    count = workers or max(1, int(resources().get("CPU", 1)))
    env = dict.fromkeys(_THREADS.split(), "1") | HEAP_WORDS
    kind = ray.remote(_Worker).options(num_cpus=1, max_restarts=0, runtime_env={"env_vars": env})

    def wait(handles: list[Any]) -> list[Any]:
        done, _ = ray.wait(handles, num_returns=1)
        return list(done)

    return Foreman([_Actor(kind) for _ in range(count)], wait, most_mb=most_mb)
