"""Trust: hosts, origins, the token, limits, what is no picture, and what is left behind."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from corpus import draw, saved
from PIL import Image
from web import Client, without_workers

import catchlight.web as web_package
from catchlight.web.doorkeeper import Doorkeeper
from catchlight.web.guard import CSP
from catchlight.web.limits import Limits
from catchlight.web.store import Store

JPEG = saved(Image.fromarray(draw()), "JPEG")
SESSIONS = "/api/v1/sessions"
SMALL = Limits(
    photo_bytes=20_000, body_bytes=60_000, json_bytes=2_000, photos=3, visits=2, megapixels=1.0
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with without_workers(tmp_path_factory.mktemp("store"), limits=SMALL) as client:
        yield client


@pytest.fixture
def bring(client: Client) -> Iterator[object]:
    """Send files; sessions that come of it are forgotten."""

    def send(*files: tuple[str, bytes], field: str = "photo") -> object:
        answer = client.post(SESSIONS, files=[(field, file) for file in files])
        if answer.status_code == 201:
            opened.append(answer.json()["id"])
        return answer

    opened: list[str] = []
    yield send
    for id in opened:
        client.delete(f"{SESSIONS}/{id}")


def code(answer: object) -> tuple[int, str]:
    said = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert said["type"] == f"urn:catchlight:problem:{said['code']}"
    assert set(said) == {"type", "title", "status", "detail", "code", "instance"}
    assert said["status"] == answer.status_code
    return answer.status_code, said["code"]


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:8700", "10.0.0.7", "", "localhost.evil:80"]
)
def test_another_host_is_refused(client: Client, host: str) -> None:
    assert code(client.get("/health", headers={"host": host})) == (403, "host")


@pytest.mark.parametrize("host", ["localhost:8700", "127.0.0.1", "[::1]:8700", "LOCALHOST"])
def test_this_computer_goes_by_its_names(client: Client, host: str) -> None:
    assert client.get("/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_site_is_refused(client: Client, headers: dict[str, str]) -> None:
    assert code(client.post(SESSIONS, headers=headers)) == (403, "origin")
    assert code(client.get(f"{SESSIONS}/x", headers=headers)) == (403, "origin")


def test_the_page_itself_may_ask_and_a_link_may_lead_to_it(client: Client) -> None:
    own = {"origin": client.address, "sec-fetch-site": "same-origin"}
    assert code(client.post(SESSIONS, headers=own)) == (422, "request")
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert client.get("/health", headers=link).status_code == 200
    assert code(client.post(SESSIONS, headers=link)) == (403, "origin")


def test_no_other_site_may_read(client: Client) -> None:
    asked = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    for answer in (client.options(SESSIONS, headers=asked), client.get("/health")):
        assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", ["/health", "/api/v1/schema", f"{SESSIONS}/x", "/nowhere"])
def test_every_answer_says_what_browsers_may_do_with_it(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["content-security-policy"] == CSP
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_a_token_is_asked_for_off_this_computer(tmp_path: Path) -> None:
    keeper = Doorkeeper("0.0.0.0", token="a-secret", names=["studio.lan"])
    with without_workers(tmp_path / "s", doorkeeper=keeper) as client:
        for path in ("/", "/api/v1/schema", "/metrics", f"{SESSIONS}/x"):
            assert code(client.get(path)) == (401, "token")
        assert client.get("/health").status_code == 200
        bearer = {"authorization": "Bearer a-secret"}
        assert client.get("/metrics", headers=bearer).status_code == 200
        assert code(client.get("/metrics", headers={"authorization": "Bearer a-secre"}))[0] == 401
        assert code(client.get("/metrics", headers={"authorization": "Basic a-secret"}))[0] == 401
        # By figures or by a known name, and by no other.
        assert client.get("/health", headers={"host": "192.168.1.5:8700"}).status_code == 200
        assert client.get("/health", headers={"host": "studio.lan"}).status_code == 200
        assert code(client.get("/health", headers={"host": "evil.example"})) == (403, "host")


def test_the_page_gets_a_cookie_for_the_token(tmp_path: Path) -> None:
    with without_workers(tmp_path / "s", doorkeeper=Doorkeeper(token="a-secret")) as client:
        assert code(client.get("/?token=wrong")) == (401, "token")
        answer = client.get("/?token=a-secret", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert "a-secret" not in cookie
        assert client.get("/api/v1/schema").status_code == 200  # the client keeps the cookie
        client.cookies.clear()
        client.cookies.set("catchlight", "x")
        assert client.get("/api/v1/schema").status_code == 401


def test_headers_and_bodies_are_bounded(client: Client) -> None:
    many = {f"x-{i}": "1" for i in range(80)}
    assert code(client.get("/health", headers=many)) == (413, "too-large")
    assert code(client.post(f"{SESSIONS}/x/use", content=b"x" * 3000)) == (413, "too-large")
    long = {"content-type": "multipart/form-data; boundary=b", "content-length": "70000"}
    assert code(client.post(SESSIONS, content=b"x" * 70_000, headers=long)) == (413, "too-large")
    assert code(client.post(f"{SESSIONS}/x/use", content=b"[" * 1900)) == (422, "request")
    # Without a length that is said, it is counted.
    pieces = (b"x" * 1000 for _ in range(4))
    assert code(client.post(f"{SESSIONS}/x/use", content=pieces)) == (413, "too-large")
    kind = {"content-type": "multipart/form-data; boundary=b"}
    pieces = (b"--b\r\n" + b"x" * 9000 for _ in range(8))
    assert code(client.post(SESSIONS, content=pieces, headers=kind))[0] in (413, 422)


def test_parts_are_bounded(client: Client, bring: object) -> None:
    assert code(bring(*[("a.jpg", JPEG)] * 4)) == (413, "too-large")
    assert code(bring(("a.jpg", JPEG + bytes(20_000)))) == (413, "too-large")
    kind = {"content-type": "multipart/form-data; boundary=b"}

    def send(part: bytes) -> tuple[int, str]:
        return code(client.post(SESSIONS, content=b"--b\r\n" + part, headers=kind))

    line = b'Content-Disposition: form-data; name="photo"; filename="%s"\r\n\r\n'
    assert send(line % (b"a" * 9000))[0] in (413, 422)
    assert send(b"".join(b"X-%d: 1\r\n" % i for i in range(20)) + line % b"a")[0] in (413, 422)
    assert send(b'Content-Disposition: form-data; name="setting"\r\n\r\n' + b"x" * 9000)[0] == 413
    assert send(b"nonsense\x00\r\n\r\n\r\n--b--\r\n") == (422, "request")
    assert code(client.post(SESSIONS, content=b"x", headers={"content-type": "multipart/form-data"})
                ) == (422, "request")  # fmt: skip
    assert code(client.post(SESSIONS, json={})) == (422, "request")
    assert code(bring(("a.jpg", JPEG), field="other")) == (422, "request")


def _zip_behind(picture: bytes) -> bytes:
    out = io.BytesIO(picture)
    with zipfile.ZipFile(out, "a") as pack:
        pack.writestr("run.js", "alert(1)")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("a.jpg", b'<?xml version="1.0"?><svg/>'),
        ("a.jpg", b"<html><script>alert(1)</script></html>"),
        ("a.pdf", b"%PDF-1.7\n"),
        ("a.jpg", b""),
        ("a.jpg", b"MZ" + bytes(100)),
        ("a.gif", b"GIF89a/*\0\0\0\0*/=1;<script>alert(1)</script>"),
        ("a.jpg", JPEG[:20] + b"%PDF-1.7" + JPEG[20:]),
        ("a.jpg", _zip_behind(JPEG)),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"<?php system('ls'); ?>"),
    ],
)
def test_what_is_no_picture_or_more_than_one_is_refused(
    client: Client, bring: object, name: str, data: bytes
) -> None:
    asked = len(client.asked)
    assert code(bring((name, data))) == (415, "picture")
    assert len(client.asked) == asked  # nothing decoded it
    assert not client.app.state.service.visits.here  # and nothing of it is kept


def test_names_are_for_people_and_no_paths(client: Client, bring: object) -> None:
    answer = bring(("../../../tmp/..\\evil\x00\n<b>.jpg", JPEG))
    assert answer.status_code == 201
    service = client.app.state.service
    visit = service.visits.here[answer.json()["id"]]
    (stored,) = visit.shelf.photos
    path = Path(stored.path)
    assert path.is_relative_to(service.store.root)
    assert path.name == "u0.jpg"
    assert answer.json()["photos"][0]["name"].endswith("<b>.jpg")
    assert not {"/", "\\", "\0", "\n"} & set(answer.json()["photos"][0]["name"])


def test_the_store_is_its_owners_alone_and_empty_again(client: Client, bring: object) -> None:
    answer = bring(("a.jpg", JPEG))
    root = client.app.state.service.store.root
    if hasattr(os, "getuid"):
        for folder in (root.parent, root, *(p for p in root.rglob("*") if p.is_dir())):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [p.name for p in root.rglob("u*")] == ["u0.jpg"]
    assert client.delete(f"{SESSIONS}/{answer.json()['id']}").status_code == 204
    assert [p.name for p in root.rglob("*")] == ["held"]
    assert code(client.get(f"{SESSIONS}/{answer.json()['id']}")) == (410, "expired")
    assert code(client.get(f"{SESSIONS}/never-made")) == (404, "missing")


def test_a_crashed_services_store_is_swept_and_a_living_ones_stays(tmp_path: Path) -> None:
    living = Store(tmp_path)
    dead = tmp_path / "serve-dead"
    dead.mkdir()
    (dead / "held").touch()
    (dead / "u0.jpg").write_bytes(JPEG)
    (tmp_path / "serve-link").symlink_to(tmp_path.parent)
    new = Store(tmp_path)
    assert not dead.exists()
    assert living.root.is_dir()
    assert tmp_path.parent.is_dir()
    living.close()
    new.close()
    assert [p.name for p in tmp_path.iterdir()] == ["serve-link"]


def test_a_store_in_somebody_elses_folder_is_refused(tmp_path: Path) -> None:
    from catchlight.errors import CatchlightError

    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    with pytest.raises(CatchlightError, match="no folder of yours"):
        Store(link)


def test_who_comes_twice_with_one_key_is_one(client: Client) -> None:
    sent = {"headers": {"idempotency-key": "a-key-of-mine"}}
    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(client.post, SESSIONS, files={"photo": ("a.jpg", JPEG)}, **sent)
                 for _ in range(3)]  # fmt: skip
        ids = {answer.result().json()["id"] for answer in asked}
    assert len(ids) == 1
    client.delete(f"{SESSIONS}/{ids.pop()}")
    again = client.post(SESSIONS, files={"photo": ("a.jpg", JPEG)}, **sent).json()["id"]
    client.delete(f"{SESSIONS}/{again}")
    assert not client.app.state.service.visits.here


def test_too_many_people_are_asked_to_wait(client: Client, bring: object) -> None:
    assert [bring(("a.jpg", JPEG)).status_code for _ in range(2)] == [201, 201]
    answer = bring(("a.jpg", JPEG))
    assert code(answer) == (429, "busy")
    assert int(answer.headers["retry-after"]) > 0
    # Whoever was not heard of for long gives way.
    first, second = client.app.state.service.visits.here.values()
    first.used -= 400
    assert bring(("a.jpg", JPEG)).status_code == 201
    assert code(client.get(f"{SESSIONS}/{first.id}")) == (410, "expired")
    assert client.get(f"{SESSIONS}/{second.id}").status_code == 200


def test_too_many_bytes_are_asked_to_wait(tmp_path: Path) -> None:
    with without_workers(tmp_path / "s", limits=Limits(store_bytes=500)) as client:
        assert client.post(SESSIONS, files={"photo": ("a.jpg", JPEG)}).status_code == 201
        assert code(client.post(SESSIONS, files={"photo": ("a.jpg", JPEG)})) == (429, "busy")


def test_what_nobody_uses_is_forgotten(tmp_path: Path) -> None:
    import time

    with without_workers(tmp_path / "s", limits=Limits(age_s=0.4)) as client:
        id = client.post(SESSIONS, files={"photo": ("a.jpg", JPEG)}).json()["id"]
        root = client.app.state.service.store.root
        deadline = time.monotonic() + 5
        while [n for *_, names in os.walk(root) for n in names if n != "held"] and (
            time.monotonic() < deadline
        ):
            time.sleep(0.05)
        assert code(client.get(f"{SESSIONS}/{id}")) == (410, "expired")
    assert not root.exists()


def test_no_path_leads_out_of_the_page(client: Client) -> None:
    for path in ("/page/../app.py", "/page/%2e%2e/app.py", "/page/..%2fapp.py", "/page//etc/passwd",
                 "/page/.hidden.js", "/page/x.py", "/page/", "/page/%00.js"):  # fmt: skip
        assert client.get(path).status_code == 404, path


def test_nothing_unexpected_is_told(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def burst(*_: object) -> None:
        raise RuntimeError("/home/jane/secret.jpg")

    monkeypatch.setattr(client.app.state.service.visits, "get", burst)
    answer = client.get(f"{SESSIONS}/x")
    assert code(answer) == (500, "fault")
    assert "secret" not in answer.text
    assert "fault: RuntimeError" in caplog.text
    assert "secret" not in caplog.text


def test_a_backdrop_names_no_file(client: Client, bring: object) -> None:
    """The worker's own refusal is tested with a worker; the door lets no strange names in."""
    id = bring(("a.jpg", JPEG)).json()["id"]
    answer = client.post(f"{SESSIONS}/{id}/backdrops", files={"picture": ("/etc/x.jpg", JPEG)})
    assert (answer.status_code, answer.json()) == (201, {"name": "own-1.jpg"})
    assert client.get(f"{SESSIONS}/{id}").json()["backdrops"] == ["own-1.jpg"]


