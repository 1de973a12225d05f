"""The service with a worker: the whole way of a photo, from upload to the saved headshot."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import plan_wire
import pytest
from places import ROOT
from web import Client, on_a_socket

from catchlight.images import open_picture
from catchlight.look import Look, parse_look
from catchlight.pixels import filters
from catchlight.pixels.colour import p3_to_srgb_codes
from catchlight.render import render
from catchlight.web.app import create_app
from catchlight.web.problems import CODES

try:
    import tomllib
except ModuleNotFoundError:
    import tomli as tomllib

pytestmark = pytest.mark.usefixtures("need_models")
ASTRONAUT = (ROOT / "examples" / "astronaut.jpg").read_bytes()
SESSIONS = "/api/v1/sessions"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, need_models: None) -> Iterator[Client]:
    app = create_app(workers=1, threads=2, home=tmp_path_factory.mktemp("store"))
    with on_a_socket(app) as address, Client(app, address) as client:
        yield client


@pytest.fixture(scope="module")
def session(client: Client) -> dict[str, Any]:
    answer = client.post(
        SESSIONS, files={"photo": ("me.jpg", ASTRONAUT)}, data={"setting": "linkedin"}
    )
    assert answer.status_code == 201, answer.text
    said: dict[str, Any] = answer.json()
    return said


@pytest.fixture(scope="module")
def at(session: dict[str, Any]) -> str:
    return f"{SESSIONS}/{session['id']}"


@pytest.fixture(scope="module")
def spelled(client: Client, at: str) -> dict[str, Any]:
    # Restoring this old photo's detail takes seconds, and is tested where it is done.
    values = {"adjust": {"detail": 0.0}}
    answer = client.post(f"{at}/look", json={"setting": "default", "polish": 0.5, "values": values})
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


@pytest.fixture(scope="module")
def look(spelled: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = spelled["look"]
    return found


@pytest.fixture(scope="module")
def plan(client: Client, at: str, look: dict[str, Any]) -> plan_wire.PlanFile:
    answer = client.post(f"{at}/plan", json={"look": look, "longest": 640, "detail": False})
    assert answer.headers["content-type"] == "application/x-catchlight-plan"
    return plan_wire.read(answer.content)


def picture(data: bytes) -> np.ndarray:
    found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert found is not None
    return found[..., ::-1]


def test_a_session_says_who_is_in_the_photo(session: dict[str, Any]) -> None:
    (photo,) = session["photos"]
    assert (photo["width"], photo["height"], photo["name"]) == (512, 512, "me.jpg")
    assert photo["role"] == "source"
    assert session["source"] == photo["id"] == "p1"
    assert session["setting"] == "linkedin"
    ((x, y, w, h),) = [face["box"] for face in photo["faces"]]
    assert 0.3 < x + w / 2 < 0.6
    assert 0.1 < y + h / 2 < 0.4
    assert photo["verdict"]["suitable"]
    assert photo["verdict"]["text"].startswith(photo["verdict"]["grade"])


def test_a_plain_crop_comes_at_once_and_is_small(client: Client, at: str) -> None:
    answer = client.get(f"{at}/photos/p1/preview?longest=400")
    assert answer.headers["content-type"] == "image/jpeg"
    assert len(answer.content) <= 150_000
    assert max(picture(answer.content).shape) <= 400
    assert client.get(f"{at}/photos/p9/preview").json()["code"] == "missing"


def test_a_look_is_spelled_out(spelled: dict[str, Any]) -> None:
    look = parse_look(spelled["look"])
    assert set(look.adjust) == set(look.strengths)
    assert look.matte == "fast"
    assert spelled["polish"] == 0.5
    assert not spelled["automatic"]
    assert spelled["stopped_at"] is None
    curve = spelled["curve"]["adjust"]["skin_evenness"]
    assert len(curve) == 11
    assert curve[0] == 0 < curve[-1]


def test_the_plan_draws_what_the_server_renders(
    client: Client, at: str, plan: plan_wire.PlanFile, look: dict[str, Any]
) -> None:
    assert plan.header["missing"] == ["detail"]
    width, height = plan.header["width"], plan.header["height"]
    asked = {"look": {**look, "size": [width, height]}, "format": "PNG"}
    saved = picture(client.post(f"{at}/render", json=asked).content)
    drawn = p3_to_srgb_codes(render(plan_wire.to_plan(plan), look["adjust"]).pixels)
    off = np.abs(saved.astype(int) - drawn)
    assert off.mean() <= 1.0
    assert np.percentile(off, 99) <= 3


def test_a_first_look_is_smaller_and_the_same_picture(
    client: Client, at: str, look: dict[str, Any]
) -> None:
    asked = {"look": look, "longest": 700, "detail": False}  # a frame that nobody asked for yet
    answers = [client.post(f"{at}/plan", json=asked | more) for more in ({"shown": 320}, {})]
    first, whole = (plan_wire.read(answer.content) for answer in answers)
    assert len(answers[0].content) < 0.4 * len(answers[1].content)
    assert max(first.header["width"], first.header["height"]) == 320
    assert first.header["frame_key"] == whole.header["frame_key"]
    assert first.header["key"] != whole.header["key"]
    used = {name for name, strength in look["adjust"].items() if strength}
    names = [{row["name"] for row in x.header["layers"]} for x in (first, whole)]
    assert names[0] <= used
    assert names[0] < names[1]
    assert names[1] - names[0] <= set(first.header["missing"])
    assert not used & set(first.header["missing"])
    small, large = (render(plan_wire.to_plan(x), look["adjust"]).pixels for x in (first, whole))
    there = p3_to_srgb_codes(filters.resize_to(large, 320)).astype(int)
    off = np.abs(p3_to_srgb_codes(small) - there)
    assert off.mean() <= 1.0
    # All that any strength wants is there from then on, and another first look says so.
    again = plan_wire.read(client.post(f"{at}/plan", json=asked | {"shown": 320}).content)
    assert again.header["missing"] == ["detail"]


def test_a_plan_sends_only_what_is_not_there(
    client: Client, at: str, plan: plan_wire.PlanFile, look: dict[str, Any]
) -> None:
    kept = plan.blobs()
    changed = {**look, "keep": ["l23d41"]}
    asked = {"look": changed, "longest": 640, "have": list(kept), "detail": False}
    answer = client.post(f"{at}/plan", json=asked)
    again = plan_wire.read(answer.content)
    assert len(answer.content) < 20_000
    assert again.header["key"] != plan.header["key"]
    assert again.header["frame_key"] == plan.header["frame_key"] == answer.headers["x-frame-key"]
    whole, part = plan_wire.to_plan(plan), plan_wire.to_plan(again, kept)
    assert np.array_equal(whole.base, part.base)
    assert [x.name for x in whole.layers] == [x.name for x in part.layers]


def test_a_look_is_measured_and_its_evidence_drawn(
    client: Client, at: str, look: dict[str, Any]
) -> None:
    said = client.post(f"{at}/measure", json={"look": look, "quick": False}).json()
    for number in ("authenticity", "polish"):
        assert 0 < said[number]["score"] <= 100
        assert {"name", "title", "score", "value", "unit", "text", "picture"} <= set(
            said[number]["components"][0]
        )
    assert said["likeness"] >= 0
    drawn = [c["name"] for c in said["authenticity"]["components"] if c["picture"]]
    assert drawn
    answer = client.get(f"{at}/evidence/authenticity/{drawn[0]}?look={said['key']}")
    assert answer.headers["content-type"] == "image/png"
    assert picture(answer.content).ndim == 3
    wrong = client.get(f"{at}/evidence/authenticity/identity?look={said['key']}")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "look")
    assert client.get(f"{at}/evidence/polish/x?look={'0' * 20}").json()["code"] == "missing"


def test_a_newer_measure_takes_the_place_of_older_ones(
    client: Client, at: str, look: dict[str, Any]
) -> None:
    def measure(strength: float) -> int:
        adjust = {**look["adjust"], "brightness": strength}
        asked = {"look": {**look, "adjust": adjust}}
        return client.post(f"{at}/measure", json=asked).status_code

    with ThreadPoolExecutor(6) as pool:
        answers = []
        for i in range(6):
            answers.append(pool.submit(measure, i / 50))
            time.sleep(0.03)
        codes = [answer.result() for answer in answers]
    assert codes[-1] == 200
    assert codes.count(409) >= 3


def test_a_full_measure_ends_no_quick_one(client: Client, at: str, look: dict[str, Any]) -> None:
    def measure(quick: bool) -> int:
        adjust = {**look["adjust"], "brightness": 0.2 if quick else 0.3}
        asked = {"look": {**look, "adjust": adjust}, "quick": quick}
        return client.post(f"{at}/measure", json=asked).status_code

    with ThreadPoolExecutor(2) as pool:
        quick = pool.submit(measure, True)
        time.sleep(0.03)
        full = pool.submit(measure, False)
        assert [quick.result(), full.result()] == [200, 200]


def test_looks_are_shown_small_and_ranked(client: Client, at: str, look: dict[str, Any]) -> None:
    changed = {**look, "adjust": {**look["adjust"], "skin_evenness": 1.0, "texture": -1.0}}
    shown = client.post(f"{at}/thumbnail", json={"look": changed, "longest": 120})
    assert max(picture(shown.content).shape) <= 120
    said = client.post(f"{at}/rank", json={"looks": [changed, look]}).json()
    assert sorted(said["order"]) == [0, 1]
    best, rest = (said["likeness"][i] for i in said["order"])
    assert best <= rest
    # The one that wins is of those that are as alike within the noise, among those good enough.
    assert said["winner"] in said["alike"]
    assert said["tied"] == (len(said["alike"]) > 1)
    if said["tied"]:
        assert rest <= best + said["noise"]
    asked = [{"dial": 0.5, "chosen": 0}, {"dial": 0.5, "chosen": 3}]
    same = client.post(f"{at}/rank", json={"looks": [look, look], "asked": asked}).json()
    assert (same["winner"], same["alike"], same["tied"]) == (0, [0, 1], True)


def test_what_edits_cost_is_weighed(client: Client, at: str, look: dict[str, Any]) -> None:
    few = dict.fromkeys(look["adjust"], 0.0) | {"brightness": 0.4}
    rows = client.post(f"{at}/costs", json={"look": {**look, "adjust": few}}).json()
    assert [row["name"] for row in rows] == ["brightness"]
    assert rows[0]["authenticity"] <= 0


def test_marks_are_asked_for_by_their_frame(
    client: Client, at: str, spelled: dict[str, Any]
) -> None:
    rows = client.get(f"{at}/marks?frame={spelled['frame_key']}").json()
    # So small a face has none to see; where marks are told, see tests/unit/web/test_web_marks.py.
    assert rows == []
    assert client.get(f"{at}/marks?frame={'0' * 20}").json()["code"] == "missing"


def test_a_job_explores_and_is_told_of(client: Client, at: str) -> None:
    prefer = {"prefer": "respond-async"}
    values = {"adjust": {"detail": 0.0}}
    asked = {"setting": "default", "count": 2, "values": values}
    answer = client.post(f"{at}/explore", json=asked, headers=prefer)
    assert answer.status_code == 202
    job = answer.headers["location"]
    with client.stream("GET", f"{job}/events") as stream:
        told = "".join(stream.iter_text())
    assert "event: done" in told
    assert client.get(job).json()["state"] == "done"
    said = client.get(f"{job}/result").json()
    assert [v["number"] for v in said["variants"]] == [1, 2]
    # The setting's own first, named as the command names it; and what cannot be told from it never.
    first, second = said["variants"]
    assert first["name"].startswith("as default asks")
    assert second["name"] != first["name"]
    assert first["thumbnail"].startswith("data:image/jpeg;base64,")
    assert first["look"]["size"] is None
    assert said["winner"] in (1, 2)
    assert said["winner"] in said["tied"]
    assert said["photos"] == 1
    assert said["why"]
    assert client.delete(job).status_code == 204
    assert client.get(job).status_code == 404


def test_clothes_are_advised_on_and_colours_offered(
    client: Client, at: str, look: dict[str, Any]
) -> None:
    said = client.post(f"{at}/wardrobe", json={"setting": "linkedin", "look": look}).json()
    assert len(said["said"]) in (1, 2)
    # With the code and what is named, so that the page can say it in its own language.
    assert all(set(each) == {"code", "named", "text"} for each in said["said"])
    assert bool(said["colours"]) != bool(said["refused"])
    assert all(set(c) == {"name", "rgb"} for c in said["colours"])


def test_a_job_can_be_cancelled(client: Client, at: str, look: dict[str, Any]) -> None:
    asked = {"look": look, "setting": "default", "sizes": "setting"}
    job = client.post(f"{at}/render", json=asked, headers={"prefer": "respond-async"}).json()["job"]
    assert client.get(f"/api/v1/jobs/{job}/result").json()["code"] == "busy"
    assert client.delete(f"/api/v1/jobs/{job}").status_code == 204
    start = time.monotonic()
    assert client.get(f"{at}/photos/p1/preview").status_code == 200
    assert time.monotonic() - start < 3


def test_the_headshot_is_saved(client: Client, at: str, look: dict[str, Any]) -> None:
    asked = {"look": {**look, "size": 200}, "format": "AVIF", "quality": 80}
    answer = client.post(f"{at}/render", json=asked)
    assert answer.headers["content-type"] == "image/avif"
    assert answer.headers["content-disposition"] == 'attachment; filename="headshot.avif"'
    assert max(open_picture(answer.content).codes.shape) == 200


def test_all_sizes_of_a_setting_come_as_a_zip(
    client: Client, at: str, look: dict[str, Any]
) -> None:
    schema = client.get("/api/v1/schema").json()
    sizes = next(s["sizes"] for s in schema["settings"] if s["name"] == "linkedin")
    sizes = sorted(sizes, key=lambda size: size["width"])[:2]
    wanted = [size["name"] for size in sizes]
    asked = {"look": look, "setting": "linkedin", "sizes": wanted}
    answer = client.post(f"{at}/render", json=asked)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        assert len(pack.namelist()) == len(wanted)
        for name, size in zip(pack.namelist(), sizes, strict=True):
            found = open_picture(pack.read(name))
            assert (found.width, found.height) == (size["width"], size["height"])
    wrong = client.post(f"{at}/render", json={**asked, "sizes": ["nowhere"]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "look")


def test_a_look_is_written_as_toml(client: Client, at: str, look: dict[str, Any]) -> None:
    answer = client.post(f"{at}/toml", json={"look": look})
    assert parse_look(tomllib.loads(answer.text)).strengths == parse_look(look).strengths


def test_no_picture_of_this_computer_is_ever_read(client: Client, at: str) -> None:
    for path in (str(ROOT / "examples" / "astronaut.jpg"), "own-1.jpg", "../p1.jpg"):
        look = Look(backdrop=path).model_dump(mode="json")
        for route in ("plan", "measure", "thumbnail", "render"):
            answer = client.post(f"{at}/{route}", json={"look": look})
            assert (answer.status_code, answer.json()["code"]) == (422, "look")
        asked = {"setting": "default", "polish": 0, "values": {"backdrop": path}}
        assert client.post(f"{at}/look", json=asked).json()["code"] == "look"


def test_a_picture_that_was_sent_may_stand_behind(client: Client, at: str) -> None:
    sent = client.post(f"{at}/backdrops", files={"picture": ("wall.jpg", ASTRONAUT)})
    name = sent.json()["name"]
    asked = {"setting": "default", "polish": 0, "values": {"backdrop": name}}
    said = client.post(f"{at}/look", json=asked).json()
    assert said["look"]["backdrop"] == name
    assert said["backdrop"]["name"] == name
    shown = client.post(f"{at}/thumbnail", json={"look": said["look"]})
    assert shown.status_code == 200


@pytest.mark.parametrize(
    ("route", "body", "expected"),
    [
        ("look", {"setting": "nowhere"}, (422, "look")),
        ("look", {"setting": "../../x"}, (422, "request")),
        ("look", {"polish": 2}, (422, "request")),
        ("look", {"values": {"crop": "round"}}, (422, "look")),
        ("look", {"values": {"adjust": {"wings": 1}}}, (422, "look")),
        ("look", {"values": {"adjust": [1]}}, (422, "look")),
        ("look", {"values": {"backdrop": 7, "wings": None}}, (422, "look")),
        ("look", {"values": {"head": float("nan")}}, (422, "look")),
        ("explore", {"values": {"adjust": 1, "crop": {}}}, (422, "look")),
        ("plan", {"look": {"turn": float("nan")}}, (422, "look")),
        ("plan", {"look": {"place": [0, 0, 1e99, 1]}}, (422, "look")),
        ("plan", {"look": {"adjust": {"shadows": 9}}}, (422, "look")),
        ("plan", {"look": {}, "longest": 99_999}, (422, "request")),
        ("render", {"look": {"size": [8000, 8000]}}, (413, "too-large")),
        ("render", {"look": {}, "format": "EXE"}, (422, "request")),
        ("use", {"photo": "p7"}, (404, "missing")),
        ("use", {"photo": "p1", "face": 9}, (422, "face")),
    ],
)
def test_what_is_wrong_is_said(
    client: Client, at: str, route: str, body: dict[str, Any], expected: tuple[int, str]
) -> None:
    text = json.dumps(body)  # numbers that are none, too, which httpx would not send
    answer = client.post(
        f"{at}/{route}", content=text, headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == expected, answer.text
    assert answer.json()["detail"]


def test_photos_without_a_face_or_of_nothing_are_said(client: Client) -> None:
    grey = cv2.imencode(".png", np.full((200, 200, 3), 128, np.uint8))[1].tobytes()
    answer = client.post(SESSIONS, files={"photo": ("wall.png", grey)})
    assert (answer.status_code, answer.json()["code"]) == (422, "face")
    assert "wall.png" in answer.json()["detail"]
    answer = client.post(SESSIONS, files={"photo": ("torn.jpg", ASTRONAUT[:9000])})
    assert (answer.status_code, answer.json()["code"]) == (415, "picture")
    assert "torn.jpg" in answer.json()["detail"]


def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused(client: Client) -> None:
    side = int((1.2 * client.app.state.service.limits.megapixels * 1e6) ** 0.5)
    bomb = cv2.imencode(".png", np.zeros((side, side), np.uint8))[1].tobytes()
    assert len(bomb) < 200_000
    answer = client.post(SESSIONS, files={"photo": ("bomb.png", bomb)})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert not [v for v in client.app.state.service.visits.here.values() if v.shelf.photos and
                v.shelf.photos[0].name == "bomb.png"]  # fmt: skip


def test_several_photos_are_sorted(client: Client) -> None:
    grey = cv2.imencode(".png", np.full((200, 200, 3), 128, np.uint8))[1].tobytes()
    files = [("photo", ("wall.png", grey)), ("photo", ("a.jpg", ASTRONAUT)),
             ("photo", ("b.jpg", ASTRONAUT))]  # fmt: skip
    id = client.post(SESSIONS, files=files).json()["id"]
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        said = client.get(f"{SESSIONS}/{id}").json()
        roles = [p["role"] for p in said["photos"]]
        if None not in [p["rank"] for p in said["photos"][1:]]:
            break
        time.sleep(0.1)
    assert roles[0] == "left out"
    assert sorted(roles[1:]) == ["reference", "source"]
    assert said["source"] != "p1"
    used = client.post(f"{SESSIONS}/{id}/use", json={"photo": "p3", "face": 1}).json()
    assert used["source"] == "p3"
    assert [p["role"] for p in used["photos"]] == ["left out", "reference", "source"]
    assert client.delete(f"{SESSIONS}/{id}").status_code == 204


def test_a_headshot_from_anywhere_is_checked_and_photos_are_picked(client: Client) -> None:
    files = [("headshot", ("h.jpg", ASTRONAUT)), ("photo", ("a.jpg", ASTRONAUT))]
    said = client.post("/api/v1/check", files=files).json()
    assert said["answer"] == "yes"
    assert said["verdict"]
    assert said["words"]
    assert said["page"] is None
    picked = client.post("/api/v1/pick", files=[("photo", ("a.jpg", ASTRONAUT))]).json()
    assert [row["photo"] for row in picked["ranked"]] == ["a.jpg"]
    assert not [v for v in client.app.state.service.visits.here.values() if not v.shelf.source]


def _blocks(language: str) -> list[str]:
    text = (ROOT / "docs" / "api.md").read_text()
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_the_lines_of_the_page_work(client: Client, tmp_path: Path) -> None:
    (lines,) = _blocks("sh")
    (tmp_path / "me.jpg").write_bytes(ASTRONAUT)
    text = lines.replace("http://127.0.0.1:8700", client.address).replace(
        '"polish": 0.4', '"polish": 0.4, "values": {"adjust": {"detail": 0}}'
    )
    if shutil.which("curl") is None or shutil.which("bash") is None:
        pytest.skip("there is no curl here")
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", text], cwd=tmp_path, check=False)
    assert done.returncode == 0
    assert json.loads((tmp_path / "letter.json").read_text())["answer"] == "yes"
    assert open_picture((tmp_path / "me.headshot.jpg").read_bytes()).width > 300


def test_the_client_of_the_page_works(client: Client, tmp_path: Path) -> None:
    library, use = _blocks("python")
    assert len([line for line in library.splitlines() if line.strip()]) <= 36
    (tmp_path / "me.jpg").write_bytes(ASTRONAUT)
    text = use.replace('Path("me', f'Path("{tmp_path}/me').replace(
        'backdrop="keep"', 'backdrop="keep", adjust={"detail": 0}'
    )
    space: dict[str, Any] = {}
    exec(library.replace("http://127.0.0.1:8700", client.address), space)
    exec(text, space)
    assert open_picture((tmp_path / "me.headshot.jpg").read_bytes()).width > 300


def test_every_problem_is_on_the_page() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", (ROOT / "docs" / "api.md").read_text(), re.M)
    assert {code: int(status) for code, status in rows} == {c: s for c, (s, _) in CODES.items()}
