"""Every runner on its real file, where the file is in the cache (``make setup`` fetches it)."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from catchlight.errors import ModelError
from catchlight.models import (
    CATALOGUE,
    dlib_descriptor,
    find,
    is_present,
    locate,
    run_litert,
    run_ncnn,
    run_onnx,
    runners,
)


def need(*names: str) -> None:
    for name in names:
        if not is_present(name):
            pytest.skip(f"{name} is not in the cache: run `catchlight models pull`")


def smooth(*shape: int) -> np.ndarray[Any, Any]:
    """A soft ramp with a bright disc, 0..1: a picture that an enlarger should keep."""
    h, w = shape
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    disc = 0.5 - 0.5 * np.tanh(np.hypot(x - w / 2, y - h / 2) - min(h, w) / 4)
    return np.stack([0.2 + 0.4 * x / w, 0.2 + 0.4 * y / h, 0.3 + 0.5 * disc], -1).astype(np.float32)


LITERT = {
    "face_detector": ((1, 128, 128, 3), [(1, 896, 16), (1, 896, 1)]),
    "face_landmarks": ((1, 256, 256, 3), [(1, 1, 1, 1434), (1, 1, 1, 1), (1, 1)]),
    "face_blendshapes": ((1, 146, 2), [(52,)]),
    "selfie_segmentation": ((1, 256, 256, 3), [(1, 256, 256, 1)]),
    "pose_mask": (
        (1, 256, 256, 3),
        [(1, 195), (1, 1), (1, 256, 256, 1), (1, 64, 64, 39), (1, 117)],
    ),
}


def test_every_litert_row_is_tried_here() -> None:
    assert set(LITERT) == {row.name for row in CATALOGUE if row.runtime == "litert"}


@pytest.mark.models
@pytest.mark.parametrize("name", LITERT)
def test_litert(name: str) -> None:
    need(name)
    shape, outputs = LITERT[name]
    x = np.random.default_rng(7).random(shape, np.float32)
    out = run_litert(name, x)
    assert [value.shape for value in out.values()] == outputs
    assert all(np.isfinite(value).all() for value in out.values())
    kept = {key: value.copy() for key, value in out.items()}
    run_litert(name, np.zeros_like(x))  # the first result must be ours, not the interpreter's
    assert all(np.array_equal(out[key], kept[key]) for key in out)
    again = run_litert(name, x)
    assert all(np.array_equal(again[key], kept[key]) for key in out)


@pytest.mark.models
def test_litert_output_names_that_others_rely_on() -> None:
    need("face_detector", "face_landmarks")
    assert list(run_litert("face_detector", np.zeros((1, 128, 128, 3), np.float32))) == [
        "regressors",
        "classificators",
    ]
    out = run_litert("face_landmarks", np.zeros((1, 256, 256, 3), np.float32))
    assert list(out)[:2] == ["Identity", "Identity_1"]


@pytest.mark.models
def test_litert_refuses_the_wrong_input() -> None:
    need("face_detector")
    with pytest.raises(ValueError):
        run_litert("face_detector", np.zeros((1, 64, 64, 3), np.float32))
    with pytest.raises(ValueError):
        run_litert("face_detector")


@pytest.mark.models
def test_many_threads_get_what_one_would() -> None:
    need("selfie_segmentation", "face_landmarks")
    rng = np.random.default_rng(1)
    inputs = [rng.random((1, 256, 256, 3), np.float32) for _ in range(12)]

    def both(x: np.ndarray[Any, Any]) -> tuple[Any, Any]:
        return (
            run_litert("selfie_segmentation", x)["activation_10"],
            run_litert("face_landmarks", x)["Identity"],
        )

    alone = [both(x) for x in inputs]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(both, inputs))
    for a, b in zip(alone, together, strict=True):
        assert np.array_equal(a[0], b[0]) and np.array_equal(a[1], b[1])


@pytest.mark.models
@pytest.mark.parametrize("scale", [2, 4])
@pytest.mark.parametrize("size", [(48, 64), (33, 41)], ids=["even", "odd"])
def test_ncnn_enlarges_and_keeps_the_picture(scale: int, size: tuple[int, int]) -> None:
    name = f"super_resolution_x{scale}"
    need(name, f"{name}_param")
    x = smooth(*size)
    before = x.copy()
    out = run_ncnn(name, x)
    h, w = size
    assert out.shape == (scale * h, scale * w, 3)
    assert out.dtype == np.float32 and out.flags.c_contiguous
    small = out.reshape(h, scale, w, scale, 3).mean((1, 3))
    assert np.abs(small - x).mean() < 0.01
    assert np.array_equal(x, before)
    assert np.array_equal(run_ncnn(name, x), out)


@pytest.mark.models
def test_ncnn_refuses_a_mask() -> None:
    with pytest.raises(ValueError, match=r"\(H, W, 3\)"):
        run_ncnn("super_resolution_x4", np.zeros((8, 8), np.float32))


@pytest.mark.models
def test_dlib_descriptor() -> None:
    need("face_identity")
    chip = (smooth(150, 150) * 255).astype(np.uint8)
    out = dlib_descriptor(chip)
    assert out.shape == (128,) and out.dtype == np.float32
    assert 0.5 < np.linalg.norm(out) < 2
    assert np.array_equal(dlib_descriptor(chip), out)
    assert np.linalg.norm(dlib_descriptor(chip[:, ::-1]) - out) < 0.6  # a view is copied, not read
    other = np.random.default_rng(0).integers(0, 256, chip.shape, np.uint8)
    assert np.linalg.norm(dlib_descriptor(other) - out) > 0.1


@pytest.mark.models
def test_onnx_feeds_what_a_graph_lists_and_does_not_read() -> None:
    need("face_likeness")
    chip = (smooth(112, 112) * 255).transpose(2, 0, 1)[None].astype(np.float32)
    chip = np.ascontiguousarray(chip)
    out = run_onnx("face_likeness", chip)
    assert out.shape == (1, 128) and np.linalg.norm(out) > 0.1
    assert np.array_equal(run_onnx("face_likeness", chip), out)
    other = np.random.default_rng(0).random(chip.shape, np.float32) * 255
    a, b = (v[0] / np.linalg.norm(v) for v in (out, run_onnx("face_likeness", other)))
    assert np.linalg.norm(a - b) > 0.5


def test_dlib_descriptor_refuses_another_size() -> None:
    with pytest.raises(ValueError, match="150"):
        dlib_descriptor(np.zeros((96, 96, 3), np.uint8))


@pytest.mark.models
def test_salient_networks() -> None:
    need("salient_small")
    picture = smooth(320, 320).transpose(2, 0, 1)[None] - 0.5
    out = run_onnx("salient_small", np.ascontiguousarray(picture))
    assert out.shape == (1, 1, 320, 320)
    assert out.min() >= 0 and out.max() <= 1


@pytest.mark.models
def test_pose_mask() -> None:
    need("pose_mask")
    out = run_litert("pose_mask", smooth(256, 256)[None])
    assert out["Identity_2"].shape == (1, 256, 256, 1)


@pytest.mark.models
def test_first_use_prints_nothing() -> None:
    """LiteRT greets on stderr; neither stream may carry it, nor any warning of an import."""
    need("face_detector", "super_resolution_x4", "face_identity")
    code = (
        "import numpy as np; from catchlight import models as m;"
        "m.run_litert('face_detector', np.zeros((1, 128, 128, 3), np.float32));"
        "m.run_ncnn('super_resolution_x4', np.zeros((8, 8, 3), np.float32));"
        "m.dlib_descriptor(np.zeros((150, 150, 3), np.uint8));"
        "import sys; print('still here', file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(Path(runners.__file__).parents[2]), **_environment()},
    )
    assert (done.stdout, done.stderr.strip()) == ("", "still here")


def _environment() -> dict[str, str]:
    import os

    return {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}


def test_import_brings_no_runtime() -> None:
    heavy = "{'ai_edge_litert', 'onnxruntime', 'ncnn', 'dlib', 'filelock', 'platformdirs'}"
    code = f"import sys, catchlight.models; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(Path(runners.__file__).parents[2]), **_environment()},
    )
    assert done.stdout.strip() == "[]"


def test_slow_opening_of_one_model_does_not_hold_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runners, "_SESSIONS", {})
    release = threading.Event()
    opened: list[str] = []

    def slow(name: str) -> str:
        assert release.wait(10)
        opened.append(name)
        return name

    def use_slow() -> None:
        with runners._session(slow, "slow"):
            pass

    threads = [threading.Thread(target=use_slow) for _ in range(3)]
    for thread in threads:
        thread.start()
    with runners._session(str.upper, "quick") as engine:
        assert engine == "QUICK"
    release.set()
    for thread in threads:
        thread.join()
    assert opened == ["slow"]


def test_failed_opening_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runners, "_SESSIONS", {})

    def fail(name: str) -> None:
        raise ModelError("offline")

    with pytest.raises(ModelError), runners._session(fail, "x"):
        pass
    with runners._session(str.upper, "x") as engine:
        assert engine == "X"


POINTS = np.random.default_rng(3).random((1, 146, 2), np.float32) * 200


def _run_in_child(answers: Any) -> None:
    answers.put(run_litert("face_blendshapes", POINTS))


@pytest.mark.models
@pytest.mark.skipif(sys.platform != "linux", reason="fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_forked_child_opens_its_own_session() -> None:
    need("face_blendshapes")
    (here,) = run_litert("face_blendshapes", POINTS).values()
    fork = multiprocessing.get_context("fork")
    answers = fork.Queue()
    child = fork.Process(target=_run_in_child, args=(answers,))
    child.start()
    (there,) = answers.get(timeout=30).values()
    child.join(10)
    assert child.exitcode == 0
    assert np.array_equal(here, there)


@pytest.mark.models
def test_catalogue_of_the_cache_is_verified() -> None:
    for row in CATALOGUE:
        if is_present(row.name):
            assert locate(row.name, fetch=False).stat().st_size == find(row.name).size