def test_the_pages_of_the_api_need_nobody_else(client: Client) -> None:
    page = client.get("/api/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "POST /api/v1/sessions" in page.text
    assert "<script" not in page.text
    assert "//" not in page.text.replace("<!doctype", "")


def test_every_file_of_the_page_is_served_as_what_it_is(client: Client) -> None:
    folder = Path(web_package.__file__).parent / "page"
    kinds = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}
    files = [p for p in folder.rglob("*") if p.suffix in kinds]
    assert files
    for path in files:
        answer = client.get(f"/page/{path.relative_to(folder).as_posix()}")
        assert answer.status_code == 200, path
        assert answer.headers["content-type"].startswith(kinds[path.suffix])
        assert answer.headers["cache-control"] == "no-cache"
        again = client.get(answer.url, headers={"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304
    for path in ("/", "/check"):
        assert client.get(path).headers["content-type"].startswith("text/html")


def test_the_log_names_nobody(
    client: Client, bring: object, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="catchlight.web"):
        id = bring(("Jane Doe at home.jpg", JPEG)).json()["id"]
        client.get(f"{SESSIONS}/{id}?jane=1")
        client.get("/nowhere/jane")
    assert "GET /api/v1/sessions/{sid} 200" in caplog.text
    for secret in ("Jane", "jane", id, "127.0.0.1"):
        assert secret not in "".join(r.getMessage() for r in caplog.records if r.name ==
                                     "catchlight.web")  # fmt: skip


def test_of_what_is_refused_nothing_is_kept(client: Client, bring: object) -> None:
    id = bring(("a.jpg", JPEG)).json()["id"]
    root = client.app.state.service.store.root

    def count() -> int:
        return sum(len(names) for *_, names in os.walk(root))

    before = count()
    wrong = [("photo", ("a.jpg", JPEG)), ("photo", ("b.svg", b"<svg/>"))]
    for route, files in {"photos": wrong, "backdrops": {"picture": ("x.jpg", b"MZ")}}.items():
        answer = client.post(f"{SESSIONS}/{id}/{route}", files=files)
        assert code(answer) == (415, "picture")
        assert count() == before
