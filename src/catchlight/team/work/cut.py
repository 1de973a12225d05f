"""Cutting: every size of every platform from one master, heads and eyes where they are to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

#: Steps of quality tried where a platform takes no larger file.
_QUALITIES = (95, 90, 85, 78, 70)


def cut_sizes(
    master: bytes,
    record: Mapping[str, Any],
    origin: Any,
    place: Mapping[str, float],
    sizes: Sequence[Mapping[str, Any]],
    *,
    strip: bool,
) -> dict[str, Any]:
    """Cut sizes from a master.

    Parameters
    ----------
    master : bytes, PNG
    record : mapping, of the master
    origin : Origin, of the photo
    place : mapping, where the head lies in the master
    sizes : sequence of mappings
        ``name``, ``width``, ``height``, ``head``, ``eyes``, ``format``, ``most_kb`` each.
    strip : bool, whether metadata are left out

    Returns
    -------
    dict: ``files`` (name to bytes), ``frames`` (name to what each shows of head and eyes),
    ``histories`` (name to what was done)
    """
    from catchlight.images import encode_picture, open_picture
    from catchlight.images.resample import resample_photo
    from catchlight.provenance.history import Step, strip_history, tell_history
    from catchlight.provenance.xmp import write_packet

    picture = open_picture(master)
    told = tell_history(record, origin)
    told = strip_history(told) if strip else told
    files: dict[str, bytes] = {}
    frames: dict[str, dict[str, float]] = {}
    histories = {}
    for size in sizes:
        name, width, height = size["name"], size["width"], size["height"]
        cut = plan_cut(place, width / height, head=size["head"], eyes=size["eyes"])
        scale = height / (cut["height"] * picture.height)
        left, top = cut["left"] * picture.width, cut["top"] * picture.height
        transform = np.array([[scale, 0, -left * scale], [0, scale, -top * scale]])
        transform[:, 2] += (scale - 1) / 2  # pixel centres lie at whole numbers
        light = resample_photo(picture, transform, width, height)
        step = Step("c2pa.cropped", f"cut to {width} x {height} pixels for {name}")
        history = replace(told, steps=(*told.steps, step))
        packet = write_packet(history, bare=strip)
        for quality in _QUALITIES:
            data = encode_picture(
                light, format=size["format"], quality=quality, xmp=packet,
                metadata=None if strip else picture.metadata,
            )  # fmt: skip
            if size["most_kb"] is None or len(data) <= 1000 * size["most_kb"]:
                break
        files[name], histories[name] = data, history
        frames[name] = {"head": cut["head"], "eyes": cut["eyes"], "enlarged": max(1.0, scale)}
    return {"files": files, "frames": frames, "histories": histories}


def plan_cut(
    place: Mapping[str, float], aspect: float, *, head: float, eyes: float
) -> dict[str, float]:
    """Choose what of a master is shown.

    Only what the master has: where the head is larger in it than asked, it stays so, and where the
    eye line would need more than there is, it lies as near as it can.

    Parameters
    ----------
    place : mapping, where the head lies in the master
    aspect : float, width over height of the cut
    head, eyes : float, shares of the cut's height

    Returns
    -------
    dict: ``left``, ``top``, ``width``, ``height`` in shares of the master, and the ``head`` and
    ``eyes`` that come of it

    Examples
    --------
    >>> place = {"width": 800, "height": 1000, "head": 0.4, "eyes": 0.36, "middle": 0.5}
    >>> cut = plan_cut(place, 0.8, head=0.5, eyes=0.4)
    >>> round(cut["height"], 3), round(cut["eyes"], 3)
    (0.8, 0.4)
    """
    shape = place["width"] / place["height"]
    tall = min(1.0, place["head"] / head if place["head"] else 1.0, shape / aspect)
    wide = min(1.0, tall * aspect / shape)
    top = float(np.clip(place["eyes"] - eyes * tall, 0.0, 1.0 - tall))
    left = float(np.clip(place["middle"] - wide / 2, 0.0, 1.0 - wide))
    return {
        "left": left,
        "top": top,
        "width": wide,
        "height": tall,
        "head": place["head"] / tall,
        "eyes": (place["eyes"] - top) / tall,
    }
