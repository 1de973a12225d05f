"""Inner tensors of a fetched graph, told beside its answer."""

from __future__ import annotations

import numpy as np
import pytest

from catchlight.models import find, is_present, run_onnx, run_tapped
from catchlight.models.inner import show_inner


def test_outputs_are_added_to_the_graph_and_nothing_else_changes() -> None:
    # ModelProto: ir_version 6; a producer's name; a graph of 3 bytes; a domain's version after it.
    model = b"\x08\x06\x12\x02ab\x3a\x03xyz\x42\x02\x10\x0b"
    shown = show_inner(model, ("7", "eight"))
    assert shown == (
        b"\x08\x06\x12\x02ab\x3a\x11xyz\x62\x03\x0a\x017\x62\x07\x0a\x05eight\x42\x02\x10\x0b"
    )
    assert show_inner(model, ()) == model


def test_a_long_graph_is_measured_anew() -> None:
    body = bytes(300)
    model = b"\x3a\xac\x02" + body
    assert show_inner(model, ("n",)) == b"\x3a\xb1\x02" + body + b"\x62\x03\x0a\x01n"


@pytest.mark.parametrize(
    "spoilt", [b"", b"\x08\x06", b"\x3a\x09xyz", b"\x3b\x03xyz", b"\x3a\x80", b"<html>no</html>"]
)
def test_what_is_no_model_is_refused(spoilt: bytes) -> None:
    with pytest.raises(ValueError, match="not an ONNX model"):
        show_inner(spoilt, ("7",))


@pytest.mark.models
def test_the_salient_network_answers_the_same_and_tells_its_maps() -> None:
    if not is_present("salient_small"):
        pytest.skip("the model is not in the cache")
    rng = np.random.default_rng(4)
    x = rng.normal(0, 1, (1, 3, 320, 320)).astype(np.float32)
    answer, *maps = run_tapped("salient_small", x)
    assert (answer == run_onnx("salient_small", x)).all()
    assert len(maps) == len(find("salient_small").taps)
    assert [m.shape for m in maps] == [(1, 64, n, n) for n in (40, 40, 20, 20, 10)]
    assert all(m.std() > 0.05 for m in maps)
