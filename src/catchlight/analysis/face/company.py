"""Whether another face in a photo is somebody's: a curl, a knee or a print is taken for one."""

from __future__ import annotations

from catchlight.analysis.face.mesh import Face

#: Below this share of the sitter's, a head is small; how sure the detector must be of a face, and
#: how sure of a small one: 0.90 and more of all true ones of 162 photos, 0.51 to 0.66 of the six in
#: a coat, in leaves, on a shoulder and on a curtain.
_SMALL, _LIKELY, _SURE = 0.5, 0.6, 0.8


def is_somebody(other: Face, sitter: Face) -> bool:
    """Whether a face beside the sitter's is another person's, as far as the detector says."""
    return other.score > (_LIKELY if other.ied > _SMALL * sitter.ied else _SURE)
