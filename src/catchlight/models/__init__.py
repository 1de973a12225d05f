"""Models: a catalogue of pinned files, a store that fetches and verifies them, one-call runners.

>>> from catchlight.models import CATALOGUE
>>> sorted(row.name for row in CATALOGUE if row.optional)
['salient_large']
"""

from catchlight.models.catalogue import CATALOGUE, find
from catchlight.models.download import Progress
from catchlight.models.model_file import ModelFile, Package
from catchlight.models.runners import (
    dlib_descriptor,
    run_litert,
    run_ncnn,
    run_onnx,
    run_own,
    run_tapped,
)
from catchlight.models.store import Verified, cache_folder, is_present, locate, pull, verify

__all__ = [
    "CATALOGUE",
    "ModelFile",
    "Package",
    "Progress",
    "Verified",
    "cache_folder",
    "dlib_descriptor",
    "find",
    "is_present",
    "locate",
    "pull",
    "run_litert",
    "run_ncnn",
    "run_onnx",
    "run_own",
    "run_tapped",
    "verify",
]
