#!/usr/bin/env python3
"""Photographs of people, and what three networks call the person: candidates.py PHOTOS SEEN.

For photographs that stand before no plain wall, and so cannot be keyed. Writes SEEN/NAME.npz: what
the refiner is shown of it (``coarse``, ``lent8`` to ``lent32``, as generate.py has them), and the
answers over the same window, uint8: ``ours`` (the cut-out that ships), ``large`` (U-2-Net) and
``isnet`` (IS-Net, where its weights are given). Finished ones are skipped. Which of them is right,
people decide (sheets.py), and settle.py makes truth of it.
"""

import argparse
import pathlib

import cv2
import generate
import numpy as np
import onnxruntime
from decisions import as_code, shrink
from PIL import Image, ImageOps

from catchlight import CatchlightError, open_photo
from catchlight.analysis.cutout import refiner, votes
from catchlight.analysis.subject import open_subject

#: Longer side at which a photograph is looked at, and the least that a face must have between the
#: eyes, in pixels.
LONGER, LEAST_IED = 1400, 18
#: Side of what IS-Net is shown.
_ISNET = 1024


def read_photo(path):
    """The photograph upright, at most LONGER pixels long, (h, w, 3) uint8 sRGB; None if masked."""
    with Image.open(path) as held:
        image = ImageOps.exif_transpose(held)
        if image.has_transparency_data:
            alpha = np.asarray(image.convert("RGBA"))[..., 3]
            if (alpha < 250).mean() > 0.02:  # cut to a circle: nobody photographs so
                return None
        image = image.convert("RGB")
        image.thumbnail((LONGER, LONGER), Image.Resampling.LANCZOS)
        return np.asarray(image)


def open_pixels(photo):
    """A picture of pixels in memory."""
    return open_photo(bytes(cv2.imencode(".png", photo[..., ::-1])[1]))


def ask_isnet(session, photo):
    """What IS-Net calls the salient thing (Qin et al. 2022), (h, w) float32 in 0..1."""
    how = cv2.INTER_AREA if max(photo.shape[:2]) > _ISNET else cv2.INTER_LINEAR
    square = cv2.resize(photo, (_ISNET, _ISNET), interpolation=how).astype(np.float32)
    shown = ((square - 128) / 256).transpose(2, 0, 1)[None]
    answer = session.run(None, {session.get_inputs()[0].name: shown})[0][0, 0]
    return cv2.resize(answer.astype(np.float32), photo.shape[1::-1])


def look(photo, session=None):
    """The arrays of one photograph, or None where its face is too small."""
    subject = open_subject(open_pixels(photo))
    if subject.face.ied < LEAST_IED:
        return None
    rect = (0, 0, photo.shape[1], photo.shape[0])
    made = {"picture": photo, "rect": rect, "faces": subject.faces}
    planes, lent, _, (_, window, *_) = generate.channels(made, ())
    size = refiner.WIDTH, refiner.HEIGHT
    rgb, inside = np.ascontiguousarray(planes[:3].transpose(1, 2, 0)), planes[7] / np.float32(255)
    answers = {
        "ours": subject.cutout.over(window, *size),
        "large": votes.find_salient(rgb, inside, finely=True)[0],
    }
    if session:
        answers["isnet"] = shrink(ask_isnet(session, photo), window, size) * inside
    codes = {k: as_code(v) for k, v in answers.items()}
    steps = {f"lent{k}": maps for k, maps in zip((8, 16, 32), lent, strict=True)}
    return {"coarse": planes, **steps, **codes}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=pathlib.Path)
    parser.add_argument("seen", type=pathlib.Path)
    parser.add_argument("--isnet", type=pathlib.Path, help="IS-Net's weights, ONNX")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    asked.seen.mkdir(parents=True, exist_ok=True)
    session = onnxruntime.InferenceSession(str(asked.isnet)) if asked.isnet else None
    for path in sorted(asked.photos.iterdir()):
        target = asked.seen / f"{path.name}.npz"
        if target.exists():
            continue
        try:
            photo = read_photo(path)
            found = None if photo is None else look(photo, session)
        except (CatchlightError, OSError) as error:
            print(path.name, error, flush=True)
            continue
        if found is not None:
            np.savez(target, **found)


if __name__ == "__main__":
    main()
