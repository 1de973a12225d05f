"""How far away the camera was: what the file says of it, and whether the face contradicts that."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.frame import Frame
from catchlight.analysis.perspective import PORTRAIT_CM, fit_head, in_ied
from catchlight.arrays import Points, as_float
from catchlight.images import Metadata, Picture
from catchlight.pixels import geometry

# Degrees of yaw beyond which the eyes' distance, foreshortened, measures nothing well.
_TURNED = 30.0
# The 70th percentile of a normal distribution, in standard deviations.
_SEVENTIETH = 0.524


@dataclass(frozen=True)
class Camera:
    """Where the photo was taken from.

    Attributes
    ----------
    distance : float or None
        Centimetres from the camera to the eyes; the 70th percentile of what is likely, since too
        weak a correction is a smaller error than too strong a one. None where it is not known well
        enough, or far.
    source : {"focal length", "given", "unknown"}
    axis : (2,) float32
        Where the optical axis meets the frame, in IED from the middle between the eyes.
    """

    distance: float | None
    source: str
    axis: Points

    @property
    def near(self) -> bool:
        """Whether there is perspective to correct."""
        return self.distance is not None and self.distance < PORTRAIT_CM


def choose_camera(camera: Camera, lens: str | float | tuple[float, float]) -> Camera:
    """The camera as measured (``auto``), without a distance (``off``), or at so many metres.

    Of a pair of metres the first says from where the photo was taken.
    """
    if isinstance(lens, tuple):
        lens = lens[0]
    if lens == "auto":
        return camera
    if isinstance(lens, str):
        return replace(camera, distance=None, source="unknown")
    return replace(camera, distance=100 * lens, source="given")


def is_whole(metadata: Metadata, width: int, height: int) -> bool:
    """Whether a picture is all that its sensor saw, as far as the file tells.

    The camera wrote the size that the picture still has, its sides are in a sensor's ratio, and
    it has the pixels of one: editors that crop write the new size, but then they mostly shrink too.
    """
    written = metadata.size
    if written is None or sorted(written) != sorted((width, height)) or width * height < 4e6:
        return False
    return _sensor_shaped(width, height)


def _sensor_shaped(width: int, height: int) -> bool:
    """Whether a picture has the shape of a sensor, as few that were cropped for a use have."""
    ratio = max(width, height) / min(width, height)
    return any(abs(ratio - r) < 0.02 for r in (4 / 3, 3 / 2, 16 / 9))


def measure_distance(face: Face, focal_px: float) -> tuple[float, float]:
    """Distance from how large the eyes are drawn: cm, and its relative standard deviation.

    Two lengths that adults hardly differ in: between the eyes 63 mm (standard deviation 3.5;
    Dodgson 2004), and across an iris 11.7 mm (0.5), whose drawing the network knows to a pixel.
    """
    points = face.points
    rims = [(469, 471), (470, 472), (474, 476), (475, 477)]
    iris = float(np.mean([np.linalg.norm(points[a] - points[b]) for a, b in rims]))
    apart = focal_px * 6.3 / face.ied, 0.055
    across = focal_px * 1.17 / iris, float(np.hypot(0.045, 1.0 / iris))
    weight = [1 / spread**2 for _, spread in (apart, across)]
    mean = (weight[0] * np.log(apart[0]) + weight[1] * np.log(across[0])) / sum(weight)
    # The focal length itself is written rounded, of front cameras often of the whole sensor.
    return float(np.exp(mean)), float(np.hypot(sum(weight) ** -0.5, 0.05))


def estimate_camera(picture: Picture, face: Face, frame: Frame) -> Camera:
    """Estimate from how far a ``face`` (photo pixels) was photographed; the axis lies in the frame.

    Only with a focal length, of a photo that is whole, is the distance believed, and only where
    the perspective of the face does not contradict it. The face alone is not enough: the mesh
    network shows two fifths of the true change of perspective, and people differ by more than
    that. In even studio light at one distance it drew Black sitters (7) as if they had been
    nearer than white ones (23) by as much as 35 cm differs from 120: acting on it would narrow
    noses for no reason. See docs/light-and-lens.md.
    """
    metadata = picture.metadata
    focal = metadata.focal_35mm
    whole = is_whole(metadata, picture.width, picture.height)
    known = focal is not None and whole and abs(face.pose.yaw) <= _TURNED
    # A distance that a person gives is worth more with the axis; of a shape that no sensor has, the
    # photo's middle is no axis, and the eyes' own is the humble guess.
    if not known and not (
        _sensor_shaped(picture.width, picture.height) and picture.width * picture.height > 1e6
    ):
        return Camera(None, "unknown", np.zeros(2, np.float32))
    middle = np.array([[(picture.width - 1) / 2, (picture.height - 1) / 2]], np.float32)
    framed = face.moved(frame.transform)
    axis = (geometry.apply(frame.transform, middle)[0] - framed.eyes.mean(0)) / framed.ied
    if focal is None or not known:
        return Camera(None, "unknown", as_float(axis))
    # 43.27 mm is the diagonal of 35 mm film.
    focal_px = focal * float(np.hypot(picture.width, picture.height)) / 43.27
    cm, spread = measure_distance(face, focal_px)
    seen = fit_head(in_ied(framed), axis, None)[0].inverse
    # What the network shows of 1 / d: 0.0120 + 0.40 / d, give or take 0.0043 between people.
    if seen < 0.0120 + 0.40 / cm - 2 * 0.0043:
        return Camera(None, "unknown", axis)
    return Camera(cm * float(np.exp(_SEVENTIETH * spread)), "focal length", axis)
