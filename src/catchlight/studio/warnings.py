"""What a person should know of a headshot: of its source, and of what was asked in vain."""

from __future__ import annotations

from catchlight.adjustments.key_light import judge
from catchlight.adjustments.lens import farther
from catchlight.analysis.camera import choose_camera
from catchlight.analysis.scene import Scene
from catchlight.look import Look
from catchlight.render import Rendered


def list_warnings(scene: Scene, look: Look, rendered: Rendered) -> list[str]:
    """All of it, as sentences, but for what concerns the cut-out's engine."""
    return [
        *scene.subject.picture.notes,
        *scene.frame.notes,
        *warn_of_source(scene),
        *warn_of_marks(scene, look),
        *tell_lens(scene, look, rendered),
        *warn_of_light(scene, look),
    ]


def warn_of_source(scene: Scene) -> list[str]:
    """Say what a person should know about this source."""
    found = []
    quality = scene.quality
    if quality.ied < 60:
        found.append(
            f"the face is small ({quality.ied:.0f} px between the eyes): fine skin detail is not "
            "in this photo"
        )
    # Sharp photos with so large a face measured 0.55-0.77 mm; a smaller face is flagged already.
    if quality.ied >= 100 and quality.sharpness > 0.85:
        found.append(f"the photo is soft (edges about {quality.sharpness:.1f} mm wide)")
    if abs(scene.face.pose.yaw) > 35:
        found.append(f"the head is turned by {abs(scene.face.pose.yaw):.0f} degrees")
    if scene.exposure.clipped > 0.05:
        found.append(f"{scene.exposure.clipped:.0%} of the facial skin is burnt out")
    if scene.others:
        found.append(f"{scene.others} other face(s) in the photo; --face N chooses")
    if scene.cutout.touching:
        found.append(
            "somebody touches the sitter, and where one body ends is a guess: choose another "
            "--face or a closer --crop, keep the photo's background (--backdrop keep), or paint "
            "strokes in a look"
        )
    return found


def warn_of_light(scene: Scene, look: Look) -> list[str]:
    """Say why the light that the look asks for was left out."""
    if look.light == "none" or look.strengths["key_light"] == 0:
        return []
    _, said = judge(scene, look.light)
    return [said] if said else []


def warn_of_marks(scene: Scene, look: Look) -> list[str]:
    """Say which of the marks that the look names are not there."""
    asked = {*look.keep, *look.heal}
    if not asked:
        return []
    unknown = sorted(asked - {mark.id for mark in scene.face_crop.marks})
    return [f"no mark of the skin is called {name}" for name in unknown]


def tell_lens(scene: Scene, look: Look, rendered: Rendered) -> list[str]:
    """Say from where the photo was taken and from where it is shown, if that was changed."""
    distance = choose_camera(scene.camera, look.lens).distance
    if "lens" not in rendered.applied or distance is None:
        return []
    strength = look.strengths["lens"]
    shown = 1 / ((1 - strength) / distance + strength / farther(distance, look.shown_from))
    return [f"taken at about {distance:.0f} cm; shown as from {shown / 100:.1f} m"]
