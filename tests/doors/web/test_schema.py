"""The OpenAPI schema: whatever is sent that it allows, or does not, is answered without a fault."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from corpus import draw, saved
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from PIL import Image
from web import Client, without_workers

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of what its own dependencies will change one day
    import schemathesis

JPEG = saved(Image.fromarray(draw()), "JPEG")
#: What each may answer besides success: every problem but a fault of our own.
_EXPECTED = {401, 403, 404, 405, 408, 409, 410, 413, 415, 422, 429, 503}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with without_workers(tmp_path_factory.mktemp("store")) as client:
        yield client


@pytest.fixture(scope="module")
def document(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return found


def test_everything_of_the_contract_is_there(document: dict[str, Any]) -> None:
    said = {(m.upper(), p) for p, row in document["paths"].items() for m in row}
    session = "/api/v1/sessions/{sid}"
    posts = (
        "photos use look plan measure thumbnail costs explore rank render backdrops toml wardrobe"
    )
    wanted = {("POST", f"{session}/{name}") for name in posts.split()}
    wanted |= {("GET", session), ("DELETE", session), ("POST", "/api/v1/sessions")}
    wanted |= {("GET", f"{session}/{n}") for n in ("events", "marks")}
    wanted |= {("GET", f"{session}/photos/{{pid}}/preview"), ("GET", "/api/v1/schema")}
    wanted |= {("GET", f"{session}/evidence/{{number}}/{{component}}"), ("GET", "/health")}
    wanted |= {("GET", f"/api/v1/jobs/{{jid}}{x}") for x in ("", "/events", "/result")}
    wanted |= {
        ("DELETE", "/api/v1/jobs/{jid}"),
        ("POST", "/api/v1/check"),
        ("POST", "/api/v1/pick"),
    }
    assert said == wanted


def test_problems_and_files_are_described(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for method, row in methods.items():
            assert {"4XX", "5XX"} <= set(row["responses"]), (method, path)
            assert "422" not in row["responses"]
            (kind,) = row["responses"]["4XX"]["content"]
            assert kind == "application/problem+json"
    plan = document["paths"]["/api/v1/sessions/{sid}/plan"]["post"]["responses"]["200"]
    assert "application/x-catchlight-plan" in plan["content"]


def test_no_request_ends_in_a_fault(client: Client, document: dict[str, Any]) -> None:
    id = client.post("/api/v1/sessions", files={"photo": ("a.jpg", JPEG)}).json()["id"]
    schema = schemathesis.openapi.from_dict(document)
    cases = [
        operation.ok().as_strategy()
        for operation in schema.get_all_operations()
        # A stream of events has no end.
        if not operation.ok().path.endswith("/events") and operation.ok().method != "delete"
    ]
    seen: set[tuple[str, int]] = set()

    @seed(17)
    @settings(max_examples=120, deadline=None, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.one_of(cases), st.booleans())
    def check(case: Any, real: bool) -> None:
        if real and "sid" in case.path_parameters:
            case.path_parameters["sid"] = id
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answer = case.call(base_url=client.address)
        status = answer.status_code
        assert status < 400 or status in _EXPECTED, (case.method, case.path, answer.text)
        if status >= 400:
            assert answer.headers["content-type"][0].startswith("application/problem+json")
        seen.add((case.path, status))

    check()
    assert len({path for path, _ in seen}) > 12
    assert {status for _, status in seen} >= {200, 422}
