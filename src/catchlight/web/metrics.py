"""Metrics: what a service counts of itself, as Prometheus reads it. No names, no addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from catchlight.web.calls import Answer

if TYPE_CHECKING:
    from catchlight.web.service import Service

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
#: From a hit of what is kept to a report, seconds.
_BUCKETS = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 6.0, 12.0, 30.0, 120.0)


class Watch:
    """Counters of one service."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "catchlight_requests", "Requests answered.", ["method", "route", "status"],
            registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "catchlight_request_seconds", "Time to the first byte of an answer.", ["route"],
            registry=self.registry, buckets=_BUCKETS,
        )  # fmt: skip
        self._calls = Histogram(
            "catchlight_call_seconds", "Time of a call in its worker.", ["task"],
            registry=self.registry, buckets=_BUCKETS,
        )  # fmt: skip
        self._problems = Counter(
            "catchlight_call_problems", "Calls that ended in a problem.", ["task", "code"],
            registry=self.registry,
        )  # fmt: skip
        self._lost = Counter(
            "catchlight_workers_lost", "Workers that ended while at work.", registry=self.registry
        )
        self._sessions = Gauge("catchlight_sessions", "Sessions now.", registry=self.registry)
        self._waiting = Gauge("catchlight_waiting", "Calls that wait now.", registry=self.registry)
        self._held = Gauge(
            "catchlight_worker_memory_megabytes", "Memory of a worker after its last call.",
            ["worker"], registry=self.registry,
        )  # fmt: skip

    def requested(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def answered(self, task: str, answer: Answer) -> None:
        """Count a call."""
        self._calls.labels(task).observe(answer.seconds)
        if answer.problem is not None:
            self._problems.labels(task, answer.problem[0]).inc()

    def lost(self) -> None:
        """Count a worker that ended."""
        self._lost.inc()

    def write(self, service: Service) -> bytes:
        """Everything, as Prometheus reads it."""
        self._sessions.set(len(service.visits.here))
        self._waiting.set(sum(place.count for place in service.desk.places))
        for number, place in enumerate(service.desk.places, 1):
            self._held.labels(str(number)).set(place.held_mb)
        return generate_latest(self.registry)
