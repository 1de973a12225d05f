"""What is arranged before and around the face: background, composition, and the moment."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.face.mesh import measure_gape
from catchlight.analysis.framing.head import measure_head
from catchlight.likeness.component import Finding, unseen
from catchlight.pixels import colour
from catchlight.pixels.filters import ramp
from catchlight.polish.grade import sigmoid
from catchlight.polish.sight import Sight


def measure_background(sight: Sight) -> Finding:
    """How calm the background is: mean gradient of L*, 3 mm off the person.

    After OFIQ's BackgroundUniformity (mean gradient magnitude of luminance, Scharr, on the eroded
    background at a fixed size), in L* for each 1 % of the picture's longer side. Studio
    backgrounds measured 0.5 to 2.4 there (quartiles), rooms called busy 10 to 19.
    """
    off = max(2, round(3.0 * sight.face.px_per_mm))
    kernel = np.ones((2 * off + 1, 2 * off + 1), np.uint8)
    behind = cv2.erode((sight.alpha < 0.05).astype(np.uint8), kernel) > 0
    if behind.mean() < 0.02:
        why = "hardly any background is seen"
        return unseen(why)
    lightness = np.ascontiguousarray(colour.p3_to_lab(sight.pixels)[..., 0])
    slopes = (cv2.Scharr(lightness, cv2.CV_32F, *d) / 32 for d in ((1, 0), (0, 1)))
    per_cent = max(lightness.shape) / 100
    busy = float(np.hypot(*slopes)[behind].mean()) * per_cent
    return Finding(
        busy,
        ramp(busy, 16, 3),
        f"restless: lightness changes by {busy:.0f} L* on each 1 % of the picture",
        praise="calm",
        high=3,
    )


def measure_composition(sight: Sight) -> Finding:
    """Head size, eye line, centring and level, after the norms of the trade (see ``frame``).

    The head that was asked for is met from 0.8 to 1.2 times (where nothing was, by 30 to 52 % of
    the height: the 4:5, the square and the half-length crop); eyes 28-44 % from the top, as
    much lower as a large head brings; the head's middle within 5 % of the width; level within 3
    degrees, as deliberate small tilts stay. Each falls in a straight line (head to 0 at half
    of the least and at 110 % of the height: a face that fills the picture keeps a third, eye line
    at 10 and 64 %, centre at 25 %, tilt at 25 degrees); the score is their product. OFIQ's
    HeadSize aims at a passport's 0.45 from eyes to chin, twice the head of a portrait.
    """
    if not sight.framed:
        why = "the photo has not been framed yet"
        return unseen(why)
    h, w = sight.pixels.shape[:2]
    head = measure_head(sight.face, sight.alpha)
    size = (head.chin - head.crown) / h
    eyes, middle = head.eyes / h, abs(head.middle / w - 0.5)
    tilt = abs(sight.face.pose.roll)
    asked = sight.observation.asked
    low, high = (0.30, 0.52) if asked is None else (0.8 * asked, 1.2 * asked)
    parts = {
        "head": min(ramp(size, 0.5 * low, low), ramp(size, 1.10, high)),
        "eye_line": min(ramp(eyes, 0.10, 0.28), ramp(eyes, 0.64, max(0.44, 0.16 + 0.5 * high))),
        "centre": ramp(middle, 0.25, 0.05),
        "level": ramp(tilt, 25, 3),
    }
    # A chin or a cheek outside the picture is no portrait.
    x0, _, x1, _ = sight.face.box
    chin = float(sight.face.points[CHIN, 1])
    parts["whole"] = min(ramp(x0 / w, -0.10, 0.0), ramp(x1 / w, 1.10, 1.0), ramp(chin / h, 1.1, 1))
    score = float(np.prod(list(parts.values())))
    words = {
        "head": f"the head fills {size:.0%} of the height",
        "eye_line": f"the eyes lie {eyes:.0%} from the top",
        "centre": f"the head is {middle:.0%} of the width off centre",
        "level": f"the head leans by {tilt:.0f} degrees",
        "whole": "the face is cut",
    }
    worst = min(parts, key=lambda k: parts[k])
    return Finding(
        100 * size,
        score,
        words[worst],
        praise="head size, eye line, centre and level are as usual",
        low=100 * low,
        high=100 * high,
        details={"eye_line": eyes, "off_centre": middle, "tilt": tilt, "parts": parts},
    )


def measure_eyes(sight: Sight) -> Finding:
    """Open eyes: the narrower lid gap over the distance from the eyes to the chin.

    OFIQ's EyesOpen takes 1 / (1 + exp((x0 - x) / w)) of the same ratio with x0 .02 and w .01; the
    mesh's lids never close altogether (the narrowest of 162 faces .027), so x0 is .027 and w
    .005 here. Narrow eyes and smiling ones, .035 and more, pass. The lower of that and of the
    blink coefficient (0.42 and less costs nothing, 0.85 everything) counts.
    """
    p = sight.face.points
    chin = float(np.linalg.norm(p[CHIN] - p[[33, 133, 263, 362]].mean(0)))
    gaps = [float(np.linalg.norm(p[a] - p[b])) / chin for a, b in ((159, 145), (386, 374))]
    gap = min(gaps)
    blink = max(sight.observation.expression[f"eyeBlink{side}"] for side in ("Left", "Right"))
    return Finding(
        gap,
        min(sigmoid(gap, 0.027, 0.005), ramp(blink, 0.85, 0.42)),
        "an eye is closed or nearly so",
        praise="open",
        low=0.035,
        details={"gaps": gaps, "blink": blink},
    )


def measure_moment(sight: Sight) -> Finding:
    """The moment that the photo caught: a mouth wide open, a head thrown back or bowed.

    The gap between the lips over the inter-eye distance (0.2 and less, nine of ten photos, costs
    nothing: speaking and laughing; 0.45, a shout, everything) and the pitch (12 degrees and 30),
    whichever is worse. Neither says anything of the face itself.
    """
    gape = measure_gape(sight.face)
    pitch = abs(sight.face.pose.pitch)
    open_wide, thrown = ramp(gape, 0.45, 0.20), ramp(pitch, 30, 12)
    way = "bowed" if sight.face.pose.pitch < 0 else "thrown back"
    return Finding(
        gape,
        min(open_wide, thrown),
        "the mouth is wide open"
        if open_wide <= thrown
        else f"the head is {way} by {pitch:.0f} degrees",
        praise="calm mouth, level gaze",
        high=0.20,
        details={"gape": gape, "pitch": pitch},
    )
