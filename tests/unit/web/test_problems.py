"""Problems: every kind of the error tree has a code, a status and a title at this door."""

from __future__ import annotations

import pytest

from catchlight import errors
from catchlight.errors import CatchlightError
from catchlight.web.problems import CODES, Problem, problem_of, respond


def tree(kind: type[CatchlightError]) -> list[type[CatchlightError]]:
    return [kind, *(k for child in kind.__subclasses__() for k in tree(child))]


KINDS = [kind for kind in tree(CatchlightError) if kind.__module__ == errors.__name__]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_is_a_problem_of_its_own_code(kind: type[CatchlightError]) -> None:
    problem = problem_of(kind("me.jpg: too small. Take a larger one."))
    assert problem.code == kind.code
    assert 400 <= problem.status < 600
    assert problem.status != 500
    said = problem.to_json("/x")
    assert said["detail"] == "me.jpg: too small. Take a larger one."
    assert said["type"] == f"urn:catchlight:problem:{kind.code}"


def test_of_what_is_unexpected_nothing_is_told() -> None:
    problem = problem_of(KeyError("/home/jane/me.jpg"))
    assert (problem.code, problem.status) == ("fault", 500)
    assert "jane" not in problem.detail


def test_a_problem_is_answered_as_such() -> None:
    answer = respond(Problem("busy", "Later.", {"Retry-After": "3"}), "/x")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")
    assert answer.media_type == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"


def test_titles_say_something() -> None:
    assert all(title and 400 <= status <= 503 for status, title in CODES.values())
