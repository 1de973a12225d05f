"""The Scene: everything measured about a subject in a frame. Frozen; a render runs no model.

What belongs to the photo is the :class:`~catchlight.analysis.subject.Subject`'s; what a person
chooses is a parameter of the adjustment that uses it. So a Scene is never changed, nor copied
because somebody moved a slider.
"""

from __future__ import annotations

from dataclasses import dataclass

from catchlight.analysis.camera import Camera
from catchlight.analysis.cutout.cutout import Cutout, Field
from catchlight.analysis.cutout.matte import Matte
from catchlight.analysis.cutout.softening import Softening, measure_softening
from catchlight.analysis.cutout.soundness import Soundness
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.face.normals import Form
from catchlight.analysis.face_crop import FaceCrop
from catchlight.analysis.frame import Frame
from catchlight.analysis.light.anchors import Anchors, measure_anchors
from catchlight.analysis.light.around import Around
from catchlight.analysis.light.cast import Cast, judge_cast
from catchlight.analysis.light.exposed import Exposed, judge_exposure
from catchlight.analysis.light.key import KeyLight
from catchlight.analysis.light.light import Light
from catchlight.analysis.light.lighting import Lighting
from catchlight.analysis.light.tone import Exposure, Illuminant, SkinTone
from catchlight.analysis.parts.regions import Regions
from catchlight.analysis.quality import Quality
from catchlight.analysis.restoration.restore import Restored
from catchlight.analysis.subject import Subject
from catchlight.analysis.surroundings import Surroundings, measure_surroundings
from catchlight.analysis.wardrobe.garment import Garment, find_garment
from catchlight.arrays import Float, Mask, Pixels
from catchlight.measured import measured
from catchlight.pixels import colour, filters, geometry
from catchlight.pixels.grid import Grid

#: Longer side of the measuring picture: statistics are taken there, whatever the render's size,
#: so that a preview and the full render agree.
MEASURING = 640
#: Samples a millimetre of what is smooth on the face.
SMOOTH = 2.0
#: Regions that the light makes, beside the parts of a portrait.
LIT = ("reach", "modelled")


