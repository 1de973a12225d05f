"""Where the tests find the project, and what lies beside it."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
#: Models without which a scene cannot be built and measured.
NEEDED_MODELS = (
    "face_detector",
    "face_landmarks",
    "face_blendshapes",
    "canonical_face",
    "selfie_segmentation",
    "pose_mask",
    "salient_small",
    "face_likeness",
    "face_identity",
    "face_5_points",
)
