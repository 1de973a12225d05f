"""What opens a model: one function for each runtime, each imported when it is first needed."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np

from catchlight.errors import ModelError
from catchlight.models.catalogue import find
from catchlight.models.inner import show_inner
from catchlight.models.own import own_file
from catchlight.models.store import locate

_STDERR = threading.Lock()


def count_threads() -> int:
    """Threads for one model: the cores this process may use, at most 4.

    Beyond 4 these small networks gain nothing, and other work of the machine loses. A worker of
    several shares the cores with the others: CATCHLIGHT_THREADS says how many it may use.
    """
    given = os.environ.get("CATCHLIGHT_THREADS", "")
    if given.isdecimal() and int(given) > 0:
        return min(int(given), 4)
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not Linux
        cores = os.cpu_count() or 1
    return max(1, min(cores, 4))


def open_litert(name: str) -> Any:
    """Open a LiteRT interpreter, which greets on stderr: that is kept unless it fails."""
    path = locate(name)
    with _quiet_stderr():
        from ai_edge_litert.interpreter import Interpreter

        engine = Interpreter(model_path=str(path), num_threads=count_threads())
        engine.allocate_tensors()
    return engine


def open_own(name: str) -> Any:
    """Open one of our own networks."""
    return _open_graph(str(own_file(name)))


def open_onnx(name: str) -> Any:
    """Open an ONNX row of the catalogue; its taps are outputs after its own."""
    path, taps = locate(name), find(name).taps
    return _open_graph(show_inner(path.read_bytes(), taps) if taps else str(path))


def _open_graph(model: str | bytes) -> Any:
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = count_threads()
    options.inter_op_num_threads = 1
    # Planned buffers would save no time here (ISNet: 1.7 s either way) and cost 0.8 GB of 2.2; an
    # arena of its own would keep what it ever needed: 300 MB of U-2-Net's small form.
    options.enable_mem_pattern = False
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3  # errors; its warnings speak of hardware we do not use
    # Weights kept in 8 bits are unpacked once, not in every run: SFace 21 -> 12 ms, two threads.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    # Threads that spin while they wait for the next run take the cores from what comes between:
    # alone 13 ms instead of 12, amid the other measures a proof is shorter by a quarter and more.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    engine = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    unread = {i.name: np.zeros(i.shape, np.float32) for i in engine.get_inputs()[1:]}
    return engine, unread


def open_ncnn(name: str) -> Any:
    """Open an ncnn row, with pools of memory that can be emptied after each call.

    Raises
    ------
    ModelError
    """
    graph, weights = locate(f"{name}_param"), locate(name)
    # Threads that spin while they wait for each other burn 0.17 s of a photo of 250 pixels. OpenMP
    # asks once, when it is loaded.
    with _environment("OMP_WAIT_POLICY", "passive"):
        import ncnn

    net = ncnn.Net()
    net.opt.use_vulkan_compute = False
    net.opt.num_threads = count_threads()
    # Pools of our own can be emptied after each call; ncnn's would keep 1.2 GB for good.
    pools = ncnn.PoolAllocator(), ncnn.PoolAllocator()
    net.opt.blob_allocator, net.opt.workspace_allocator = pools
    if net.load_param(str(graph)) != 0 or net.load_model(str(weights)) != 0:
        raise ModelError(f"ncnn could not load {weights} with {graph}. Is the ncnn package intact?")
    return pools, net  # in this order: a tuple lets go of its last item first


def open_dlib(name: str) -> Any:
    """Open dlib's network of identity."""
    path = locate(name)
    import dlib

    return dlib.face_recognition_model_v1(str(path))


@contextlib.contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """Say ``name`` in the environment inside, where nobody has said it."""
    given = name in os.environ
    os.environ.setdefault(name, value)
    try:
        yield
    finally:
        if not given:
            os.environ.pop(name, None)


@contextlib.contextmanager
def _quiet_stderr() -> Iterator[None]:
    """Keep what C code writes to stderr (LiteRT greets on every start) unless something fails."""
    with _STDERR, tempfile.TemporaryFile() as kept:
        saved = os.dup(2)
        os.dup2(kept.fileno(), 2)
        try:
            yield
        except BaseException:
            os.dup2(saved, 2)
            kept.seek(0)
            os.write(2, kept.read())
            raise
        finally:
            os.dup2(saved, 2)
            os.close(saved)