@dataclass(frozen=True, eq=False)
class Scene:
    """A framed portrait and what depends on its frame.

    Attributes
    ----------
    subject : Subject, whose photo it is
    frame : Frame
    pixels : (H, W, 3) linear P3, the photo in its frame
    covered : (H, W) or None
        1 where the photo reaches; None where it reaches everywhere.
    small : (h, w, 3), the measuring picture, at most 640 pixels on the longer side
    face : Face in frame pixels
    cutout : Cutout, the sitter in the photo, whatever the frame
    matte : Matte at frame size, of the cut-out
    face_crop : FaceCrop, the face at close range
    regions : Regions over the measuring picture
    tone, exposure, illuminant, key, quality
        Measurements; see their classes.
    camera : Camera, from how far the photo was taken
    restored : Restored or None, the frame with its detail restored, where asked for and of use
    around : Around or None, what the photo shows around the head, in the frame or not
    lit : Lighting, optional
        The lighting where it is known already; else it is measured when first asked for.
    """

    subject: Subject
    frame: Frame
    pixels: Pixels
    covered: Mask | None
    small: Pixels
    face: Face
    cutout: Cutout
    matte: Matte
    face_crop: FaceCrop
    regions: Regions
    tone: SkinTone
    exposure: Exposure
    illuminant: Illuminant
    key: KeyLight
    quality: Quality
    camera: Camera
    restored: Restored | None = None
    around: Around | None = None
    lit: Lighting | None = None

    @property
    def others(self) -> int:
        """How many other faces the photo shows."""
        return self.subject.others

    @measured
    def luminance(self) -> Float:
        """(H, W) relative luminance of the pixels."""
        return colour.luminance(self.pixels)

    @property
    def small_face(self) -> Face:
        """The face in pixels of the measuring picture."""
        return self.face.moved(geometry.rescaling(self.pixels.shape, self.small.shape))

    @measured
    def lighting(self) -> Lighting:
        """Light and form over the measuring picture."""
        if self.lit is not None:
            return self.lit
        tint = self.illuminant.u, self.illuminant.v
        return Lighting(self.small, self.small_face, self.regions, tint)

    @property
    def form(self) -> Form:
        """Normals and depth of the sitter."""
        return self.lighting.form

    @property
    def light(self) -> Light:
        """The light on the face: direction, ratio, colour, cast shadows."""
        return self.lighting.light

    @property
    def reach(self) -> Mask:
        """(h, w) how far a change of light may go, over the measuring picture."""
        return self.lighting.reach

    @measured
    def anchors(self) -> Anchors:
        """What tells of exposure without pigment."""
        h, w = self.small.shape[:2]
        covered = None if self.covered is None else filters.resize(self.covered, w, h)
        return measure_anchors(
            self.small,
            self.small_face,
            self.regions,
            self.face_crop,
            source_ied=self.quality.ied,
            covered=covered,
            around=self.around,
        )

    @measured
    def exposed(self) -> Exposed:
        """Whether the photo was exposed as meant."""
        return judge_exposure(self.anchors, noise=self.quality.noise)

    @measured
    def cast(self) -> Cast:
        """Whether the light of the photo has a cast, and what the witnesses say."""
        metadata = self.subject.picture.metadata
        return judge_cast(
            self.small, self.regions, self.tone, self.anchors, balance=metadata.white_balance
        )

    @property
    def warranted(self) -> frozenset[str]:
        """The corrections that the photo's own evidence warrants, beyond what skin may change."""
        found = {"exposure": self.exposed.wrong, "white_balance": self.cast.impossible}
        return frozenset(name for name, wrong in found.items() if wrong)

    @measured
    def whole_grid(self) -> Grid:
        """One sample for the whole frame."""
        return Grid.over(self.pixels.shape, (1, 1))

    @measured
    def frame_grid(self) -> Grid:
        """A sample for each pixel of the frame."""
        h, w = self.pixels.shape[:2]
        return Grid.over((h, w), (w, h))

    @measured
    def measuring_grid(self) -> Grid:
        """The pixels of the measuring picture."""
        h, w = self.small.shape[:2]
        return Grid.over(self.pixels.shape, (w, h))

    @measured
    def face_grid(self) -> Grid:
        """The pixels of the face crop."""
        h, w = self.face_crop.alpha.shape
        to_frame = geometry.chain(self.face_crop.to_picture, self.frame.transform)
        return Grid.through(w, h, to_frame)

    @measured
    def smooth_face_grid(self) -> Grid:
        """The face crop at 2 samples a millimetre at most, for what is smooth over a millimetre.

        The parts of a face that colour tells are told at that scale, so a mask loses nothing there.
        """
        return self.face_grid.thinned(SMOOTH / self.face_crop.px_per_mm)

    @measured
    def surroundings(self) -> Surroundings:
        """What is behind the sitter in the frame, and whether it keeps quiet."""
        others = self._bring_small("others")
        return measure_surroundings(self.small, self.regions["person"], self.small_face, others)

    @measured
    def softening(self) -> Softening:
        """What softening the ground of the frame would change, and where it might be a mistake."""
        agreed, mm = self._bring_small("confidence"), self.small_face.px_per_mm
        return measure_softening(self.small, self.regions["person"], agreed, mm)

    @measured
    def garment(self) -> Garment:
        """What the sitter wears, over the measuring picture, and how surely it is told."""
        return find_garment(self.small, self.regions["person"], self.small_face, self.regions)

    @measured
    def soundness(self) -> Soundness:
        """How far the cut-out can be trusted."""
        return self.cutout.soundness

    def _bring_small(self, field: Field) -> Mask:
        """A ``field`` of the cut-out over the measuring picture."""
        h, w = self.small.shape[:2]
        rescaled = geometry.rescaling(self.pixels.shape, self.small.shape)
        to_small = geometry.chain(self.frame.transform, rescaled)
        return self.cutout.over(to_small, w, h, field=field)

    def region(self, name: str) -> Mask:
        """Mask (H, W) of the region ``name`` at frame size."""
        return self.region_on(name, self.frame_grid)

    def region_on(self, name: str, grid: Grid) -> Mask:
        """Mask of the region ``name`` on one of the scene's grids.

        Raises
        ------
        ValueError
            A grid that is none of the scene's.
        """
        if grid == self.face_grid:
            return self.face_crop.regions[name]
        if grid == self.smooth_face_grid:
            return filters.resize(self.face_crop.regions[name], grid.width, grid.height)
        if grid == self.frame_grid and name in ("person", "background"):
            return self.matte.alpha if name == "person" else 1 - self.matte.alpha
        found: Mask = getattr(self.lighting, name) if name in LIT else self.regions[name]
        if grid == self.measuring_grid:
            return found
        if not grid.covers(self.pixels.shape[1], self.pixels.shape[0]):
            raise ValueError(f"{grid} is none of the scene's: no region can be drawn on it")
        return filters.resize(found, grid.width, grid.height)
