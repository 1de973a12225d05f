"""``shoot``: one photograph in, a headshot out. Read it as the algorithm of the whole product."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from catchlight import models
from catchlight.advice.advise import advise_scene
from catchlight.analysis.cutout.brush import obey
from catchlight.analysis.cutout.cutout import Cutout
from catchlight.analysis.frame import Frame
from catchlight.analysis.framing.base import lay_plan
from catchlight.analysis.framing.plan import plan_frame
from catchlight.analysis.scene import MEASURING, Scene
from catchlight.analysis.study import build_scene, shrink_scene
from catchlight.analysis.subject import Subject, open_subject
from catchlight.analysis.verdict.judge import judge_source
from catchlight.errors import UnsuitablePhoto
from catchlight.images import Picture, open_picture
from catchlight.look import Look
from catchlight.pixels.beside import beside
from catchlight.render import Rendered
from catchlight.results import Shot
from catchlight.setting import load_setting
from catchlight.studio.caveats import warn_of_cutout
from catchlight.studio.clock import Clock
from catchlight.studio.dial import Brief, choose_polish
from catchlight.studio.evidence import gather_evidence
from catchlight.studio.session import Session
from catchlight.studio.warnings import list_warnings


def open_photo(source: str | Path | bytes | BinaryIO, *, max_megapixels: float = 120.0) -> Picture:
    """Read a photograph of any common format; see :func:`catchlight.images.open_picture`."""
    return open_picture(source, max_megapixels=max_megapixels)


def choose_engine(matte: str) -> tuple[str, str | None]:
    """Resolve ``auto|fast|fine`` to an engine, with a sentence where it is not the finest.

    ``auto`` takes the fine matte where its weights lie in the cache: they are 165 MB, so fetching
    them is left to ``catchlight models pull --fine`` or an explicit ``fine``.
    """
    if matte == "fine":
        models.locate("salient_large")
        return "fine", None
    if matte == "auto" and models.is_present("salient_large"):
        return "fine", None
    if matte == "auto":
        return "fast", "fast cut-out used; `catchlight models pull --fine` gives a finer one"
    return "fast", None


def study(
    photo: Picture, look: Look, *, face: int | None = None, stage: Clock | None = None
) -> Scene:
    """Find the sitter, plan the frame and measure everything a render needs.

    Parameters
    ----------
    photo : Picture
    look : Look
        Its crop, backdrop (the frame stays inside the photo where the background is kept), size and
        matte count here; of the strengths only whether that of ``detail`` is above 0.
    face : int, optional
        Which face, counted from 1 from left to right.
    stage : Clock, optional

    Returns
    -------
    Scene

    Raises
    ------
    FaceError, ModelError
    """
    clock = stage or Clock()
    subject = clock("find faces", lambda: open_subject(photo, number=face))
    frame, scene, _ = frame_subject(subject, look, stage=clock)
    return fit_scene(scene, frame)


def fit_scene(scene: Scene, frame: Frame) -> Scene:
    """Show a scene in a frame of the same place, if that is smaller."""
    return scene if scene.frame.width == frame.width else shrink_scene(scene, frame)


def frame_subject(
    subject: Subject, look: Look, *, stage: Clock, longest: int | None = None
) -> tuple[Frame, Scene, str | None]:
    """Frame and scene of a subject, and a sentence where the matte is not as asked.

    The scene of a frame smaller than the measuring picture is that of a larger one of the same
    place: shrink it, once it is measured. ``longest`` bounds the frame's longer side, in pixels,
    whatever the look asks for.
    """
    stay = look.behind.keeps_photo
    # Where nothing is cut out, no fine cut-out is needed.
    engine, said = choose_engine(look.matte) if look.behind.needs_matte else ("fast", None)
    cutout = stage("cut-out", lambda: _cut_out(subject, look, engine))
    if look.behind.needs_matte:
        beside(lambda: cutout.soundness)
    frame = stage(
        "frame",
        lambda: plan_frame(
            subject,
            look.crop,
            size=look.size,
            stay_inside=stay,
            head=look.head,
            place=look.place,
            turn=look.turn,
            cutout=cutout,
        ),
    )
    frame = frame if longest is None else frame.at(longest)
    restore = look.strengths["detail"] > 0
    large = frame if max(frame.width, frame.height) >= MEASURING else frame.resized(MEASURING)
    scene = build_scene(subject, large, engine=engine, cutout=cutout, restore=restore, stage=stage)
    return frame, scene, said


def _cut_out(subject: Subject, look: Look, engine: str) -> Cutout:
    """Cut the sitter out; what is asked of the photo later is looked at meanwhile."""
    _ = subject.votes_by(engine)  # the networks take both cores, what follows takes one
    beside(lambda: (lay_plan(subject), subject.close_up))
    if look.strengths["detail"] > 0:
        beside(lambda: subject.faults)
    beside(lambda: judge_source(subject))
    return obey(subject.cutout_by(engine), look.strokes)


def shoot(
    source: str | Path | bytes | BinaryIO | Picture,
    look: Look | Brief,
    *,
    face: int | None = None,
    measure: bool = True,
    evidence: bool = False,
    strict: bool = False,
    max_megapixels: float = 120.0,
    stage: Clock | None = None,
) -> Shot:
    """Make one headshot: decode, find, frame, measure, choose the polish, render.

    Parameters
    ----------
    source : path, bytes, stream or Picture
    look : Look or Brief
        Every choice outright, or a setting with a dial.
    face : int, optional
        Which face, counted from 1 from left to right.
    measure : bool
        Whether to measure authenticity and polish of the result; the automatic dial always does.
    evidence : bool
        Whether to measure what each edit contributed, too, for the report: 0.3-0.5 s an edit.
    strict : bool
        Whether a photo of which no headshot can come is refused before any work.
    max_megapixels : float
    stage : Clock, optional

    Raises
    ------
    PictureError, FaceError, ModelError, LookError
    UnsuitablePhoto
        Where ``strict`` asks for it.
    """
    clock = stage or Clock()
    photo = (
        source
        if isinstance(source, Picture)
        else clock("decode", lambda: open_photo(source, max_megapixels=max_megapixels))
    )
    brief = look if isinstance(look, Brief) else None
    chosen = look.look(look.most) if isinstance(look, Brief) else look
    subject = clock("find faces", lambda: open_subject(photo, number=face))
    if strict and (verdict := clock("verdict", lambda: judge_source(subject))).unsuitable:
        raise UnsuitablePhoto(f"{photo.name}: {verdict.say()}")
    frame, large, said = frame_subject(subject, chosen, stage=clock)
    verdict = clock("verdict", lambda: judge_source(subject))
    scene = fit_scene(large, frame)
    session = Session(large, frame=frame, max_megapixels=max_megapixels, verdict=verdict)
    dialled = None
    if brief is not None:
        dialled = clock("dial", lambda: choose_polish(session, brief))
        chosen, guarded = dialled.look, dialled.guarded
    else:
        chosen, guarded = clock("guard", lambda: session.guard(chosen, frozenset(chosen.adjust)))
    # Beside the render, no sooner: beside the layers it would cost a fifth more memory.
    if measure or evidence:
        beside(lambda: session.polish_before)
    rendered = clock("render", lambda: session.render(chosen))
    proof = was = gathered = dressed = None
    if measure or evidence:
        proof = clock("likeness", lambda: session.prove(chosen))
        was = clock("likeness", lambda: session.polish_before)
    if evidence:  # only a report says it; the advice takes a tenth of a shot
        purpose = load_setting("default") if brief is None else brief.setting
        behind = session.settle(chosen).backdrop
        dressed = clock("wardrobe", lambda: advise_scene(scene, purpose, backdrop=behind))
        gathered = clock("evidence", lambda: gather_evidence(session, chosen, rendered, dialled))
    warnings = list_warnings(scene, chosen, rendered)
    # Of the cut-out nothing is said where nothing is cut out.
    settled, sound = session.settle(chosen), session.soundness(chosen)
    if said and settled.backdrop.needs_matte:
        warnings.append(said)
    warnings += warn_of_cutout(scene, settled, sound)
    return Shot(
        photo,
        subject,
        scene,
        rendered,
        chosen,
        settled,
        sound,
        clock.seconds,
        tuple(warnings),
        proof,
        was,
        dialled,
        gathered,
        guarded,
        verdict,
        dressed,
    )


def develop(scene: Scene, look: Look, *, max_megapixels: float = 120.0) -> Rendered:
    """Render a Look of a Scene; a look that names a backdrop picture has it read here.

    The same scene may be developed with many looks: only the first costs the measuring. A look
    with another crop, size or kind of background (kept or replaced) wants a scene of its own, and
    so does the first that asks for ``detail``.

    Raises
    ------
    PictureError
        The backdrop picture cannot be read.
    """
    return Session(scene, max_megapixels=max_megapixels).render(look)
