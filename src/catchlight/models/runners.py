"""One call to run a model: ``run_litert``, ``run_onnx``, ``run_ncnn``, ``dlib_descriptor``.

``run_own`` runs the networks that come with the package.

The first call of a name finds (or fetches) the file and opens a session, which stays open for the
life of the process. Each session has its own lock, so any thread may call, and two models can run
at once. Runtimes are imported on first use, so that a command that runs no model starts at once.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Float
from catchlight.models.catalogue import find
from catchlight.models.engines import open_dlib, open_litert, open_ncnn, open_onnx, open_own


@dataclass
class OpenModel:
    """An open model (None until the first call) and the lock that its callers take."""

    engine: Any = None
    lock: threading.Lock = field(default_factory=threading.Lock)


# The process id is part of the key: a child made by fork opens its own sessions, because the
# threads of its parent's did not come along.
_SESSIONS: dict[tuple[str, int], OpenModel] = {}


def run_litert(name: str, *inputs: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Run a LiteRT (TensorFlow Lite) model.

    Parameters
    ----------
    name : str
        A ``litert`` row of the catalogue.
    *inputs : ndarray
        In the order of the model's inputs, of exactly its shapes and dtypes.

    Returns
    -------
    dict of str to ndarray
        Copies of the outputs by name, in the model's own order; where there is one output,
        ``(out,) = run_litert(...).values()``.
    """
    with _session(open_litert, name) as engine:
        for slot, value in zip(engine.get_input_details(), inputs, strict=True):
            engine.set_tensor(slot["index"], value)
        engine.invoke()
        return {out["name"]: engine.get_tensor(out["index"]) for out in engine.get_output_details()}


def run_onnx(name: str, x: NDArray[Any]) -> NDArray[Any]:
    """Run an ONNX model on its first input and return its first output.

    What else a graph lists as inputs (SFace's left the names of 29 weights there, which nothing in
    it reads) is fed zeros.
    """
    with _session(open_onnx, name) as (engine, unread):
        first = engine.get_outputs()[0].name
        feed = {engine.get_inputs()[0].name: x, **unread}
        result: NDArray[Any] = engine.run([first], feed)[0]
        return result


def run_tapped(name: str, x: NDArray[Any]) -> list[NDArray[Any]]:
    """Run an ONNX model; its first output, and its row's ``taps`` in their order."""
    with _session(open_onnx, name) as (engine, unread):
        wanted = [engine.get_outputs()[0].name, *find(name).taps]
        result: list[NDArray[Any]] = engine.run(wanted, {engine.get_inputs()[0].name: x, **unread})
        return result


def open_model(name: str) -> None:
    """Open an ONNX model ahead of its first run; nothing where it is open."""
    with _session(open_onnx, name):
        return


def run_own(name: str, *inputs: NDArray[Any]) -> NDArray[Any]:
    """Run one of our own networks, which come with the package; its first output.

    ``inputs`` are in the order of the network's own.
    """
    with _session(open_own, name) as (engine, _):
        first = engine.get_outputs()[0].name
        feed = {i.name: x for i, x in zip(engine.get_inputs(), inputs, strict=True)}
        result: NDArray[Any] = engine.run([first], feed)[0]
        return result


def run_ncnn(name: str, x: Float) -> Float:
    """Enlarge ``x`` with an ncnn super-resolution model.

    Parameters
    ----------
    name : str
        An ``ncnn`` row of the catalogue; its graph is the row ``<name>_param``.
    x : (H, W, 3) float32
        sRGB, 0..1 (not linear light: the networks were trained on code values).

    Returns
    -------
    (sH, sW, 3) float32
        sRGB, nominally 0..1; it may overshoot a little.

    Notes
    -----
    Time and memory grow with the area: x4 of 256 px takes 0.3 s and 0.3 GB, of 512 px 1.4 s and
    1.2 GB (returned after the call). Cut a larger picture into overlapping tiles.
    """
    if x.ndim != 3 or x.shape[2] != 3:
        raise ValueError(f"x must be (H, W, 3) sRGB in 0..1, not {x.shape}")
    with _session(open_ncnn, name) as (pools, net):
        import ncnn

        planes = np.ascontiguousarray(x.transpose(2, 0, 1), np.float32)
        try:
            with net.create_extractor() as extractor:
                extractor.input("data", ncnn.Mat(planes).clone())
                _, blob = extractor.extract("output")
                out = np.array(blob).transpose(1, 2, 0).astype(np.float32, order="C")
                del blob  # its memory is the pool's
        finally:
            for pool in pools:
                pool.clear()
        return out


def dlib_descriptor(chip: NDArray[np.uint8]) -> Float:
    """Describe a face by 128 numbers; descriptors are compared by Euclidean distance.

    Parameters
    ----------
    chip : (150, 150, 3) uint8
        sRGB, aligned as ``dlib.get_face_chip`` does (padding 0.25).

    Returns
    -------
    (128,) float32
        Length about 1.4. The same input gives the same numbers: no jitter.

    Notes
    -----
    About 0.1 s. Distances of one person reach 0.56, and those of two people fall to 0.29: judge
    a result against the sitter's own source, never by one threshold for all.
    """
    if chip.shape != (150, 150, 3) or chip.dtype != np.uint8:
        raise ValueError(f"chip must be (150, 150, 3) uint8, not {chip.shape} {chip.dtype}")
    with _session(open_dlib, "face_identity") as engine:
        return np.asarray(engine.compute_face_descriptor(np.ascontiguousarray(chip)), np.float32)


@contextlib.contextmanager
def _session(opener: Callable[[str], Any], name: str) -> Iterator[Any]:
    """Hold the session of ``name``, opening it at the first call; a failure is not remembered."""
    session = _SESSIONS.setdefault((name, os.getpid()), OpenModel())
    with session.lock:
        if session.engine is None:
            session.engine = opener(name)
        yield session.engine
